"""``serve``: the interface in a browser."""

from __future__ import annotations

import shlex
import sys
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "localhost",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    url: Annotated[str, typer.Option(help="What browsers call it, behind a proxy.")] = "",
) -> None:
    """Serve the interface to browsers; each visitor gets one of their own. Ctrl+C ends it.

    It prints an address with a token, and answers nobody who does not have it. Who has it can run
    snippets on this machine: keep it on localhost.
    """
    import socket

    from studytui.cli.browser.server import ClosedServer, is_loopback
    from studytui.errors import StudyError

    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise StudyError(
                f"cannot listen on {host}:{port}: {error.strerror or error}",
                todo="Choose another one with --port",
            ) from error
    # In the place of the shell that starts it: who ends that ends the interface.
    command = "exec " + shlex.join([sys.executable, "-P", "-m", "studytui"])
    if not is_loopback(host):
        typer.echo(
            f"WARNING: other machines reach {host}:{port}. Who has the token can run code here, and"
            " without https whoever listens to the network has it.",
            err=True,
        )
    ClosedServer(command, host=host, port=port, public_url=url).serve()
