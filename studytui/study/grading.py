"""An answer assessed: whether it is right, and the grade that is proposed for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from studytui.cards.card import Judged, Tools
from studytui.cards.question import Answer, AnswerField, Question
from studytui.memory.rating import Rating


@dataclass(frozen=True, slots=True)
class Assessment:
    """What became of an answer.

    ``right`` and the proposed ``grade`` are None where only the reader can tell; ``says`` is one
    sentence; ``answer`` is the right answer, Markdown.
    """

    right: bool | None
    grade: Rating | None
    says: str
    answer: str
    mistakes: tuple[str, ...] = ()
    """The names of the classical mistakes that are shown to make a wrong answer."""


def right_answer(question: Question, run: Callable[[str], str]) -> str:
    """The right answer of a question as Markdown; numbers are computed, programs are run."""
    if question.source is None:
        return question.answer
    return question.source.right_answer(question, run)


def assess(question: Question, answer: Answer, tools: Tools, *, hinted: bool = False) -> Assessment:
    """Judge ``answer``. An empty one is an honest 'I do not know'; a hint taken lowers the grade.

    Raises ExpressionError when maths was typed that cannot be read: it is not an answer yet.
    """
    # What is shown and what is judged is the output of one run.
    tools = replace(tools, run=cache(tools.run))
    shown = right_answer(question, tools.run)
    if not answer and question.field is not AnswerField.COMPARED:
        return Assessment(False, Rating.AGAIN, "No answer.", shown)
    judged = _judged(question, answer, tools)
    if judged.right is None:
        return Assessment(None, None, judged.says, shown)
    grade = (Rating.HARD if hinted else Rating.GOOD) if judged.right else Rating.AGAIN
    return Assessment(judged.right, grade, judged.says, shown, judged.mistakes)


def _judged(question: Question, answer: Answer, tools: Tools) -> Judged:
    if question.source is None:
        return Judged(None, "Compare, and grade yourself.")
    return question.source.judge(question, answer, tools)
