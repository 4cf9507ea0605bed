"""Lines given in their right order, to be sorted."""

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
class OrderCard(WrittenCard):
    """There is one right order."""

    KIND: ClassVar = Kind("order", "Put in order", seconds=30, is_computed=False, runs_code=False)

    ask: str
    lines: tuple[str, ...]

    @classmethod
    def read(cls, fields: Fields, common: Common) -> Self | None:
        """Fields: ``ask``, ``lines`` in their right order, at least two, all different."""
        ask = fields.text("ask", required=True)
        lines = fields.texts("lines", required=True)
        where = fields.line_of("lines")
        if len(lines) == 1:
            fields.report.add(where, "one line cannot be put in order", "Give at least two")
        for position, line in enumerate(lines):
            if line in lines[:position]:
                fields.report.add(where, f"a line stands twice: {shown(line)}", "Make it unlike")
        return cls(ask=ask, lines=lines, **common) if ask and len(lines) > 1 else None

    def shown(self) -> Iterator[str]:
        """The question and the lines."""
        yield self.ask
        yield from self.lines

    def pose(self, scheduled: str, random: Random) -> Question:
        """The lines in an order that is never the right one."""
        order = list(range(len(self.lines)))
        while len(order) > 1 and order == sorted(order):
            random.shuffle(order)
        return Question(
            scheduled,
            AnswerField.ORDERING,
            self.ask,
            answer="\n".join(f"{number}. {line}" for number, line in enumerate(self.lines, 1)),
            options=tuple(self.lines[index] for index in order),
            right=tuple(order.index(index) for index in range(len(order))),
        )

    def judge(self, question: Question, answer: Answer, tools: Tools) -> Judged:
        """Right line by line; the first that is not is told."""
        place = first_misplaced(places_of(answer), question.right)
        if place is None:
            return Judged(True, "Right.")
        return Judged(False, f"It first goes wrong at line {place + 1}.")


def first_misplaced(order: tuple[int, ...], right: tuple[int, ...]) -> int | None:
    """The first place (0-based) at which an ordering goes wrong; None when it is right.

    >>> first_misplaced((0, 2, 1), (0, 1, 2))
    1
    """
    for place, index in enumerate(right):
        if place >= len(order) or order[place] != index:
            return place
    return None
