"""The printed lines of a run: they grow at the end, in their colours, with bars below them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rich.segment import Segment as RichSegment
from rich.text import Text
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.counting import many
from studytui.library.layout.safe import cells
from studytui.run.events import Progress
from studytui.tui.palette import Palette
from studytui.tui.widgets.painted import Painted
from studytui.tui.widgets.share_bar import share_bar

MOST_LINES = 5000
BAR_CELLS = 24
GOES_ON = "↪ "
"""Begins what did not fit into the row above."""

DIFFERS = "≠ "
"""Stands before a line that the other one of two runs does not have."""

Printed = str | list[tuple[str, str]]
"""A line: as it was printed, perhaps with colours, or in our styles."""


def _plain(line: Printed) -> str:
    if isinstance(line, list):
        return "".join(text for text, _ in line)
    expanded = line.expandtabs(8)
    if expanded.isascii() and expanded.isprintable():
        return expanded
    return Text.from_ansi(expanded).plain


@lru_cache(maxsize=2 * MOST_LINES)
def _cuts(text: str, width: int) -> tuple[int, ...]:
    """Where a line of plain text is folded, in characters, so that no row is wider than that."""
    room, used, found = width, 0, []
    if text.isascii() and len(text) <= width:
        return ()
    for place, character in enumerate(text):
        size = cells(character)
        if used and used + size > room:
            found.append(place)
            room, used = max(1, width - len(GOES_ON)), 0
        used += size
    return tuple(found)


class OutputLines(Painted, Widget):
    """Lines of text that grow at the end; one that is too long goes on in the next row."""

    DEFAULT_CSS = "OutputLines { height: auto; width: 1fr; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette
        self.lines: list[Printed] = []
        self.bars: dict[str, Progress] = {}
        self.cut = 0
        """Lines at the beginning that are not shown any more."""
        self.differing: frozenset[int] | None = None
        """The lines that another run does not have, while two are compared."""
        self._open = False
        self._shown: list[tuple[int, int]] = []

    @property
    def text(self) -> str:
        """Everything printed, without colours: for copying."""
        return "\n".join(
            Text.from_ansi(line).plain if isinstance(line, str) else _plain(line)
            for line in self.lines
        )

    def write(self, text: str) -> None:
        """Printed text; it may end in the middle of a line."""
        first, *others = text.split("\n")
        if self._open and self.lines and isinstance(self.lines[-1], str):
            self.lines[-1] += first
        else:
            self.lines.append(first)
        self.lines.extend(others)
        self._open = True
        if self.lines and self.lines[-1] == "":
            self.lines.pop()
            self._open = False
        self._trim()

    def say(self, *parts: tuple[str, str]) -> None:
        """A line of ours, in our styles."""
        self.lines.append(list(parts))
        self._open = False
        self._trim()

    def progress(self, event: Progress) -> None:
        """A bar that takes the place of the one with its label; an empty one takes it away."""
        if event.total or event.note:
            self.bars[event.label] = event
        else:
            self.bars.pop(event.label, None)

    def clear(self) -> None:
        """Forget everything."""
        self.lines.clear()
        self.bars.clear()
        self.cut = 0
        self.differing = None
        self._open = False

    def _trim(self) -> None:
        over = len(self.lines) - MOST_LINES
        if over > 0:
            del self.lines[:over]
            self.cut += over

    def plain_lines(self) -> list[str]:
        """The lines without colours."""
        return [_plain(line) for line in self.lines]

    def mark(self, differing: frozenset[int] | None) -> None:
        """Mark these lines; None: no other run is beside this one."""
        if differing != self.differing:
            self.differing = differing
            self.refresh(layout=True)

    @property
    def _indent(self) -> int:
        return 0 if self.differing is None else len(DIFFERS)

    def _rows(self, width: int) -> Iterator[tuple[int, int]]:
        """Of each row the line that it shows, and which part of it."""
        if self.cut:
            yield -1, 0
        room = max(1, width - self._indent)
        for number, line in enumerate(self.lines):
            for part in range(len(_cuts(_plain(line), room)) + 1):
                yield number, part

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows and bars."""
        return sum(1 for _ in self._rows(width)) + len(self.bars)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows that are asked for: all are counted once, not once for each."""
        self._shown = list(self._rows(max(1, self.size.width)))
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One row."""
        width = self.size.width
        if y < len(self._shown):
            return self._row(*self._shown[y]).adjust_cell_length(width)
        bars = list(self.bars.values())[y - len(self._shown) :]
        strip = self.bar_strip(bars[0]) if bars else Strip([])
        if strip.cell_length > width:
            more = Strip([RichSegment("…", self.palette.style("faint"))])
            strip = Strip.join([strip.crop(0, width - 1), more])
        return strip.adjust_cell_length(width)

    def _row(self, number: int, part: int) -> Strip:
        """A part of a line, marked where the other run differs."""
        style = self.palette.style
        if number < 0:
            told = f"… {many(self.cut, 'line')} before: all of it is shown by "
            return Strip([RichSegment(told, style("faint")), RichSegment("W", style("key"))])
        strip = self._strip(self.lines[number], part)
        if self.differing is None:
            return strip
        differs = number in self.differing
        mark = DIFFERS if differs and not part else " " * len(DIFFERS)
        return Strip.join([Strip([RichSegment(mark, style("warn"))]), strip])

    def _strip(self, line: Printed, part: int) -> Strip:
        style = self.palette.style
        ink = style("")
        if isinstance(line, list):
            text = Text.assemble(*((words, style(name)) for words, name in line))
        else:
            text = Text.from_ansi(line.expandtabs(8))
        pieces = text.divide(_cuts(text.plain, max(1, self.size.width - self._indent)))
        mark = [RichSegment(GOES_ON, style("faint"))] if part else []
        return Strip(
            [
                *mark,
                *(
                    # Not the terminal's own colour, which may be that of the paper here.
                    RichSegment(each.text, ink + each.style if each.style else ink)
                    for each in pieces[part].render(self.app.console)
                    if each.text
                ),
            ]
        )

    def bar_strip(self, event: Progress) -> Strip:
        """A progress bar, as wide as the widget."""
        style = self.palette.style
        share = min(1.0, max(0.0, event.done / event.total)) if event.total else 0.0
        numbers = f" {event.done:g}/{event.total:g} " if event.total else f" {event.done:g} "
        return Strip(
            [
                *share_bar(share, BAR_CELLS, self.palette),
                RichSegment(numbers, style("soft")),
                RichSegment(f"{event.label} {event.note}".strip(), style("faint")),
            ]
        )
