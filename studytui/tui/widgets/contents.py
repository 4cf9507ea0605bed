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
        self._strips: dict[tuple[int, int, bool, bool, int], Strip] = {}

    def show(self, entries: tuple[Entry, ...]) -> None:
        """Show the headings of an article."""
        self.entries = entries
        self._strips.clear()
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
        # Not where it is seen already: to scroll, Textual lays out all that is on the screen.
        row, height = self.cursor - self.scroll_offset.y, self.size.height
        if height and not 0 <= row < height:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, immediate=True)

    def look(self) -> object:
        """Where one is and what is chosen, and which headings have room."""
        chosen = self.cursor if self.has_focus else -1
        return self.entries, self.here, chosen, self.scroll_offset.y, self.palette.generation

    def render_line(self, y: int) -> Strip:
        """One heading; painted once for every way it can look."""
        number = y + self.scroll_offset.y
        width = self.size.width
        here = number == self.here
        chosen = self.has_focus and number == self.cursor
        key = (number, width, here, chosen, self.palette.generation)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._row(number, width, here, chosen)
        return strip

    def _row(self, number: int, width: int, here: bool, chosen: bool) -> Strip:
        style = self.palette.style
        edge = RichSegment("│ ", style("line"))
        if number >= len(self.entries):
            return Strip([edge]).adjust_cell_length(width)
        entry = self.entries[number]
        indent = "  " * max(0, min(entry.level, 4) - 2)
        text = entry.text
        room = width - len(indent) - 5
        while cells(text) > room and len(text) > 2:
            text = text[:-2].rstrip() + "…"
        tone = "accent strong" if here else ("soft" if entry.level > 2 else "")
        mark = RichSegment("▎" if here else " ", style("accent"))
        body = Strip([mark, RichSegment(f"{indent}{text}", style(tone))]).adjust_cell_length(
            width - 2
        )
        if chosen:
            body = body.apply_style(self.palette.highlight("chosen"))
        return Strip([edge, *body], width)

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
