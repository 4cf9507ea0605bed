"""Copying from the app, always told: to the terminal, a clipboard program, or a file."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from studytui.study.desk import Desk

    _Base = App[None]
else:
    _Base = object


class Copying(_Base):
    """What the app does with text and pictures that leave it."""

    desk: Desk

    def copy(self, text: str, what: str) -> None:
        """Copy, and say where to."""
        from studytui.tui.clipboard import fits_terminal

        if fits_terminal(text):
            self.copy_to_clipboard(text)
        self.run_worker(partial(self._copy, text, what), thread=True, group="copy")

    def _copy(self, text: str, what: str) -> None:
        from studytui.tui.clipboard import by_program, fits_terminal, program, to_file

        command = program(os.environ)
        if command is not None and by_program(text, command):
            told = f"{what} copied"
        elif fits_terminal(text):
            told = f"{what} copied through the terminal (OSC 52)"
        else:
            try:
                told = f"{what} written to {to_file(text, self.desk.directories.data)}"
            except OSError as error:
                told = f"{what} could not be copied: {error}"
        self.call_from_thread(self.notify, told, timeout=4, markup=False)

    def action_save_screen(self) -> None:
        """Save a picture of the screen and say where."""
        folder = self.desk.directories.data / "screenshots"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = self.save_screenshot(path=str(folder))
        except OSError as error:
            self.notify(f"The picture cannot be saved: {error}", severity="error", markup=False)
            return
        self.notify(path, title="Saved", markup=False)
