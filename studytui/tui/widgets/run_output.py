"""What a run says, as it says it: text in its colours, bars, tables, figures, tracebacks."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import assert_never

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget

from studytui.counting import many
from studytui.library.layout.safe import cells
from studytui.run.events import (
    Asked,
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
from studytui.tui.pictures import figure_widget, show_figure
from studytui.tui.widgets.column import Column
from studytui.tui.widgets.output_lines import OutputLines
from studytui.tui.widgets.text_lines import Lines, Styled


class RunOutput(Column):
    """The output of one run: text scrolls in its own window, figures stand below it."""

    DEFAULT_CSS = """
    RunOutput { height: auto; }
    RunOutput > .run-head { display: none; }
    RunOutput > VerticalScroll { height: auto; max-height: 20; scrollbar-size-vertical: 1; }
    RunOutput > Column { height: auto; }
    RunOutput.compared > .run-head { display: block; }
    RunOutput.compared > VerticalScroll { max-height: 8; }
    """

    def __init__(self, palette: Palette, images: str = "auto") -> None:
        super().__init__()
        self.palette = palette
        self.images = images
        self.lines = OutputLines(palette)
        self.head = Lines([], palette)
        self.head.add_class("run-head")
        self.figures: list[Figure] = []
        self.ended: Ended | None = None
        self.started: Started | None = None
        self.failed: Failed | None = None
        self.folder: Path | None = None
        self.asks = False
        self._hidden = 0
        self._pictures = Column(classes="figures")
        self.shown_figures: list[Widget] = []
        self._spare: deque[Widget] = deque()
        self._staged: list[tuple[Event, Path | None]] | None = None

    def compose(self) -> ComposeResult:
        """A window of text, and room for figures."""
        yield self.head
        with VerticalScroll(can_focus=False):
            yield self.lines
        yield self._pictures

    @property
    def is_empty(self) -> bool:
        """Whether no run has said anything here."""
        return self.started is None and not self.lines.lines

    async def clear(self) -> None:
        """Forget the last run."""
        self._staged = None
        self._forget()
        await self._pictures.remove_children()
        self.lines.refresh(layout=True)

    def _forget(self) -> None:
        self.lines.clear()
        self.figures.clear()
        self.shown_figures.clear()
        self.started = self.ended = self.failed = None
        self.asks = False
        self._hidden = 0

    def begin_again(self) -> None:
        """What comes now takes the place of what stands here, all at once when the run ends."""
        self._staged = []

    @property
    def is_staged(self) -> bool:
        """Whether what has come is not shown yet."""
        return self._staged is not None

    def show_staged(self) -> None:
        """Put what has come since in the place of what stands here: each part keeps its widget."""
        if self._staged is None:
            return
        staged, self._staged = self._staged, None
        with self.app.batch_update():
            self._spare = deque(self.shown_figures)
            self._forget()
            for event, folder in staged:
                self._show_one(event, folder)
            for widget in self._spare:
                widget.remove()
            self._spare.clear()
            self._settle()

    def show(self, events: list[Event], folder: Path | None = None) -> None:
        """Add what has happened."""
        if self._staged is not None:
            self._staged += [(event, folder) for event in events]
            if any(isinstance(event, Ended | Asked) for event in events):
                self.show_staged()
            return
        for event in events:
            self._show_one(event, folder)
        self._settle()

    def _settle(self) -> None:
        self.lines.refresh(layout=True)
        self.query_one(VerticalScroll).scroll_end(animate=False)

    def _show_one(self, event: Event, folder: Path | None) -> None:
        lines = self.lines
        match event:
            case Started():
                self.started, self.folder = event, folder or self.folder
            case Output():
                self._output(event)
            case Asked():
                self.asks = True
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
                self._end(event)
            case _:
                assert_never(event)

    def _output(self, event: Output) -> None:
        match event.stream:
            case "note":
                self.lines.say((event.text.rstrip("\n"), "warn"))
            case "launcher":
                self._hidden = event.text.count("\n")
            case stream:
                self.asks = self.asks and stream != "in"
                self.lines.write(event.text)

    def _end(self, event: Ended) -> None:
        self.ended, self.asks = event, False
        self.lines.bars.clear()
        if self._hidden:
            told = f"what torchrun says of it ({many(self._hidden, 'line')}): "
            self.lines.say((told, "faint"), ("W", "key"))

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
        while self._spare:
            widget = self._spare.popleft()
            if show_figure(widget, event, path):
                self.shown_figures.append(widget)
                return
            widget.remove()
        widget = figure_widget(event, path, self.palette, self.images)
        self.shown_figures.append(widget)
        self._pictures.mount(widget)

    # Beside another run ----------------------------------------------------------------------

    def compare(self, head: Styled, differing: frozenset[int], figures: list[Figure]) -> None:
        """Stand beside another run: with a head line, marked lines, and axes like its own."""
        self.add_class("compared")
        self.head.show([head])
        self.lines.mark(differing)
        self._redraw(figures)

    def stand_alone(self) -> None:
        """No other run is beside this one any more."""
        self.remove_class("compared")
        self.head.show([])
        self.lines.mark(None)
        self._redraw(self.figures)

    def _redraw(self, figures: list[Figure]) -> None:
        """Draw the same figures on other axes."""
        for widget, figure, mine in zip(self.shown_figures, figures, self.figures, strict=False):
            if figure.panels:
                show_figure(widget, figure, Path(mine.path))


def _tells(rows: list[str], kind: str, first: str, more: list[str]) -> bool:
    """Whether the last rows of a traceback are the error itself, perhaps with its module's name."""
    if not rows:
        return False
    name, _, message = rows[0].partition(": ")
    # The message can say more than Python does: which package is to be installed.
    return name.rpartition(".")[2] == kind and first.startswith(message) and rows[1:] == more
