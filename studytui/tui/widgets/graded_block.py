"""What is worked where it stands and then graded like a card: derivations and exercises."""

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
    from studytui.study.desk import Desk
    from studytui.tui.widgets.text_lines import Styled

TAKEN_BACK = "The grade was taken back."


class GradedBlock(LiveBlock):
    """Has a ``GradeBar``. In an article it is graded here; in a review the review does it."""

    desk: Desk
    in_text: bool
    proposed: Rating | None = None
    _worth: Rating | None = None
    """The grade that the work was worth; it is proposed again when a grade is taken back."""

    @property
    def scheduled(self) -> Source:
        """What the schedule knows it as."""
        raise NotImplementedError

    def tell(self, *lines: Styled) -> None:
        """Say something of the work."""
        raise NotImplementedError

    def propose(self, grade: Rating) -> None:
        """Offer the grades."""
        self.proposed = self._worth = grade
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
        """Grade it like a card."""
        if self.proposed is None or not self.is_in_sight(self.query_one(GradeBar)):
            return
        try:
            self._record(Rating(grade))
        except StudyError as error:
            self._tell_error(error)

    def take_proposed(self) -> Rating | None:
        """Record the grade that the work was worth."""
        taken = self.proposed if self.in_text else None
        if taken is not None:
            self._record(taken)
        return taken

    def _record(self, grade: Rating) -> None:
        (record,) = questions.record_of(self.desk, self.scheduled)
        found = questions.grade_in_text(self.desk, record, grade, self._now())
        self.proposed, self.outcome = None, found.outcome
        self.app.post_message(ReviewChanged())
        if is_gone(self):
            return
        self.query_one(GradeBar).offer(())
        told = f"Asked again in {found.wait}." if found.wait else "Practice: it is not due yet."
        self.tell([(told, "soft")])

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
