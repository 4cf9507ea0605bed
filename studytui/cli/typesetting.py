"""``studytui maths``: a formula as it looks in the reader."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from studytui.cli.plainness import is_plain

app = typer.Typer()


@app.command()
def maths(
    tex: Annotated[str, typer.Argument(help="The formula, in LaTeX, without dollars.")],
    width: Annotated[
        int | None,
        typer.Option(min=1, help="Break it to this many cells; the terminal's by default."),
    ] = None,
    inline: Annotated[bool, typer.Option("--inline", help="On one line.")] = False,
    speech: Annotated[bool, typer.Option("--speech", help="In words.")] = False,
    svg: Annotated[Path | None, typer.Option(help="Draw it into this file instead.")] = None,
) -> None:
    """Show a formula in the terminal."""
    from studytui import maths as typesetting
    from studytui.errors import StudyError

    if svg is not None:
        try:
            svg.write_text(typesetting.svg(tex), encoding="utf-8")
        except OSError as error:
            raise StudyError.of_system(
                error,
                "the drawing cannot be written",
                svg,
                todo="Name a file in a folder that exists and that you may write to.",
            ) from error
    elif speech or is_plain():
        typer.echo(typesetting.speech(tex))
    elif inline:
        typer.echo(typesetting.inline(tex))
    else:
        if width is None and sys.stdout.isatty():
            width = shutil.get_terminal_size().columns
        formula = typesetting.display(tex, width)
        typer.echo("\n".join(line.rstrip() for line in formula.lines))
        for problem in formula.problems:
            typer.echo(f"studytui: {problem}", err=True)
        if not formula.complete:
            raise typer.Exit(1)
