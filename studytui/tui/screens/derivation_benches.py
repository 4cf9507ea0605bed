"""What is worked in a review rather than answered: derivations and exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from studytui.cards.question import AnswerField
from studytui.library.activity import Activity
from studytui.study.attention import Subject

if TYPE_CHECKING:
    from studytui.cards.question import Question
    from studytui.memory.queue import CardRecord
    from studytui.study.desk import Desk
    from studytui.tui.palette import Palette
    from studytui.tui.widgets.live_block import LiveBlock


def subject_of(record: CardRecord) -> Subject:
    """What the time counts for that a card of a review takes."""
    if not record.deep:
        return Subject(Activity.ANSWER, record.card)
    return Subject(Activity.CODE if ":" in record.card else Activity.DERIVE, record.card)


def bench_for(question: Question, desk: Desk, palette: Palette, asked: int) -> LiveBlock | None:
    """The widget for a question that has a room of its own; None for those that are answered.

    ``asked`` counts the reviews so far.
    """
    match question.field:
        case AnswerField.DERIVATION:
            return _derivation(question.card, desk, palette)
        case AnswerField.EXERCISE:
            return _exercise(question.card, desk, palette, asked)
        case AnswerField.COMPARED | AnswerField.LINE | AnswerField.MATHS | AnswerField.LINES:
            return None
        case AnswerField.CHOICES | AnswerField.ORDERING:
            return None
        case _:
            assert_never(question.field)


def _derivation(card: str, desk: Desk, palette: Palette) -> LiveBlock:
    from studytui.library.blocks import DerivationBlock
    from studytui.tui.widgets.derivation import DerivationBench

    source = desk.library.derivation(card)
    assert source is not None
    article = desk.library.article(source.article)
    return DerivationBench(DerivationBlock(source), article, desk, palette, in_text=False)


def _exercise(card: str, desk: Desk, palette: Palette, asked: int) -> LiveBlock:
    from studytui.tui.widgets.exercise import ExercisePanel

    block = desk.library.exercise(card)
    assert block is not None
    return ExercisePanel(block, desk, palette, in_text=False, seed=asked)
