"""A file written in place, where no editor of the reader's own can be opened: in a browser.

What is typed is on the disk at once, whole: the file before it stands until the new one is written.
"""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import TextArea

from studytui.study.questions import Place
from studytui.tui.actions import bindings
from studytui.tui.guard import AsAWhole
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.code_area import SourceArea
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.text_lines import Lines


class EditorScreen(AsAWhole, Screen[None]):
    """The lines of one file, from the place that was asked for."""

    SCOPE = "editor"
    BINDINGS = bindings(SCOPE)
    DEFAULT_CSS = """
    EditorScreen SourceArea { height: 1fr; max-height: 100%; margin: 0; }
    """

    def __init__(self, palette: Palette, place: Place, text: str) -> None:
        super().__init__()
        self.palette = palette
        self.place = place
        self._text = text
        self._kept = text

    def compose(self) -> ComposeResult:
        """Which file it is, its lines, the keys."""
        yield Lines([[(str(self.place.path), "title")]], self.palette, id="editor-head")
        yield SourceArea(self._text, self.palette, python=self.place.path.suffix == ".py")
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def on_mount(self) -> None:
        """Begin where something is to be written."""
        area = self.query_one(SourceArea)
        area.move_cursor((max(0, self.place.line - 1), 0), center=True)
        area.focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep it, and say so."""
        event.stop()
        text = event.text_area.text
        if text != self._kept:
            try:
                write_whole(self.place.path, text)
            except OSError as error:
                self.notify(f"It cannot be saved: {error}", severity="error", markup=False)
                return
            self._kept = text
        self.query_one(KeyBar).say("saved")

    def action_close(self) -> None:
        """Back to what it is the source of; everything is saved."""
        self.dismiss()


def write_whole(path: Path, text: str) -> None:
    """Write a file so that the old one stands until the new one is whole. Raises OSError."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8", newline="")
    fresh.replace(path)
