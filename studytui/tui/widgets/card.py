"""A card that can be answered where it stands in the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.study import questions
from studytui.study.attention import Subject
from studytui.tui.actions import bindings
from studytui.tui.messages import Revealed
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.graded_block import GradedBlock
from studytui.tui.widgets.question import QuestionView
from studytui.tui.widgets.text_lines import Lines

if TYPE_CHECKING:
    from studytui.cards.card import Card
    from studytui.library.article import Article
    from studytui.library.blocks import CardBlock
    from studytui.study.desk import Desk
    from studytui.tui.actions import Action
    from studytui.tui.palette import Palette
    from studytui.tui.widgets.text_lines import Styled


class CardPanel(GradedBlock):
    """Question, answer and grade. Graded like a review when it is new or due, else as practice."""

    SCOPE = "card"
    MARK = "?"
    BINDINGS = bindings(SCOPE)

    def __init__(self, block: CardBlock, article: Article, desk: Desk, palette: Palette) -> None:
        super().__init__(block.card.KIND.title, "card", palette)
        self.source = block.card
        self.desk = desk

    @property
    def scheduled(self) -> Card:
        """The card, with all its gaps."""
        return self.source

    def label_of(self, item: Action) -> str:
        """Once the answer is open and graded there is nothing to begin."""
        is_open = self.is_mounted and self.query_one(QuestionView).is_open
        if item.call == "begin" and is_open and self.proposed is None:
            return ""
        return super().label_of(item)

    @property
    def is_busy(self) -> bool:
        """Whether something was typed, or the answer is open."""
        return self.is_mounted and self.query_one(QuestionView).is_begun

    def body(self) -> ComposeResult:
        """The question, and what became of it."""
        yield QuestionView(self.palette, self.desk)
        yield GradeBar(self.palette)
        yield Lines([], self.palette, id="card-note")

    async def begin(self) -> None:
        """Pose the question as it stands now."""
        await self._pose()

    async def _pose(self) -> None:
        self.proposed = self._worth = None
        self.query_one(GradeBar).offer(())
        self.tell()
        view = self.query_one(QuestionView)
        try:
            record = self.records[self.place]
            self.subject = Subject(Activity.ANSWER, record.card)
            await view.pose(questions.question_of(self.desk, record.card), focus=False)
        except StudyError as error:
            view.display = False
            self.tell(*([(row, "warn")] for row in str(error).splitlines()))
            return
        if len(self.records) > 1:
            self.head.say(f"card {self.place + 1} of {len(self.records)}")

    def tell(self, *lines: Styled) -> None:
        """Say something under the question."""
        note = self.query_one("#card-note", Lines)
        note.show(list(lines))
        note.display = bool(lines)

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
        self.focus()
        self.propose(message.assessment.grade)

    def action_grade(self, grade: int) -> None:
        """Record a grade, and keep what is told of it in sight."""
        super().action_grade(grade)
        if self.proposed is None and self.has_focus_within:
            self.keep_in_sight("#card-note")

    def _spent_ms(self) -> int:
        return self.desk.settings.review.counted(self.take_seconds())

    def _next_keys(self) -> str:
        return "  u: undo" + ("  +: the next gap" if self.place + 1 < len(self.records) else "")

    def action_undo(self) -> None:
        """Take the grade back, once it is seen that one was given."""
        if self.outcome is None or self.is_in_sight(self.query_one("#card-note")):
            super().action_undo()

    async def ask_again(self) -> None:
        """The question as it stands now."""
        await self._pose()

    async def action_next_gap(self) -> None:
        """The next card of the same text, or the same one again."""
        self.place = (self.place + 1) % len(self.records)
        self.begin_anew()
        await self._pose()
