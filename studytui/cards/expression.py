"""An answer typed as maths and judged by the prover."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import ClassVar, Self, assert_never

from studytui.authoring.fields import Fields
from studytui.cards.card import Common, Flaw, Judged, Kind, Tools, Verified, WrittenCard, unusable
from studytui.cards.question import Answer, AnswerField, Question, text_of
from studytui.errors import StudyError


@dataclass(frozen=True, slots=True)
class ExpressionCard(WrittenCard):
    """Any equal expression is right. ``symbols`` maps names to domains."""

    KIND: ClassVar = Kind(
        "expression", "Write it down", seconds=40, is_computed=True, runs_code=False
    )

    ask: str
    answer: str
    symbols: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, fields: Fields, common: Common) -> Self | None:
        """Fields: ``ask``, ``answer``, ``symbols``."""
        ask = fields.text("ask", required=True)
        answer = fields.text("answer", required=True)
        symbols = fields.pairs("symbols", required=True)
        if not (ask and answer):
            return None
        return cls(ask=ask, answer=answer, symbols=symbols, **common)

    def shown(self) -> Iterator[str]:
        """The question; the answer is no Markdown."""
        yield self.ask

    def words(self) -> Iterator[str]:
        """The answer can be found too."""
        yield self.ask
        yield self.answer
        if self.why:
            yield self.why

    def pose(self, scheduled: str, random: Random) -> Question:
        """The question as it stands."""
        return Question(
            scheduled,
            AnswerField.MATHS,
            self.ask,
            expected=(self.answer,),
            symbols=self.symbols,
            invitation="your answer, as maths",
        )

    def right_answer(self, question: Question, run: Callable[[str], str]) -> str:
        """The expression, as it is typed."""
        return f"`{question.expected[0]}`"

    def judge(self, question: Question, answer: Answer, tools: Tools) -> Judged:
        """By the prover; what it cannot decide is the reader's to judge."""
        from studytui.derive.mistakes.explain import explain_equal, words
        from studytui.derive.verdict import Verdict

        found = tools.judge.equal(text_of(answer), question.expected[0], dict(question.symbols))
        match found.verdict:
            case Verdict.PROVED:
                return Judged(True, "Proved equal.")
            case Verdict.AGREES:
                return Judged(True, f"Agrees numerically at {found.points} points; not proved.")
            case Verdict.REFUTED:
                mistakes = explain_equal(
                    tools.judge, question.expected[0], text_of(answer), dict(question.symbols)
                )
                told = f" {words(mistakes)}" if mistakes else ""
                names = tuple(named.name for named in mistakes)
                return Judged(False, f"Not equal: {found.why}.{told}", names)
            case Verdict.UNDECIDED | Verdict.ERROR:
                return Judged(None, f"Not decided: {found.why}")
            case _:
                assert_never(found.verdict)

    def flaws(self) -> Iterator[Flaw]:
        """An answer or symbols that cannot be read."""
        from studytui.derive.syntax import parse
        from studytui.derive.syntax.declarations import declare

        try:
            parse(self.answer, declare(dict(self.symbols)))
        except StudyError as error:
            yield unusable(f"the answer of '{self.id}'", error)

    def verify(self, tools: Tools) -> Iterator[Verified]:
        """An answer that cannot be shown equal to itself can never be accepted from a reader."""
        from studytui.derive.verdict import Verdict

        found = tools.judge.equal(self.answer, self.answer, dict(self.symbols))
        holds = found.verdict is Verdict.PROVED
        yield Verified(found.verdict, holds, "" if holds else found.why)
