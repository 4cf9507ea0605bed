"""One or more right options among wrong ones, shuffled when shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import ClassVar, Self

from studytui.authoring.fields import Fields
from studytui.authoring.problems import shown
from studytui.cards.card import Common, Judged, Kind, Tools, WrittenCard
from studytui.cards.question import Answer, AnswerField, Question, places_of


@dataclass(frozen=True, slots=True)
class ChoiceCard(WrittenCard):
    """All of ``right`` must be chosen, and none of ``wrong``."""

    KIND: ClassVar = Kind("choice", "Choose", seconds=20, is_computed=False, runs_code=False)

    ask: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]

    @classmethod
    def read(cls, fields: Fields, common: Common) -> Self | None:
        """Fields: ``ask``, ``right``, ``wrong``; no option may stand twice."""
        ask = fields.text("ask", required=True)
        right = fields.texts("right", required=True)
        wrong = fields.texts("wrong", required=True)
        seen: set[str] = set()
        for option in right + wrong:
            key = " ".join(option.split())
            if key in seen:
                name = "wrong" if option in wrong else "right"
                fields.report.add(fields.line_of(name), f"an option stands twice: {shown(option)}")
            seen.add(key)
        return cls(ask=ask, right=right, wrong=wrong, **common) if ask and right and wrong else None

    def shown(self) -> Iterator[str]:
        """The question and all options."""
        yield self.ask
        yield from self.right
        yield from self.wrong

    def pose(self, scheduled: str, random: Random) -> Question:
        """The options in an order of their own."""
        options = [*self.right, *self.wrong]
        order = list(range(len(options)))
        random.shuffle(order)
        return Question(
            scheduled,
            AnswerField.CHOICES,
            self.ask,
            answer="\n".join(f"- {option}" for option in self.right),
            options=tuple(options[index] for index in order),
            right=tuple(place for place, index in enumerate(order) if index < len(self.right)),
        )

    def judge(self, question: Question, answer: Answer, tools: Tools) -> Judged:
        """Right when the right ones are chosen, and no other."""
        right = set(places_of(answer)) == set(question.right)
        return Judged(right, "Right." if right else "Not what was asked for.")
