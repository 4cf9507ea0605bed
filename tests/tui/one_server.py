"""One warm server for the interfaces of all tests of a worker: torch is imported once."""

from __future__ import annotations

import atexit
from functools import cache

from studytui.run.fork_server_client import WarmServer
from studytui.run.runner import Runner
from studytui.study.desk import Desk


@cache
def warm_server() -> WarmServer:
    """The server; it ends with the worker."""
    server = WarmServer()
    atexit.register(server.close)
    return server


def on_one_server(desk: Desk) -> Desk:
    """The same desk, whose runs are forked from the server that all share."""
    desk.runner = Runner(desk.directories.outputs, server=warm_server())
    return desk
