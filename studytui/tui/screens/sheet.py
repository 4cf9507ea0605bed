"""A sheet: scrolling lines over the screen below. Help and problems are sheets."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from studytui.tui.actions import bindings_over
from studytui.tui.palette import Palette
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.text_lines import Lines, Styled


class Sheet(ModalScreen[None]):
    """Lines that scroll."""

    SCOPE = ""
    AROUND: tuple[str, ...] = ("everywhere",)
    """What else the key bar shows."""
    BINDINGS = bindings_over()
    CSS_PATH = "../styles/sheet.tcss"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette

    def lines(self) -> Sequence[Styled]:
        """What stands on the sheet."""
        return ()

    def compose(self) -> ComposeResult:
        """The lines in a frame."""
        with VerticalScroll(id="sheet", can_focus=False):
            yield Lines(self.lines(), self.palette)
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, *self.AROUND))

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#sheet").scroll_relative(y=by, animate=False)

    def action_close(self) -> None:
        """Back to the screen below."""
        self.dismiss()
