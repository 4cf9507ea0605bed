"""What is worked where it stands and then graded: cards, derivations and exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.actions import SkipAction

from studytui.errors import StudyError
from studytui.memory.rating import Rating
from studytui.study import questions
from studytui.tui.messages import GradeChosen, KeysChanged, ReviewChanged
from studytui.tui.widget_lifecycle import is_gone
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.live_block import LiveBlock

if TYPE_CHECKING:
    from studytui.library.contents import Source
    from studytui.memory.queue import CardRecord
    from studytui.study.desk import Desk
    from studytui.tui.actions import Action
    from studytui.tui.widgets.text_lines import Styled

TAKEN_BACK = "The grade was taken back."


class GradedBlock(LiveBlock):
    """Has a ``GradeBar``. In an article it is graded here; in a review the review does it."""

    desk: Desk
    in_text = True
    place = 0
    """Which of its scheduled cards is asked: a text with several gaps has several."""
    proposed: Rating | None = None
    _worth: Rating | None = None
    """The grade that the work was judged to be worth, proposed again when one is taken back."""

    @property
    def scheduled(self) -> Source:
        """What the schedule knows it as."""
        raise NotImplementedError

    @property
    def records(self) -> tuple[CardRecord, ...]:
        """The scheduled cards of it."""
        return questions.record_of(self.desk, self.scheduled)

    def label_of(self, item: Action) -> str:
        """The key that begins the work takes the proposed grade."""
        if item.call == "begin" and self.proposed is not None:
            return self.proposed.name.capitalize()
        return super().label_of(item)

    @property
    def is_judged(self) -> bool:
        """Whether a grade comes from the work itself; else the reader judges it."""
        return self._worth is not None

    def tell(self, *lines: Styled) -> None:
        """Say something of the work."""
        raise NotImplementedError

    def propose(self, grade: Rating | None) -> None:
        """Offer the grades: the one that the work was worth, if it was judged."""
        self.proposed, self._worth = grade or Rating.GOOD, grade
        self.query_one(GradeBar).offer(("", "", "", ""), grade)
        self.keep_in_sight("GradeBar")
        self.post_message(KeysChanged())

    def begin_anew(self) -> None:
        """What was graded before is another piece of work."""
        self.outcome = self._worth = None

    def on_grade_chosen(self, message: GradeChosen) -> None:
        """A grade was clicked."""
        if self.in_text:
            message.stop()
            self.action_grade(message.grade)

    def action_grade(self, grade: int) -> None:
        """Record a grade, once it is seen what is graded."""
        if self.proposed is None or not self.is_in_sight(self.query_one(GradeBar)):
            return
        try:
            self._record(Rating(grade))
        except StudyError as error:
            self._tell_error(error)

    def take_proposed(self) -> Rating | None:
        """Record the grade that the work was worth; what the reader judges waits."""
        taken = self.proposed if self.in_text and self.is_judged else None
        if taken is not None:
            self._record(taken)
        return taken

    def _record(self, grade: Rating) -> None:
        found = questions.grade_in_text(
            self.desk, self.records[self.place], grade, self._now(), duration_ms=self._spent_ms()
        )
        self.proposed, self.outcome = None, found.outcome
        self.app.post_message(ReviewChanged())
        if is_gone(self):
            return
        self.post_message(KeysChanged())
        self.query_one(GradeBar).offer(())
        told = f"Asked again in {found.wait}." if found.wait else "Practice: it is not due yet."
        self.tell([(f"{told}{self._next_keys()}", "soft")])

    def _spent_ms(self) -> int:
        """The time that is written with the grade; of most blocks it is written with the work."""
        return 0

    def _next_keys(self) -> str:
        """What can be done after a grade was given, where the key bar does not say it."""
        return ""

    def action_undo(self) -> None:
        """Take the grade back; without one here, what is around takes back what it can."""
        if self.outcome is None:
            raise SkipAction
        try:
            self.desk.ledger.take_back(self.outcome, self._now())
        except StudyError as error:
            self._tell_error(error)
            return
        self.outcome = None
        self.app.post_message(ReviewChanged())
        self.call_later(self.ask_again)

    async def ask_again(self) -> None:
        """The work stands; its grade is proposed anew."""
        if self._worth is not None:
            self.tell([(TAKEN_BACK, "soft")])
            self.propose(self._worth)

    def _tell_error(self, error: StudyError) -> None:
        self.tell(*([(row, "bad")] for row in str(error).splitlines()))
