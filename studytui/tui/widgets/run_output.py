"""What a run says, as it says it: text in its colours, bars, tables, figures, tracebacks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import assert_never

from rich.segment import Segment as RichSegment
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from studytui.library.layout.safe import cells
from studytui.run.events import (
    Ended,
    Event,
    Failed,
    Figure,
    Mismatch,
    Output,
    Progress,
    Started,
    Table,
)
from studytui.run.side_by_side import lines_of
from studytui.tui.palette import Palette
from studytui.tui.pictures import figure_widget
from studytui.tui.widgets.painted import Painted
from studytui.tui.widgets.share_bar import share_bar

MOST_LINES = 5000
BAR_CELLS = 24
GOES_ON = "↪ "
"""Begins what did not fit into the row above."""

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
        self._open = False

    def _trim(self) -> None:
        over = len(self.lines) - MOST_LINES
        if over > 0:
            del self.lines[:over]

    def _rows(self, width: int) -> Iterator[tuple[int, int]]:
        """Of each row the line that it shows, and which part of it."""
        for number, line in enumerate(self.lines):
            for part in range(len(_cuts(_plain(line), width)) + 1):
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
            number, part = self._shown[y]
            return self._strip(self.lines[number], part).adjust_cell_length(width)
        bars = list(self.bars.values())[y - len(self._shown) :]
        strip = self._bar(bars[0]) if bars else Strip([])
        if strip.cell_length > width:
            more = Strip([RichSegment("…", self.palette.style("faint"))])
            strip = Strip.join([strip.crop(0, width - 1), more])
        return strip.adjust_cell_length(width)

    def _strip(self, line: Printed, part: int) -> Strip:
        style = self.palette.style
        ink = style("")
        if isinstance(line, list):
            text = Text.assemble(*((words, style(name)) for words, name in line))
        else:
            text = Text.from_ansi(line.expandtabs(8))
        pieces = text.divide(_cuts(text.plain, self.size.width))
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

    def _bar(self, event: Progress) -> Strip:
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


class RunOutput(Vertical):
    """The output of one run: text scrolls in its own window, figures stand below it."""

    DEFAULT_CSS = """
    RunOutput { height: auto; }
    RunOutput > VerticalScroll { height: auto; max-height: 20; scrollbar-size-vertical: 1; }
    RunOutput > Vertical { height: auto; }
    """

    def __init__(self, palette: Palette, images: str = "auto") -> None:
        super().__init__()
        self.palette = palette
        self.images = images
        self.lines = OutputLines(palette)
        self.figures: list[Figure] = []
        self.ended: Ended | None = None
        self.started: Started | None = None
        self.failed: Failed | None = None

    def compose(self) -> ComposeResult:
        """A window of text, and room for figures."""
        with VerticalScroll(can_focus=False):
            yield self.lines
        yield Vertical(id="figures")

    async def clear(self) -> None:
        """Forget the last run."""
        self.lines.clear()
        self.figures.clear()
        self.started = self.ended = self.failed = None
        await self.query_one("#figures").remove_children()
        self.lines.refresh(layout=True)

    def show(self, events: list[Event], folder: Path | None = None) -> None:
        """Add what has happened."""
        for event in events:
            self._show_one(event, folder)
        self.lines.refresh(layout=True)
        self.query_one(VerticalScroll).scroll_end(animate=False)

    def _show_one(self, event: Event, folder: Path | None) -> None:
        lines = self.lines
        match event:
            case Started():
                self.started = event
            case Output(text=text, stream="note"):
                lines.say((text.rstrip("\n"), "warn"))
            case Output(text=text):
                lines.write(text)
            case Progress():
                lines.progress(event)
            case Table():
                self._table(event)
            case Figure():
                self._figure(event, folder)
            case Mismatch():
                for line in lines_of(event, max(40, self.size.width - 2)):
                    lines.say(*line)
            case Failed():
                self._failed(event)
            case Ended():
                self.ended = event
                lines.bars.clear()
            case _:
                assert_never(event)

    def _failed(self, event: Failed) -> None:
        """The traceback, which ends with the error: that is told once, and stands out."""
        self.failed = event
        rows = event.traceback.rstrip().splitlines()
        first, *more = event.message.splitlines() or [""]
        before = rows[: max(0, len(rows) - 1 - len(more))]
        if _tells(rows[len(before) :], event.kind, first, more):
            rows = before
        for row in rows:
            self.lines.say((row, "soft"))
        self.lines.say((f"{event.kind}: ", "bad strong"), (first, "bad"))
        for row in more:
            self.lines.say((row, "bad"))

    def _table(self, event: Table) -> None:
        rows = [event.header, *event.rows]
        count = len(event.header)
        rows = [(*row, *[""] * count)[:count] for row in rows]
        widths = [max(cells(row[place]) for row in rows) for place in range(count)]
        if event.title:
            self.lines.say((event.title, "strong"))
        for number, row in enumerate(rows):
            shown = zip(row, widths, strict=True)
            line = "  ".join(cell + " " * (width - cells(cell)) for cell, width in shown)
            self.lines.say((line, "table.header" if number == 0 else ""))

    def _figure(self, event: Figure, folder: Path | None) -> None:
        self.figures.append(event)
        path = Path(event.path)
        if folder is not None and not path.is_absolute():
            path = folder / path
        figure = figure_widget(event, path, self.palette, self.images)
        self.query_one("#figures").mount(figure)


def _tells(rows: list[str], kind: str, first: str, more: list[str]) -> bool:
    """Whether the last rows of a traceback are the error itself, perhaps with its module's name."""
    if not rows:
        return False
    name, _, message = rows[0].partition(": ")
    # The message can say more than Python does: which package is to be installed.
    return name.rpartition(".")[2] == kind and first.startswith(message) and rows[1:] == more
