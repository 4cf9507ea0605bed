"""A program whose output is to be predicted; then it is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from random import Random
from typing import ClassVar, Self

from studytui.authoring.fields import Fields
from studytui.authoring.problems import shown
from studytui.authoring.python import syntax_problem
from studytui.cards.card import Common, Judged, Kind, Tools, Verified
from studytui.cards.fresh import Values, check_placeholders, draw, fill, read_fresh
from studytui.cards.fresh_card import FreshCard
from studytui.cards.question import Answer, AnswerField, Question, text_of
from studytui.errors import StudyError

DEFAULT_QUESTION = "What does it print?"
_RUNS = 5
"""Questions of which the programs are verified, twice each: a process is slower than a formula."""


@dataclass(frozen=True, slots=True)
class OutputCard(FreshCard):
    """``{{name}}`` in ``code`` is a fresh value too."""

    KIND: ClassVar = Kind(
        "output", "Predict the output", seconds=40, is_computed=True, runs_code=True
    )

    code: str

    @classmethod
    def read(cls, fields: Fields, common: Common) -> Self | None:
        """Fields: ``ask``, ``code``, ``fresh``. The code must be Python; it is not run here."""
        ask = fields.text("ask", DEFAULT_QUESTION)
        code = fields.text("code", required=True)
        fresh = read_fresh(fields)
        check_placeholders(fields, fresh, {"ask": (ask,), "code": (code,)}, ask + code)
        if not code:
            return None
        problem = syntax_problem(re.sub(r"\{\{\s*\w+\s*\}\}", "1", code))
        if problem is not None:
            line = fields.line_of("code") + problem.line
            fields.report.add(line, f"code is not Python: {problem.what}")
        return cls(ask=ask, code=code, fresh=fresh, **common)

    def filled(self, values: Values) -> Self:
        """With numbers in its texts and its program."""
        return replace(self._with_notes_filled(values), code=fill(self.code, values))

    def words(self) -> Iterator[str]:
        """The question and the program, with numbers."""
        drawn = self.drawn()
        yield drawn.ask
        yield drawn.code
        if drawn.why:
            yield drawn.why

    def pose(self, scheduled: str, random: Random) -> Question:
        """The question and the program, with numbers."""
        values = draw(self.fresh, random)
        code = fill(self.code, values)
        return Question(
            scheduled, AnswerField.LINES, fill(self.ask, values), values=values, code=code
        )

    def right_answer(self, question: Question, run: Callable[[str], str]) -> str:
        """What the program prints."""
        return f"```\n{run(question.code).rstrip()}\n```"

    def judge(self, question: Question, answer: Answer, tools: Tools) -> Judged:
        """Line by line, trailing blanks aside."""
        mine, theirs = _lines(text_of(answer)), _lines(tools.run(question.code).rstrip())
        if mine == theirs:
            return Judged(True, "Right.")
        for number, line in enumerate(theirs):
            if number >= len(mine) or mine[number] != line:
                return Judged(False, f"It first differs in line {number + 1}.")
        return Judged(False, f"It prints {len(theirs)} lines, not {len(mine)}.")

    def verify(self, tools: Tools) -> Iterator[Verified]:
        """Run the program for some draws, twice each: it must print something, and the same."""
        outputs: list[str] = []
        for question in islice(self.samples(), _RUNS):
            first, second = tools.run(question.code), tools.run(question.code)
            if first != second:
                raise StudyError("it does not print the same twice")
            if not first.strip():
                raise StudyError("it prints nothing")
            outputs.append(" ".join(first.split()))
        yield Verified("ran", True, f"{len(outputs)} × {shown(outputs[0], 40)}")


def _lines(text: str) -> list[str]:
    """The lines of an output without trailing blanks and blank lines at either end."""
    return [line.rstrip() for line in text.strip("\n").splitlines()]
