"""A number computed from an expression in fresh values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import ClassVar, Self

from studytui.authoring.fields import Fields
from studytui.cards.card import Common, Flaw, Judged, Kind, Tools, Verified, unusable
from studytui.cards.fresh import Values, check_placeholders, draw, fill, read_fresh
from studytui.cards.fresh_card import FreshCard
from studytui.cards.numbers import close_numbers, number_text, split_unit, unit_factor
from studytui.cards.question import Answer, AnswerField, Question, text_of
from studytui.errors import StudyError

_DRAWS = 20
"""How often the numbers are drawn to see whether the answer can be computed."""


@dataclass(frozen=True, slots=True)
class NumberCard(FreshCard):
    """``answer`` is an expression in the names of the fresh values; ``tolerance`` is relative."""

    KIND: ClassVar = Kind("number", "Work it out", seconds=40, is_computed=True, runs_code=False)

    answer: str
    tolerance: float = 1e-3
    unit: str = ""

    @classmethod
    def read(cls, fields: Fields, common: Common) -> Self | None:
        """Fields: ``ask``, ``answer``, ``fresh``, ``tolerance`` (relative), ``unit``."""
        ask = fields.text("ask", required=True)
        answer = fields.text("answer", required=True)
        fresh = read_fresh(fields)
        tolerance = fields.number("tolerance", 1e-3)
        unit = fields.text("unit")
        if not 0 <= tolerance < 1:
            fields.report.add(
                fields.line_of("tolerance"), "tolerance is not between 0 and 1", "It is relative"
            )
        shown_at_answer = (common["why"], common["hint"], unit)
        check_placeholders(fields, fresh, {"ask": (ask,), "why": shown_at_answer}, ask + answer)
        if not (ask and answer):
            return None
        return cls(ask=ask, answer=answer, fresh=fresh, tolerance=tolerance, unit=unit, **common)

    def filled(self, values: Values) -> Self:
        """With numbers in its texts; the expression keeps its names."""
        return replace(self._with_notes_filled(values), unit=fill(self.unit, values))

    def words(self) -> Iterator[str]:
        """The question with numbers, and the expression."""
        drawn = self.drawn()
        yield drawn.ask
        yield drawn.answer
        if drawn.why:
            yield drawn.why

    def pose(self, scheduled: str, random: Random) -> Question:
        """The question with numbers."""
        values = draw(self.fresh, random)
        unit = fill(self.unit, values)
        return Question(
            scheduled,
            AnswerField.MATHS,
            fill(self.ask, values),
            expected=(self.answer,),
            values=values,
            unit=unit,
            invitation="a number or an expression" + (", with its unit" if unit else ""),
        )

    def right_answer(self, question: Question, run: Callable[[str], str]) -> str:
        """The computed number, with its unit."""
        unit = f" {question.unit}" if question.unit else ""
        return f"**{number_text(expected_number(question))}{unit}**"

    def judge(self, question: Question, answer: Answer, tools: Tools) -> Judged:
        """By its value, in any unit of the same kind; a wrong one is told by its factor."""
        from studytui.derive.evaluate.evaluator import evaluate
        from studytui.derive.syntax import parse

        number, unit = split_unit(text_of(answer).replace("\u202f", ""))
        factor = unit_factor(unit, question.unit)
        if factor is None:
            wanted = f"in {question.unit}" if question.unit else "without a unit"
            return Judged(False, f"The answer is asked for {wanted}, not in {unit}.")
        given = evaluate(parse(number, {}), {}) * factor
        expected = expected_number(question)
        if close_numbers(given, expected, self.tolerance):
            return Judged(True, "Right.")
        times = f": {given / expected:.3g} times the answer" if expected and given else ""
        return Judged(False, f"Yours is {number_text(given)}{times}.")

    def flaws(self) -> Iterator[Flaw]:
        """An answer that has no value for some of the numbers that can be drawn."""
        for asked in range(_DRAWS if self.fresh else 1):
            question = self.question(self.id, asked)
            what = f"the answer of '{self.id}'{_at(question)}"
            try:
                value = expected_number(question)
            except StudyError as error:
                yield unusable(what, error)
                return
            if not math.isfinite(value):
                yield Flaw(f"{what} is {value}")
                return

    def verify(self, tools: Tools) -> Iterator[Verified]:
        """Compute the answer for the corners and some draws."""
        values: list[str] = []
        for question in self.samples():
            try:
                value = expected_number(question)
            except StudyError as error:
                raise StudyError(f"{_at(question).lstrip()}: {error.what}") from error
            if not math.isfinite(value):
                raise StudyError(f"{_at(question).lstrip()} it is {value}")
            values.append(number_text(value))
        yield Verified("computed", True, f"{len(values)} × {', '.join(values[:3])}")


def _at(question: Question) -> str:
    """For which numbers, in words: `` at n = 2, t = 3``; empty when none are drawn."""
    drawn = ", ".join(f"{name} = {value}" for name, value in question.values)
    return f" at {drawn}" if drawn else ""


def expected_number(question: Question) -> float:
    """The right answer, computed from the expression and the drawn values."""
    # The catalogue is on the start path and knows the kinds; few starts compute an answer.
    from studytui.derive.evaluate.evaluator import evaluate
    from studytui.derive.syntax import parse

    values = {name: _as_number(value) for name, value in question.values}
    return evaluate(parse(question.expected[0], dict.fromkeys(values, "real")), values)


def _as_number(value: str) -> float:
    return float(value) if any(mark in value for mark in ".eE") else int(value)
