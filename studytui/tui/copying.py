"""Copying, always told: to the terminal, a clipboard program, or a file."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from studytui.tui.typed_app import shell_of

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from studytui.tui.shell import StudyApp


def copy_out(node: DOMNode, text: str, what: str) -> None:
    """Copy, and say where to; ``what`` names it, as "Selection" does."""
    from studytui.tui.clipboard import fits_terminal

    app = shell_of(node)
    if fits_terminal(text):
        app.copy_to_clipboard(text)
    app.run_worker(partial(_copy, app, text, what), thread=True, group="copy")


def _copy(app: StudyApp, text: str, what: str) -> None:
    from studytui.tui.clipboard import by_program, fits_terminal, program, to_file

    command = program(os.environ)
    if command is not None and by_program(text, command):
        told = f"{what} copied"
    elif fits_terminal(text):
        told = f"{what} copied through the terminal (OSC 52)"
    else:
        try:
            told = f"{what} written to {to_file(text, app.desk.directories.data)}"
        except OSError as error:
            told = f"{what} could not be copied: {error}"
    app.call_from_thread(app.notify, told, timeout=4, markup=False)
