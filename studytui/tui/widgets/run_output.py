"""What a run says, as it says it: text in its colours, bars, tables, figures, tracebacks."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from rich.segment import Segment as RichSegment
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Size
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

MOST_LINES = 5000
BAR_CELLS = 24


class OutputLines(Painted, Widget):
    """Lines of text that grow at the end."""

    DEFAULT_CSS = "OutputLines { height: auto; width: 1fr; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette
        self.lines: list[str | list[tuple[str, str]]] = []
        self.bars: dict[str, Progress] = {}
        self._open = False

    @property
    def text(self) -> str:
        """Everything printed, without colours: for copying."""
        rows = [
            Text.from_ansi(line).plain if isinstance(line, str) else "".join(t for t, _ in line)
            for line in self.lines
        ]
        return "\n".join(rows)

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

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines and bars."""
        return len(self.lines) + len(self.bars)

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.size.width
        if y < len(self.lines):
            return self._strip(self.lines[y]).adjust_cell_length(width)
        bars = list(self.bars.values())[y - len(self.lines) :]
        return (self._bar(bars[0]) if bars else Strip([])).adjust_cell_length(width)

    def _strip(self, line: str | list[tuple[str, str]]) -> Strip:
        style = self.palette.style
        if isinstance(line, list):
            return Strip([RichSegment(text, style(name)) for text, name in line])
        ink = style("")
        text = Text.from_ansi(line.expandtabs(8))
        return Strip(
            [
                # Not the terminal's own colour, which may be that of the paper here.
                RichSegment(each.text, ink + each.style if each.style else ink)
                for each in text.render(self.app.console)
                if each.text
            ]
        )

    def _bar(self, event: Progress) -> Strip:
        style = self.palette.style
        share = min(1.0, max(0.0, event.done / event.total)) if event.total else 0.0
        full = round(share * BAR_CELLS)
        numbers = f" {event.done:g}/{event.total:g} " if event.total else f" {event.done:g} "
        return Strip(
            [
                RichSegment("━" * full, style("bar.full")),
                RichSegment("━" * (BAR_CELLS - full), style("bar.empty")),
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

    def compose(self) -> ComposeResult:
        """A window of text, and room for figures."""
        with VerticalScroll(can_focus=False):
            yield self.lines
        yield Vertical(id="figures")

    async def clear(self) -> None:
        """Forget the last run."""
        self.lines.clear()
        self.figures.clear()
        self.started = self.ended = None
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
                for row in event.traceback.rstrip().splitlines():
                    lines.say((row, "soft"))
                lines.say((f"{event.kind}: ", "bad strong"), (event.message, "bad"))
            case Ended():
                self.ended = event
                lines.bars.clear()
            case _:
                assert_never(event)

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
