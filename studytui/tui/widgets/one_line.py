"""A field of one line that loses nothing of what is pasted."""

from __future__ import annotations

from textual import events
from textual.geometry import Offset
from textual.widgets import Input

from studytui.tui.widgets.painted import Kept, Sized


def lines_of_paste(text: str) -> list[str]:
    """The lines of a pasted text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class OneLine(Kept, Sized, Input):
    """Several pasted lines become one, with a space between: Textual's field keeps the first."""

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the next character goes: there the window of an input method opens.

        Textual says the cell after that one when the cursor is at the end.
        """
        offset = super().cursor_screen_offset
        return offset - Offset(1, 0) if self.cursor_at_end else offset

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(" ".join(lines_of_paste(event.text)), *self.selection)
