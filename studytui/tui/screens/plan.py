"""The plan: minutes a day, which articles, and what they carry by when, before one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Input

from studytui.errors import StudyError
from studytui.tui.actions import bindings
from studytui.tui.guard import AsAWhole
from studytui.tui.messages import PlanComputed
from studytui.tui.palette import Palette
from studytui.tui.screens.plan_text import HARD, carry_lines
from studytui.tui.typed_app import shell_of
from studytui.tui.widgets.bars import bar_of, open_bar
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.text_lines import Lines, Styled

if TYPE_CHECKING:
    from studytui.study.desk import Desk

STEP = 5
MOST = 240


class WhyField(Input):
    """What it is wanted for, in one sentence."""

    TAKES_LETTERS = True


class PlanScreen(AsAWhole, Screen[None]):
    """Changing anything shows at once what it means; nothing is kept before one begins."""

    SCOPE = "plan"
    BINDINGS = bindings(SCOPE)
    AUTO_FOCUS = ""

    def __init__(self, desk: Desk, palette: Palette) -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self.minutes = desk.settings.plan.minutes
        self.goals: list[tuple[str, str]] = [("", "everything")]
        self.place = 0
        self.why = ""

    def compose(self) -> ComposeResult:
        """Why, minutes, goal, what they carry."""
        with VerticalScroll(classes="plan-page", can_focus=False):
            yield Lines([[("Your plan", "heading.1")]], self.palette, id="plan-head")
            yield Lines([], self.palette, id="plan-choice")
            yield Lines([[("counting …", "faint")]], self.palette, id="plan-carry")
            yield Lines([], self.palette, id="plan-why")
        yield KeyBar(self.palette, shell_of(self).settings.keys, (self.SCOPE, "everywhere"))

    def on_mount(self) -> None:
        """What holds at present."""
        from studytui.study.planning.today import present_plan

        library = self.desk.library
        used = {entry.track for entry in library.by_hand[0]}
        self.goals += [(track.id, track.title) for track in library.tracks if track.id in used]
        try:
            self.minutes, goal, self.why = present_plan(self.desk)
        except StudyError as error:
            self.notify(str(error), severity="warning", markup=False)
            goal = ""
        known = [name for name, _ in self.goals]
        if goal not in known:
            self.goals.append((goal, f"{len(goal.split())} chosen"))
        self.place = [name for name, _ in self.goals].index(goal)
        self._show()

    def _show(self) -> None:
        minutes, goal = str(self.minutes), self.goals[self.place][1]
        self.query_one("#plan-choice", Lines).show(
            [
                [("", "")],
                [
                    ("minutes a day  ", "soft"),
                    (f"‹ {minutes} ›".replace(" ", HARD), "strong"),
                    ("    ", ""),
                    (f"goal{HARD}{HARD}", "soft"),
                    (f"‹ {goal} ›".replace(" ", HARD), "strong"),
                ],
                [("", "")],
            ]
        )
        why: list[Styled] = [[("", "")]]
        if self.why:
            why.append([("For: ", "soft"), (f"“{self.why}”", "accent")])
        else:
            why.append([("What do you want this for?  ", "soft"), ("w", "key")])
        self.query_one("#plan-why", Lines).show(why)
        self.run_worker(self._count, thread=True, exclusive=True, group="plan")

    def _count(self) -> None:
        from studytui.study.planning.today import outlook

        minutes, goal = self.minutes, self.goals[self.place][0]
        try:
            found = outlook(self.desk, shell_of(self).now(), minutes, tuple(goal.split()))
        except StudyError as error:
            self.app.call_from_thread(self._tell, [[(str(error), "warn")]])
            return
        self.post_message(PlanComputed(found, minutes, goal))

    def _tell(self, lines: list[Styled]) -> None:
        self.query_one("#plan-carry", Lines).show(lines)

    def on_plan_computed(self, message: PlanComputed) -> None:
        """What these minutes carry, unless others were chosen meanwhile."""
        if (message.minutes, message.goal) == (self.minutes, self.goals[self.place][0]):
            found = message.outlook
            self._tell(carry_lines(found.forecast, message.minutes, found.needed, found.day))

    def action_minutes(self, by: int) -> None:
        """More or fewer minutes a day."""
        self.minutes = min(max(self.minutes + by * STEP, 0), MOST)
        self._show()

    def action_goal(self, by: int) -> None:
        """Another goal."""
        self.place = (self.place + by) % len(self.goals)
        self._show()

    def action_say_why(self) -> None:
        """Type what it is for."""
        page = self.query_one(".plan-page")
        open_bar(
            page, WhyField, lambda: WhyField(self.why, placeholder="One sentence", max_length=200)
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the sentence."""
        event.stop()
        self.why = event.value.strip()
        event.input.remove()
        self._show()

    def action_place(self) -> None:
        """Keep the plan, and ask what is known already."""
        from studytui.tui.screens.place import PlaceScreen

        if self._kept():
            self.app.pop_screen()
            self.app.push_screen(PlaceScreen(self.desk, self.palette))

    def action_begin(self) -> None:
        """Keep the plan, and do the first thing of it."""
        if self._kept():
            self.app.pop_screen()
            shell_of(self).plan.go_on()

    def action_keep(self) -> None:
        """Keep the plan, and go home."""
        if self._kept():
            self.app.pop_screen()
            shell_of(self).read_shelf()

    def _kept(self) -> bool:
        from studytui.study.planning.today import set_plan

        try:
            now, goal = shell_of(self).now(), self.goals[self.place][0]
            set_plan(self.desk, now, minutes=self.minutes, goal=goal, why=self.why)
        except StudyError as error:
            self.notify(str(error), severity="error", markup=False)
            return False
        return True

    def action_leave(self) -> None:
        """As it was."""
        if bar_of(self, WhyField) is not None:
            self.query(WhyField).remove()
            return
        self.app.pop_screen()
