"""The present run of a panel, and beside it the one that was kept as A."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Container

from studytui.run.comparison import differing_lines, differing_values, on_shared_scales
from studytui.run.events import Figure, Started
from studytui.tui.palette import Palette
from studytui.tui.widgets.run_messages import seconds_text
from studytui.tui.widgets.run_output import RunOutput
from studytui.tui.widgets.text_lines import Styled

WIDE = 80
"""Cells from which on two runs stand side by side; with fewer, one above the other."""


class ComparedRuns(Container):
    """``output`` is the present run, ``held`` the one that it is compared with."""

    DEFAULT_CSS = """
    ComparedRuns { height: auto; layout: vertical; }
    ComparedRuns > RunOutput { width: 1fr; }
    ComparedRuns.wide { layout: horizontal; }
    ComparedRuns.wide > RunOutput.held { margin-right: 2; }
    """

    def __init__(self, palette: Palette, images: str) -> None:
        super().__init__()
        self.palette = palette
        self.images = images
        self.output = RunOutput(palette, images)
        self.held: RunOutput | None = None

    def compose(self) -> ComposeResult:
        """One run, at first."""
        yield self.output

    def on_resize(self, event: events.Resize) -> None:
        """Side by side where there is room."""
        self._arrange(event.size.width)

    def _arrange(self, width: int) -> None:
        self.set_class(self.held is not None and width >= WIDE, "wide")

    async def hold(self) -> None:
        """Keep the present run as A; the next one is B."""
        self.held, self.output = self.output, RunOutput(self.palette, self.images)
        self.held.add_class("held")
        self._arrange(self.size.width)
        await self.mount(self.output, after=self.held)
        self.compare()

    async def let_go(self) -> None:
        """Only the present run stays; A, where there was none after it."""
        if self.held is None:
            return
        gone, self.held.display = self.held, True
        if self.output.is_empty:
            gone, self.output = self.output, self.held
        self.held = None
        self.output.remove_class("held")
        self._arrange(self.size.width)
        await gone.remove()
        self.output.stand_alone()

    def compare(self) -> None:
        """Show where the two differ: values, lines, figures on the same axes."""
        if self.held is None:
            return
        with self.app.batch_update():
            first, second = self.held, self.output
            ours, theirs = differing_lines(first.lines.plain_lines(), second.lines.plain_lines())
            if second.is_empty:
                ours = theirs = frozenset()
            pairs = [
                on_shared_scales(*pair) for pair in zip(first.figures, second.figures, strict=False)
            ]
            figures = [list(each) for each in zip(*pairs, strict=True)] or [[], []]
            for name, run, other, lines, drawn in (
                ("A", first, second, ours, figures[0]),
                ("B", second, first, theirs, figures[1]),
            ):
                run.compare(_head(name, run, other), lines, _all_of(drawn, run.figures))


def _all_of(drawn: list[Figure], own: list[Figure]) -> list[Figure]:
    """The figures that have a counterpart, and those that have none as they are."""
    return [*drawn, *own[len(drawn) :]]


def _head(name: str, run: RunOutput, other: RunOutput) -> Styled:
    """The run's letter, and its values as far as they differ from the other's."""
    line: list[tuple[str, str]] = [(f"{name}  ", "accent strong")]
    if run.started is None:
        return [*line, ("the next run", "faint")]
    differing = _differing(run.started, other.started)
    line += [(f"{name} {value}  ", "strong") for name, value in differing]
    if not differing and other.started is not None:
        line.append(("with the same values  ", "soft"))
    if run.ended is not None:
        line.append((seconds_text(run.ended.seconds), "faint"))
    return line


def _differing(own: Started, other: Started | None) -> list[tuple[str, str]]:
    if other is None:
        return []
    values = differing_values(own.parameters, other.parameters)
    return [(name, mine) for name, mine, _ in values]
