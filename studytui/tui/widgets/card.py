"""A card that can be answered where it stands in the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.actions import SkipAction
from textual.app import ComposeResult

from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.memory.rating import Rating
from studytui.study import questions
from studytui.study.attention import Subject
from studytui.tui.actions import bindings
from studytui.tui.messages import GradeChosen, KeysChanged, Revealed, ReviewChanged
from studytui.tui.widget_lifecycle import is_gone
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.live_block import LiveBlock
from studytui.tui.widgets.question import QuestionView
from studytui.tui.widgets.text_lines import Lines

if TYPE_CHECKING:
    from studytui.library.article import Article
    from studytui.library.blocks import CardBlock
    from studytui.memory.queue import CardRecord
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette


class CardPanel(LiveBlock):
    """Question, answer and grade. Graded like a review when it is new or due, else as practice."""

    SCOPE = "card"
    MARK = "?"
    BINDINGS = bindings(SCOPE)

    def __init__(self, block: CardBlock, article: Article, desk: Desk, palette: Palette) -> None:
        super().__init__(block.card.KIND.title, "card", palette)
        self.source = block.card
        self.desk = desk
        self.place = 0
        self.proposed: Rating | None = None
        self.judged = False

    @property
    def is_busy(self) -> bool:
        """Whether something was typed, or the answer is open."""
        return self.is_mounted and self.query_one(QuestionView).is_begun

    @property
    def records(self) -> tuple[CardRecord, ...]:
        """The scheduled cards of the source: several for a text with several gaps."""
        return questions.record_of(self.desk, self.source)

    def body(self) -> ComposeResult:
        """The question, and what became of it."""
        yield QuestionView(self.palette, self.desk)
        yield GradeBar(self.palette)
        yield Lines([], self.palette, id="card-note")

    async def begin(self) -> None:
        """Pose the question as it stands now."""
        await self._pose()

    async def _pose(self) -> None:
        self.proposed = None
        self.query_one(GradeBar).offer(())
        self._note("")
        view = self.query_one(QuestionView)
        try:
            record = self.records[self.place]
            self.subject = Subject(Activity.ANSWER, record.card)
            await view.pose(questions.question_of(self.desk, record.card), focus=False)
        except StudyError as error:
            view.display = False
            self._note(str(error), "warn")
            return
        if len(self.records) > 1:
            self.head.say(f"card {self.place + 1} of {len(self.records)}")

    def _note(self, text: str, style: str = "soft") -> None:
        note = self.query_one("#card-note", Lines)
        note.show([[(row, style)] for row in text.splitlines()])
        note.display = bool(text)

    def action_begin(self) -> None:
        """Put the focus where the answer goes, or show the answer of a card without a field."""
        view = self.query_one(QuestionView)
        if not view.is_open:
            view.action_begin()
        elif self.proposed is not None:
            self.action_grade(self.proposed)

    def on_revealed(self, message: Revealed) -> None:
        """Offer the grades; the panel itself answers keys now."""
        message.stop()
        self.proposed = message.assessment.grade or Rating.GOOD
        self.judged = message.assessment.grade is not None
        self.query_one(GradeBar).offer(("", "", "", ""), message.assessment.grade)
        self.focus()
        self.keep_in_sight("GradeBar")
        self.post_message(KeysChanged())

    def on_grade_chosen(self, message: GradeChosen) -> None:
        """A grade was clicked."""
        message.stop()
        self.action_grade(message.grade)

    def action_grade(self, grade: int) -> None:
        """Record the grade, once it is seen what is graded."""
        if self.proposed is None or not self.is_in_sight(self.query_one(GradeBar)):
            return
        try:
            self._record(Rating(grade))
        except StudyError as error:
            self._note(str(error), "bad")
            return
        if self.has_focus_within:
            self.keep_in_sight("#card-note")

    def take_proposed(self) -> Rating | None:
        """Record the grade of an answer that was judged; one that the reader judges waits."""
        taken = self.proposed if self.judged else None
        if taken is not None:
            self._record(taken)
        return taken

    def _record(self, grade: Rating) -> None:
        record = self.records[self.place]
        spent = self.desk.settings.review.counted(self.take_seconds())
        found = questions.grade_in_text(self.desk, record, grade, self._now(), duration_ms=spent)
        self.proposed, self.outcome = None, found.outcome
        self.app.post_message(ReviewChanged())
        if is_gone(self):
            return
        self.query_one(GradeBar).offer(())
        told = f"Asked again in {found.wait}." if found.wait else "Practice: it is not due yet."
        more = "  +: the next gap" if self.place + 1 < len(self.records) else ""
        self._note(f"{told}  u: undo{more}")

    async def action_undo(self) -> None:
        """Take the grade back; without one here, the last one given anywhere."""
        if self.outcome is None:
            raise SkipAction
        if self.is_in_sight(self.query_one("#card-note")):
            try:
                self.desk.ledger.take_back(self.outcome, self._now())
            except StudyError as error:
                self._note(str(error), "bad")
                return
            self.outcome = None
            self.app.post_message(ReviewChanged())
            await self.ask_again()

    async def ask_again(self) -> None:
        """The question as it stands now."""
        await self._pose()

    async def action_next_gap(self) -> None:
        """The next card of the same text, or the same one again."""
        self.place = (self.place + 1) % len(self.records)
        self.outcome = None
        await self._pose()
