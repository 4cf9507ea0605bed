"""A run of prose as one widget: it paints the lines of a flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Region, Size
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from studytui.library.layout.flow import GUTTER, Flow
from studytui.library.layout.layout_lines import Item, Line, Segment
from studytui.tui.find import Match, matches_in
from studytui.tui.messages import FollowLink
from studytui.tui.painting import Highlight, character_at, paint, selected_words
from studytui.tui.widgets.painted import Grounded, Sized

if TYPE_CHECKING:
    from studytui.tui.document import Part
    from studytui.tui.highlights import Marks
    from studytui.tui.palette import Palette


NOTED = "✎"
"""Stands in the margin where the reader has a card or a note."""


class Prose(Sized, Grounded, Widget):
    """The words, formulas, tables and listings between two live blocks."""

    def __init__(self, part: Part, palette: Palette, marks: Marks) -> None:
        super().__init__(classes="part")
        self.part = part
        self.palette = palette
        self.marks = marks
        self._flow: Flow | None = None
        self._stamp: tuple[object, ...] = ()
        self._strips: dict[int, Strip] = {}
        self._across = 0
        self._selected: Selection | None = None
        self._found: dict[int, tuple[Match, ...]] = {}
        self._found_for = ("", 0)

    def take(self, part: Part) -> None:
        """Show other words."""
        self.part, self._flow, self._stamp = part, None, ()
        self._found, self._found_for = {}, ("", 0)
        self.refresh(layout=True)

    def flow(self, width: int) -> Flow:
        """The flow at a width; laid out anew when the width changes."""
        if self._flow is None or self._flow.width != max(width, 10):
            self._flow = Flow(self.part.blocks, width, self.part.before, self.part.translated)
        return self._flow

    @property
    def laid(self) -> Flow:
        """The flow at the present width."""
        return self._flow or self.flow(self.size.width or 80)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as there is room."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines, as far as is known."""
        return self.flow(width).height

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are now, kept until something that is painted changes."""
        if not self.is_attached:
            # The compositor may ask once more for what was just taken away.
            return [Strip.blank(crop.width)] * crop.height
        self._look()
        strips = [self._strip(y) for y in crop.line_range]
        if self.laid.height != self.size.height:
            # Painting laid out a block that was only guessed at: it needs more or less room.
            self.call_later(self.refresh, layout=True)
        if crop.x == 0 and crop.width == self._across:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _look(self) -> None:
        """Ask once for what every line depends on; when it has changed, all are painted anew."""
        selection = self.text_selection
        across = self.size.width
        generation, marks = self.palette.generation, self.marks.stamp
        stamp = (self.laid.version, across, generation, marks, selection, self.ground)
        if stamp != self._stamp:
            self._stamp, self._strips = stamp, {}
            self._across, self._selected = across, selection

    def is_painted(self, region: Region) -> bool:
        """Whether these lines were painted as they would be now."""
        self._look()
        return all(y in self._strips for y in region.line_range)

    def _strip(self, y: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self._painted(y)
        return strip

    def render_line(self, y: int) -> Strip:
        """A line whose characters know where they stand: Textual asks for it to select text."""
        self._look()
        return self._painted(y, y)

    def _painted(self, y: int, place: int | None = None) -> Strip:
        """A line of the flow with its highlights."""
        line = self.laid.line(y)
        shift = self.marks.shift if self.marks.shift and self._is_wide(y) else 0
        highlights = list(self._highlights(line, y))
        if self.marks.noted:
            line = self._noted(line, y)
        return paint(line, self.palette, self._across, highlights, shift, self.ground, place)

    def _noted(self, line: Line, y: int) -> Line:
        """A mark in the margin of a block's first words, where the reader has a card or a note."""
        flow = self.laid
        index = flow.index_at(y)
        if (self.part.number, index) not in self.marks.noted or not line.text.strip():
            return line
        piece, within = flow.piece(index), y - flow.tops[index]
        if any(above.text.strip() for above in piece.lines[:within]):
            return line
        head, *rest = line.segments
        if len(head.text) != GUTTER:
            return line
        return replace(line, segments=(Segment(NOTED, "accent"), Segment(head.text[1:]), *rest))

    def _is_wide(self, y: int) -> bool:
        found = self.laid.item_at(y)
        return found is not None and found[0].width > 0

    def _highlights(self, line: Line, y: int) -> Iterator[Highlight]:
        marks = self.marks
        if marks.words:
            flow = self.laid
            index = flow.index_at(y)
            top = flow.tops[index]
            for number, match in enumerate(self.matches(index)):
                for row, start, end in match:
                    if row == y - top:
                        current = marks.match == (self.part.number, index, number)
                        yield Highlight(start, end, "found.current" if current else "found")
        if marks.link and marks.link[:2] == (self.part.number, y):
            yield Highlight(*marks.link[2:], "marked")
        if (
            marks.item
            and marks.item[0] == self.part.number
            and (marks.item[1] <= y <= marks.item[2])
        ):
            yield Highlight(line.indent and 2, len(line.text), "marked")
        for part, row, start, end in marks.taken:
            if part == self.part.number and row == y:
                yield Highlight(start, end, "marked")
        selection = self._selected
        span = selection.get_span(y) if selection is not None else None
        if span is not None:
            start, end = span
            length = len(line.text)
            yield Highlight(max(start, line.indent), length if end < 0 else end, "selected")

    def matches(self, index: int) -> tuple[Match, ...]:
        """Where the words to find stand in a block."""
        key = (self.marks.words, self.laid.width)
        if self._found_for != key:
            self._found, self._found_for = {}, key
        if index not in self._found:
            self._found[index] = matches_in(self.laid.piece(index), self.marks.words)
        return self._found[index]

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected words: wrapped lines are joined, decoration is left out."""
        return selected_words(self.laid, selection), "\n\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Paint anew."""
        self.refresh()

    def item_at(self, y: int) -> tuple[Item, int] | None:
        """What can be copied on a line, and the line on which its block begins."""
        return self.laid.item_at(y)

    def links(self, first: int, last: int) -> Iterator[tuple[int, int, int, str]]:
        """The links on some lines: line, first character, last (not in), target."""
        flow = self.laid
        flow.ensure(first, last)
        for y in range(max(0, first), min(last, flow.height)):
            position = 0
            pending: tuple[int, int, int, str] | None = None
            for segment in flow.line(y).segments:
                finish = position + len(segment.text)
                if (
                    segment.link
                    and pending
                    and pending[3] == segment.link
                    and (pending[2] == position)
                ):
                    pending = (y, pending[1], finish, segment.link)
                elif segment.link:
                    if pending:
                        yield pending
                    pending = (y, position, finish, segment.link)
                position = finish
            if pending:
                yield pending

    def on_click(self, event: events.Click) -> None:
        """A click follows a link."""
        column = character_at(self.laid.line(event.y).text, event.x)
        for _, start, end, target in self.links(event.y, event.y + 1):
            if start <= column < end and not self.screen.get_selected_text():
                event.stop()
                self.post_message(FollowLink(target))
                return
