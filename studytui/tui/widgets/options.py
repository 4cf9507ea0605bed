"""Options to choose from, and lines to put in order: the keys of one hand are enough."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.library.layout.layout_lines import Line, Segment, Span
from studytui.library.layout.spans import spans
from studytui.library.layout.wrap import wrap
from studytui.library.parse.fragment import parse_inlines
from studytui.tui.actions import bindings
from studytui.tui.messages import AnswerGiven, KeysChanged
from studytui.tui.painting import paint
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted

MARK_CELLS = 6


class Options(Painted, Widget, can_focus=True):
    """A list of options with a cursor. Base of choosing and of ordering."""

    SCOPE = ""
    DEFAULT_CSS = "Options { height: auto; width: 1fr; }"

    def __init__(self, options: Sequence[str], palette: Palette) -> None:
        super().__init__(classes="options")
        self.palette = palette
        self.options = tuple(options)
        self.cursor = 0
        self.order = list(range(len(self.options)))
        self.right: tuple[int, ...] | None = None
        self._laid: tuple[int, list[list[Line]]] = (0, [])

    @property
    def answer(self) -> tuple[int, ...]:
        """The places (of the options as given) that make the answer: the shown order."""
        return tuple(self.order)

    def mark(self, place: int) -> tuple[str, str]:
        """What stands before the option in row ``place``: text and style."""
        return str(place + 1), "soft"

    def reveal(self, right: tuple[int, ...]) -> None:
        """Show what is right; nothing can be changed any more."""
        self.right = right
        self.can_focus = False
        self.refresh()

    def _wrapped(self, width: int) -> list[list[Line]]:
        if self._laid[0] != width:
            room = max(10, width - MARK_CELLS)
            laid = [wrap(self._words(option), room) for option in self.options]
            self._laid = (width, laid)
        return self._laid[1]

    @staticmethod
    def _words(option: str) -> list[Span]:
        return list(spans(parse_inlines(option)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines once wrapped."""
        return sum(max(1, len(lines)) for lines in self._wrapped(width))

    def _row_at(self, y: int) -> tuple[int, int]:
        """The row (place in the shown order) of a line, and the line within it."""
        wrapped = self._wrapped(self.size.width)
        for place, index in enumerate(self.order):
            height = max(1, len(wrapped[index]))
            if y < height:
                return place, y
            y -= height
        return len(self.order) - 1, 0

    def look(self) -> object:
        """The options in their order with their marks, where the cursor is, and the theme."""
        marks = tuple(self.mark(place) for place in range(len(self.order)))
        cursor = self.cursor if self.has_focus and self.right is None else None
        return tuple(self.order), marks, cursor, self.palette.generation

    def render_line(self, y: int) -> Strip:
        """One line of an option."""
        place, row = self._row_at(y)
        lines = self._wrapped(self.size.width)[self.order[place]]
        text, style = self.mark(place)
        lead = f"{text:<{MARK_CELLS}}" if row == 0 else " " * MARK_CELLS
        here = place == self.cursor and self.has_focus and self.right is None
        segments = (Segment(lead, style), *(lines[row].segments if lines else ()))
        if here:
            segments = tuple(
                Segment(each.text, f"{each.style} chosen".strip()) for each in segments
            )
        return paint(Line(segments), self.palette, self.size.width).apply_offsets(0, y)

    def on_focus(self, event: events.Focus) -> None:
        """The key bar shows what can be done here."""
        self.post_message(KeysChanged())
        self.refresh()

    def on_blur(self, event: events.Blur) -> None:
        """The cursor is hidden."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor and picks."""
        if self.right is None:
            self.cursor = self._row_at(event.y)[0]
            self.action_pick(self.cursor)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = (self.cursor + by) % max(1, len(self.options))
        self.refresh()

    def action_pick(self, place: int) -> None:
        """What space, a digit or a click does in a row: the cursor goes there."""
        self.cursor = place
        self.refresh()

    def action_pick_here(self) -> None:
        """Pick in the row of the cursor."""
        self.action_pick(self.cursor)

    def action_submit(self) -> None:
        """Give the answer."""
        self.post_message(AnswerGiven())


class Choices(Options):
    """One or several options are chosen; where one is right, a pick takes the place of another."""

    SCOPE = "choices"
    BINDINGS = bindings(SCOPE)

    def __init__(self, options: Sequence[str], palette: Palette, *, several: bool) -> None:
        super().__init__(options, palette)
        self.several = several
        self.chosen: set[int] = set()

    @property
    def answer(self) -> tuple[int, ...]:
        """The chosen options; without any pick, the one under the cursor if one is asked for."""
        if not self.chosen and not self.several:
            return (self.cursor,)
        return tuple(sorted(self.chosen))

    def mark(self, place: int) -> tuple[str, str]:
        """A box or a circle, and the digit that picks it."""
        on = place in self.chosen
        if self.right is not None:
            if place in self.right:
                return (" ✓" if on else " ○ ✓"), "good"
            return (" ✗", "bad") if on else ("", "faint")
        box = ("[x]" if on else "[ ]") if self.several else ("(•)" if on else "( )")
        return f"{place + 1} {box}", "accent" if on else "soft"

    def action_pick(self, place: int) -> None:
        """Choose, or take back."""
        if place >= len(self.options):
            return
        self.cursor = place
        if not self.several:
            self.chosen = {place}
        else:
            self.chosen ^= {place}
        self.refresh()

    def action_submit(self) -> None:
        """The choice is the answer."""
        if not self.several and not self.chosen:
            self.chosen = {self.cursor}
        super().action_submit()


class Ordering(Options):
    """Lines are moved until they stand in order."""

    SCOPE = "ordering"
    BINDINGS = bindings(SCOPE)

    def __init__(self, options: Sequence[str], palette: Palette) -> None:
        super().__init__(options, palette)
        self.held = False

    def mark(self, place: int) -> tuple[str, str]:
        """The number of the row; a held line has an arrow."""
        if self.right is not None:
            fits = self.order[place] == self.right[place]
            return f"{place + 1} {'✓' if fits else '✗'}", "good" if fits else "bad"
        return f"{place + 1} {'↕' if self.held and place == self.cursor else ' '}", "soft"

    def action_move(self, by: int) -> None:
        """Move the cursor, and the line with it if it is held."""
        if self.held:
            self.action_carry(by)
        else:
            super().action_move(by)

    def action_carry(self, by: int) -> None:
        """Move the line under the cursor."""
        place, target = self.cursor, self.cursor + by
        if 0 <= target < len(self.order):
            self.order[place], self.order[target] = self.order[target], self.order[place]
            self.cursor = target
            self.refresh()

    def action_pick(self, place: int) -> None:
        """Take hold of a line, or let it go."""
        if place < len(self.options):
            self.held = not self.held or place != self.cursor
            self.cursor = place
            self.refresh()
