"""The runs of a snippet where it stands: started, shown as they go, compared, asked for lines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studytui.errors import StudyError
from studytui.run.events import Ended, Event
from studytui.run.runner import Run
from studytui.study.latest_run import Began, LatestRun, Wish
from studytui.tui.messages import LineTyped, RunNews, RunTold
from studytui.tui.palette import Palette
from studytui.tui.widget_lifecycle import UntilGone
from studytui.tui.widgets.column import Column
from studytui.tui.widgets.compared_runs import ComparedRuns
from studytui.tui.widgets.run_messages import ended_line
from studytui.tui.widgets.run_output import RunOutput
from studytui.tui.widgets.text_lines import Styled
from studytui.tui.widgets.typed_line import TypedLine

if TYPE_CHECKING:
    from studytui.run.outputs import Kept
    from studytui.study.running import Workbench

LEAST_COLUMNS = 40
LIVE_SECONDS = 1.5
"""A run that ended within that time, about a second, is done again while a value moves."""
_RUNNING: Styled = [("running  ", "accent"), ("x", "key"), (" stop", "soft")]


class Runs(UntilGone, Column):
    """The present run, the one that it is compared with, and a field for what it asks."""

    DEFAULT_CSS = "Runs { height: auto; }"

    def __init__(self, palette: Palette, images: str, bench: Callable[[], Workbench]) -> None:
        super().__init__()
        self.compared = ComparedRuns(palette, images)
        self.goes = False
        """Whether a run was asked for whose end has not come yet."""
        self.is_live = False
        """Whether the last run was begun because a value moved."""
        self.seconds: float | None = None
        """How long the last run took."""
        self.latest = LatestRun(bench, self._spawn, lambda: self.post_message(RunNews()))

    def compose(self) -> ComposeResult:
        """One run, at first."""
        yield self.compared

    @property
    def output(self) -> RunOutput:
        """Where the present run is shown."""
        return self.compared.output

    @property
    def is_busy(self) -> bool:
        """Whether it runs, or holds a run to compare another one with."""
        return self.goes or self.compared.held is not None

    @property
    def columns(self) -> int:
        """The width that a run is to print for."""
        return max(LEAST_COLUMNS, self.output.size.width)

    @property
    def can_go_live(self) -> bool:
        """Whether the last run was so quick that it can be done again while a value moves."""
        is_quick = self.seconds is not None and self.seconds <= LIVE_SECONDS
        return is_quick and (self.is_live or not self.goes)

    def _spawn(self, work: Callable[[], None]) -> None:
        self.run_worker(work, thread=True, group="runs")

    def want(self, wish: Wish) -> None:
        """Run this; a run that goes on because a value moved gives way to it."""
        self.goes = True
        self.is_live = wish.live
        self.latest.want(wish)

    async def show_kept(self, run: Kept) -> None:
        """Show a run of the past."""
        await self.output.clear()
        self.output.show(list(run.events()), run.folder)
        self.seconds = run.ended.seconds if run.ended else None

    async def on_run_news(self, message: RunNews) -> None:
        """Show everything that waits in the queue."""
        message.stop()
        events: list[Event] = []
        for news in self.latest.news():
            match news:
                case Began():
                    events.clear()  # of a run that gave way to this one
                    self._has_begun(news)
                case StudyError():
                    self.goes = False
                    self._tell(*([(row, "warn")] for row in str(news).splitlines()))
                case _:
                    events.append(news)
        self.output.show(events)
        await self._offer_keyboard()
        if events and isinstance(events[-1], Ended):
            self._has_ended(events[-1])

    def _has_begun(self, began: Began) -> None:
        self.output.folder = began.run.folder
        if began.wish.live:
            self.output.begin_again()
            self.set_timer(LIVE_SECONDS, partial(self._show_anyway, began))
        else:
            self._tell(_RUNNING)

    def _show_anyway(self, began: Began) -> None:
        """A run that takes long is seen as it goes on."""
        if self.latest.run is began.run:
            self.output.show_staged()
            self._tell(_RUNNING)

    def _has_ended(self, event: Ended) -> None:
        self.goes = False
        self.seconds = event.seconds
        self.compared.compare()
        self._tell(ended_line(event, self.output.started, self.output.failed))

    def _tell(self, *lines: Styled) -> None:
        self.post_message(RunTold(list(lines), quiet=self.is_live))

    def on_unmount(self) -> None:
        """Nothing runs on unseen."""
        self.latest.kill()

    async def hold_or_let_go(self) -> Styled:
        """Keep the present run as A, or let it go. Returns what is to be said."""
        if self.compared.held is not None:
            await self.compared.let_go()
            return [("Only the last run stays.", "soft")]
        if self.output.is_empty or self.goes:
            return [("There is no run yet that could be kept.", "soft")]
        self.latest.keep()
        await self.compared.hold()
        told = "Kept as A: the next run stands beside it as B.  "
        return [(told, "soft"), ("K", "key"), (" lets it go", "soft")]

    # The keyboard ----------------------------------------------------------------------------

    async def _offer_keyboard(self) -> None:
        """A field while the snippet waits for a line, and only then."""
        fields = self.query(TypedLine)
        if self.output.asks and not fields:
            field = TypedLine()
            await self.mount(field)
            panel = self.parent
            if panel is not None and getattr(panel, "has_focus_within", False):
                field.focus()
        elif fields and not self.output.asks:
            had_focus = any(field.has_focus for field in fields)
            await fields.remove()
            if had_focus and self.parent is not None:
                self.parent.focus()  # type: ignore[attr-defined]

    def on_line_typed(self, message: LineTyped) -> None:
        """Give the line to the snippet."""
        message.stop()
        run = self.latest.run
        if isinstance(run, Run):
            run.type(message.line)
        for field in self.query(TypedLine):
            field.value = ""
