"""What the command says of itself, and the option that every verb takes."""

from __future__ import annotations

from typing import Annotated

import typer

from studytui.cli.plainness import HELP, OPTION

SUMMARY = (
    "Read, run, derive and recall deep learning. Without a verb, the interface opens;"
    " with --plain, the same in lines of text."
)


def root(_plain: Annotated[bool, typer.Option(OPTION, help=HELP)] = False) -> None:
    """The options before a verb: they are heard before Typer is asked, wherever they stand."""
