"""The table of contents: it follows the reader, and takes one anywhere."""

from __future__ import annotations

from rich.segment import Segment as RichSegment
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from studytui.library.layout.safe import cells
from studytui.tui.actions import bindings
from studytui.tui.document import Entry
from studytui.tui.messages import ContentsClosed, GoToHeading
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted


class Contents(Painted, ScrollView, can_focus=True, inherit_bindings=False):
    """One line a heading; ``here`` is the section one is in."""

    SCOPE = "contents"
    BINDINGS = bindings(SCOPE)

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="contents")
        self.palette = palette
        self.entries: tuple[Entry, ...] = ()
        self.here = -1
        self.cursor = 0

    def show(self, entries: tuple[Entry, ...]) -> None:
        """Show the headings of an article."""
        self.entries = entries
        self.here, self.cursor = -1, 0
        self.virtual_size = Size(self.size.width, len(entries))
        self.refresh()

    def follow(self, here: int) -> None:
        """The reader is in another section."""
        if here != self.here:
            self.here = here
            if not self.has_focus:
                self.cursor = max(0, here)
                self._reveal()
            self.refresh()

    def on_resize(self) -> None:
        """As wide as there is room."""
        self.virtual_size = Size(self.size.width, len(self.entries))
        self._reveal()

    def _reveal(self) -> None:
        if self.size.height:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)

    def render_line(self, y: int) -> Strip:
        """One heading."""
        number = y + self.scroll_offset.y
        width = self.size.width
        if number >= len(self.entries):
            return Strip.blank(width)
        entry = self.entries[number]
        style = self.palette.style
        here = number == self.here
        indent = "  " * max(0, min(entry.level, 4) - 2)
        text = entry.text
        room = width - len(indent) - 3
        while cells(text) > room and len(text) > 2:
            text = text[:-2].rstrip() + "…"
        tone = "accent strong" if here else ("soft" if entry.level > 2 else "")
        strip = Strip(
            [
                RichSegment("▎" if here else " ", style("accent")),
                RichSegment(f"{indent}{text}", style(tone)),
            ]
        ).adjust_cell_length(width)
        if self.has_focus and number == self.cursor:
            strip = strip.apply_style(self.palette.highlight("chosen"))
        return strip

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self.entries) - 1, self.cursor + by))
        self._reveal()
        self.refresh()

    def action_open(self) -> None:
        """Go to the heading."""
        if self.entries:
            self.post_message(GoToHeading(self.cursor))

    def action_close(self) -> None:
        """Back to the text."""
        self.post_message(ContentsClosed())

    def on_click(self, event: events.Click) -> None:
        """Go to the heading that was clicked."""
        number = event.y + self.scroll_offset.y
        if number < len(self.entries):
            self.cursor = number
            self.post_message(GoToHeading(number))
