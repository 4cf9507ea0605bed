"""An exercise where it stands: the task, a place to write, the first case that fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import TextArea

from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.library.layout.spans import plain
from studytui.library.parse.fragment import parse_inlines
from studytui.study.attention import Subject
from studytui.study.fading import rung_of
from studytui.study.questions import Place
from studytui.tui.actions import bindings
from studytui.tui.editing import edit_source
from studytui.tui.messages import (
    DraftJudged,
    ExerciseDone,
    ExerciseRead,
    KeysChanged,
)
from studytui.tui.widgets.code_area import CodeArea
from studytui.tui.widgets.exercise_verdict import FirstLook, VerdictView, listing_of
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.graded_block import GradedBlock
from studytui.tui.widgets.text_lines import Styled

if TYPE_CHECKING:
    from studytui.library.blocks import ExerciseBlock
    from studytui.study.desk import Desk
    from studytui.study.exercising import ExerciseBench
    from studytui.tui.palette import Palette

TAKEN = (("Taken from your editor: ", "soft"), ("^j", "key"), (" checks it", "soft"))


class ExercisePanel(GradedBlock):
    """The reader writes one function; its check runs in a process of its own.

    In an article it is graded here; in a review (``in_text`` False) it begins from the open gap and
    only says that it is done.
    """

    SCOPE = "exercise"
    MARK = "✎"
    BINDINGS = bindings(SCOPE)

    def __init__(
        self,
        block: ExerciseBlock,
        desk: Desk,
        palette: Palette,
        *,
        in_text: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__(plain(parse_inlines(block.title)), "exercise", palette)
        self.subject = Subject(Activity.CODE, block.id)
        self.block = block
        self.desk = desk
        self.in_text = in_text
        self.seed = seed
        self.bench: ExerciseBench | None = None
        self.trusted, self.checking, self.is_read = True, False, False
        self._look = FirstLook()

    @property
    def scheduled(self) -> ExerciseBlock:
        """The exercise."""
        return self.block

    @property
    def is_busy(self) -> bool:
        """Whether something would be lost or runs."""
        return self.checking or bool(self.query(CodeArea)) or self.proposed is not None

    def body(self) -> ComposeResult:
        """The task, what is said of the draft, a hint, the solution, the grades."""
        yield Fragment(self.palette, self.block.ask, id="exercise-ask")
        yield VerdictView(self.palette)
        yield Fragment(self.palette, id="exercise-hint")
        yield Fragment(self.palette, id="exercise-solution")
        yield GradeBar(self.palette)

    async def begin(self) -> None:
        """Read the snippet in a worker, and warm the runner up."""
        self.query_one(GradeBar).offer(())
        self._in_worker(self._read)

    def _in_worker(self, work: Callable[[], object]) -> None:
        self.run_worker(partial(self._guarded, work), thread=True, group="exercise")

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except StudyError as error:
            self.post_message(DraftJudged(None, error))

    def _read(self) -> None:
        from studytui.study.exercising import ExerciseBench

        bench = ExerciseBench(
            self.desk, self.block, self._now, fresh=not self.in_text, seed=self.seed
        )
        self.post_message(ExerciseRead(bench, bench.untrusted is None))
        self.desk.runner.warm()

    async def on_exercise_read(self, message: ExerciseRead) -> None:
        """It can be worked now."""
        message.stop()
        self.bench, self.trusted, self.is_read = message.bench, message.trusted, True
        self.head.say(f"exercise · {message.bench.rung.words}")
        if not self.in_text:
            await self.action_begin()

    def say(self, *lines: Styled) -> None:
        """Say something under the code."""
        self.query_one(VerdictView).say(*lines)

    tell = say

    # Writing ---------------------------------------------------------------------------------

    async def action_begin(self) -> None:
        """Open the place to write in; or take the proposed grade."""
        if self.proposed is not None:
            self.action_grade(self.proposed)
            return
        if self.bench is None:
            return
        if not self.query(CodeArea):
            area = CodeArea(self.bench.draft, self.palette)
            await self.mount(area, after="#exercise-ask")
            area.select_gap()
        self.query_one(CodeArea).focus()
        self.post_message(KeysChanged())

    def action_leave(self) -> None:
        """Letters are keys again; what was written is kept."""
        self._keep()
        self.focus()
        self.post_message(KeysChanged())

    def _keep(self) -> None:
        for area in self.query(CodeArea):
            if self.bench is not None:
                self._told(partial(self.bench.save, area.text))

    def _told(self, work: Callable[[], object]) -> bool:
        """Do it; what prevents it is said."""
        try:
            work()
        except StudyError as error:
            self.say([(str(error), "bad")])
            return False
        return True

    def on_unmount(self) -> None:
        """Nothing runs on unseen."""
        self.action_stop()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """What is written is on the disk at once."""
        event.stop()
        self._keep()

    def _take(self, bench: ExerciseBench, *told: tuple[str, str]) -> None:
        """Show the draft as it is on the disk now."""
        for area in self.query(CodeArea):
            area.load_text(bench.draft)
        self.say(list(told))

    def action_edit(self) -> None:
        """Go on in the reader's own editor; in a browser, in one that fills the screen."""
        bench = self.bench
        if bench is None or not self._told(lambda: bench.save(bench.draft)):
            return
        take = partial(self._told, partial(self._take, bench, *TAKEN))
        if edit_source(self.app, Place(bench.path, 1), take):
            take()

    def action_restart(self) -> None:
        """Begin anew."""
        if self.bench is not None and not self.checking and self._told(self.bench.begin_again):
            self.begin_anew()
            self._take(self.bench, ("As it was at first. What you wrote is put aside.", "soft"))

    def action_turn(self, by: int) -> None:
        """Go on with more of it on the page (-1), or with less (1)."""
        if self.bench is None or self.checking or self.proposed is not None:
            return
        self._keep()
        if self.bench.turn(by):
            self._take(self.bench)
            self.head.say(f"exercise · {self.bench.rung.words}")

    # Checking --------------------------------------------------------------------------------

    def action_check(self) -> None:
        """Have the draft judged."""
        if self.bench is None or self.checking:
            return
        if not self.trusted:
            self.action_trust()
            return
        self._keep()
        self.checking = True
        self.say([("checking …  ", "faint"), ("x", "key"), (" stops", "soft")])
        bench = self.bench
        self._in_worker(lambda: self.post_message(DraftJudged(bench.check(bench.draft))))

    def action_stop(self) -> None:
        """Stop the check."""
        self.interrupt()

    def interrupt(self) -> bool:
        """Stop the check; whether there was one."""
        if self.bench is not None and self.checking:
            self.bench.stop()
        return self.checking

    def on_draft_judged(self, message: DraftJudged) -> None:
        """Show the first case that fails, or offer the grades."""
        message.stop()
        self.checking, self.is_read = False, True
        if message.error is not None or message.judged is None:
            self.say(*([(row, "warn")] for row in str(message.error).splitlines()))
            return
        self.query_one(VerdictView).show(message.judged)
        self.keep_in_sight("VerdictView")
        if message.judged.passed:
            self.action_solution()
            self._finish()

    def action_trust(self) -> None:
        """Let this code run from now on, once all of it has been shown."""
        if self.bench is None or self.trusted:
            return
        try:
            listing = self.query_one("#exercise-solution", Fragment)
            self.trusted, told = self._look.at(self.bench, listing)
            self.say(told)
        except StudyError as error:
            self.say([(str(error), "bad")])

    # Help and the end ------------------------------------------------------------------------

    def action_hint(self) -> None:
        """The next hint."""
        if self.bench is not None:
            self._told(partial(self._show_hint, self.bench))

    def _show_hint(self, bench: ExerciseBench) -> None:
        self.query_one("#exercise-hint", Fragment).show("*Hint {}:* {}".format(*bench.hint()))

    def action_solution(self) -> None:
        """Show the author's solution; asked for before it was found, that ends the exercise."""
        if self.bench is None:
            return
        self.query_one("#exercise-solution", Fragment).show(listing_of(self.bench.solution()))
        if self.bench.shown and self.proposed is None:
            self._finish()

    def _finish(self) -> None:
        assert self.bench is not None
        self._told(partial(self.bench.record, self.take_seconds()))
        self.focus()
        grade = self.bench.grade if self.bench.is_graded else None
        if not self.in_text:
            self.post_message(ExerciseDone(self.block.id, grade))
        elif grade is not None:
            self.propose(grade)
        else:
            again = f"It comes again tomorrow: {rung_of(self.desk, self.block.id).words}."
            self.query_one("#exercise-hint", Fragment).show(again)
