"""Statistics as pictures, fitted parameters, and what a retention would cost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen

from studytui.errors import StudyError
from studytui.tui.actions import bindings
from studytui.tui.guard import AsAWhole
from studytui.tui.messages import PageComputed
from studytui.tui.palette import Palette
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.study.desk import Desk

RULE = "─"
SHADED = frozenset("█▉▊▋▌▍▎▏▇▆▅▄▃▂▁▓▒░•●")


class StatisticsScreen(AsAWhole, Screen[None]):
    """One scrolling page; whatever takes time is computed in a worker."""

    SCOPE = "statistics"
    CSS_PATH = "../styles/review.tcss"
    BINDINGS = bindings(SCOPE)

    def __init__(self, desk: Desk, palette: Palette) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette

    def compose(self) -> ComposeResult:
        """A page and the keys."""
        with VerticalScroll(id="statistics-page", can_focus=False):
            yield Lines([[("reading the journal …", "faint")]], self.palette, id="statistics")
        yield KeyBar(self.palette, self.desk.settings.keys, (self.SCOPE, "everywhere"))

    def on_mount(self) -> None:
        """Compute the page."""
        self._compute(self._statistics)

    def _compute(self, make: Callable[[], tuple[str, ...]]) -> None:
        self.run_worker(partial(self._work, make), thread=True, exclusive=True, group="page")

    def _work(self, make: Callable[[], tuple[str, ...]]) -> None:
        try:
            self.post_message(PageComputed(make()))
        except StudyError as error:
            self.post_message(PageComputed(tuple(str(error).splitlines())))

    def _statistics(self) -> tuple[str, ...]:
        from studytui.study.pages import statistics_page
        from studytui.study.statistics import statistics

        return statistics_page(statistics(self.desk, self.app.now()))  # type: ignore[attr-defined]

    def _fit(self) -> tuple[str, ...]:
        from studytui.study.pages import fit_page
        from studytui.study.statistics import fit_parameters

        return fit_page(fit_parameters(self.desk))

    def _workload(self) -> tuple[str, ...]:
        from studytui.study.pages import workload_page
        from studytui.study.statistics import simulated_workload

        return workload_page(simulated_workload(self.desk, self.app.now()))  # type: ignore[attr-defined]

    def on_page_computed(self, message: PageComputed) -> None:
        """Show the page."""
        lines = message.lines
        styled = [
            styled_line(line, lines[place + 1] if place + 1 < len(lines) else "")
            for place, line in enumerate(lines)
        ]
        self.query_one("#statistics", Lines).show(styled)
        self.query_one("#statistics-page").scroll_home(animate=False)

    def action_scroll(self, by: int) -> None:
        """Move the page."""
        self.query_one("#statistics-page").scroll_relative(y=by, animate=False)

    def action_fit(self) -> None:
        """Fit the parameters."""
        self._say("fitting …")
        self._compute(self._fit)

    def action_simulate(self) -> None:
        """Simulate a year for each retention."""
        self._say("simulating …")
        self._compute(self._workload)

    def _say(self, text: str) -> None:
        self.query_one("#statistics", Lines).show([[(text, "faint")]])

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()


def styled_line(line: str, following: str) -> Styled:
    """A line of a page with its charts coloured and its titles bold. Blanks must not fold."""
    kept = line.replace(" ", "\N{NO-BREAK SPACE}")
    if following and not following.strip(RULE):
        return [(kept, "heading.3")]
    if line and not line.strip(RULE):
        return [(kept, "heading.rule")]
    parts: list[tuple[str, str]] = []
    for character in kept:
        style = "accent" if character in SHADED else "faint" if character in "│┤└─|·" else "soft"
        if parts and parts[-1][1] == style:
            parts[-1] = (parts[-1][0] + character, style)
        else:
            parts.append((character, style))
    return parts or [("", "")]
