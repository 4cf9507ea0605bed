"""Question and answer; the reader judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import ClassVar, Self

from studytui.authoring.fields import Fields
from studytui.cards.card import Common, Judged, Kind, Tools, WrittenCard
from studytui.cards.question import Answer, AnswerField, Question


@dataclass(frozen=True, slots=True)
class BasicCard(WrittenCard):
    """Question and answer in Markdown."""

    KIND: ClassVar = Kind("basic", "Remember", seconds=20, is_computed=False, runs_code=False)

    ask: str
    answer: str

    @classmethod
    def read(cls, fields: Fields, common: Common) -> Self | None:
        """Fields: ``ask``, ``answer``."""
        ask = fields.text("ask", required=True)
        answer = fields.text("answer", required=True)
        return cls(ask=ask, answer=answer, **common) if ask and answer else None

    def shown(self) -> Iterator[str]:
        """Question and answer."""
        yield self.ask
        yield self.answer

    def pose(self, scheduled: str, random: Random) -> Question:
        """The question as it stands."""
        return Question(scheduled, AnswerField.COMPARED, self.ask, answer=self.answer)

    def judge(self, question: Question, answer: Answer, tools: Tools) -> Judged:
        """Nobody can tell but the reader."""
        return Judged(None, "Compare, and grade yourself.")
