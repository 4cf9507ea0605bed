"""The end of a day, and the way back after an absence: a page of words and one next thing."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen

from studytui.study.planning.today import Today
from studytui.tui.actions import bindings
from studytui.tui.guard import AsAWhole
from studytui.tui.palette import Palette
from studytui.tui.screens.plan_text import return_lines, summary_lines
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.text_lines import Lines


class DayScreen(AsAWhole, Screen[None]):
    """``is_back``: one comes back after an absence; else the day is over."""

    SCOPE = "day"
    BINDINGS = bindings(SCOPE)

    def __init__(self, palette: Palette, today: Today, *, is_back: bool = False) -> None:
        super().__init__()
        self.palette = palette
        self.today = today
        self.is_back = is_back

    def compose(self) -> ComposeResult:
        """The words and the keys."""
        lines = return_lines(self.today) if self.is_back else summary_lines(self.today)
        with VerticalScroll(classes="plan-page", can_focus=False):
            yield Lines(lines, self.palette, id="day")
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def action_go_on(self) -> None:
        """Begin, where one is back; after the end of a day there is nothing owed."""
        if self.is_back:
            self.app.pop_screen()
            shell_of(self).plan.go_on()

    def action_more(self) -> None:
        """Ten minutes more today, and on."""
        self.app.pop_screen()
        shell_of(self).plan.more_today()

    def action_plan(self) -> None:
        """Other minutes, another goal."""
        self.app.pop_screen()
        shell_of(self).plan.show()

    def action_leave(self) -> None:
        """Home."""
        self.app.pop_screen()
        shell_of(self).read_shelf()
