"""What the kinds with fresh numbers share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from studytui.cards.card import WrittenCard
from studytui.cards.fresh import PLACEHOLDER, FreshValue, Values, corners, fill
from studytui.cards.question import Question

_DRAWS = 5
"""Draws of which the answers are verified, beside the corners of what can be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshCard(WrittenCard):
    """In its texts each ``{{name}}`` stands for a number that is drawn anew at every review."""

    ask: str
    fresh: tuple[FreshValue, ...] = ()

    @abstractmethod
    def filled(self, values: Values) -> Self:
        """Itself with numbers in all that is shown."""

    def shown(self) -> Iterator[str]:
        """The question."""
        yield self.ask

    @property
    def draws_numbers(self) -> bool:
        """Whether there is anything to draw: ``fresh`` may be left out."""
        return bool(self.fresh)

    def drawn(self) -> Self:
        """Itself with the numbers of the first review."""
        return self.filled(self.question(self.id, 0).values)

    def texts(self) -> Iterator[str]:
        """Its Markdown with a number in every place of one."""
        for text in (*self.shown(), self.why, self.hint):
            yield PLACEHOLDER.sub("2", text)

    def samples(self) -> Iterator[Question]:
        """Some of the questions that it can pose: some draws, and the corners of all."""
        if not self.fresh:
            yield self.question(self.id, 0)
            return
        for asked in range(_DRAWS):
            yield self.question(self.id, asked)
        for fixed in corners(self.fresh):
            yield replace(self, fresh=fixed).question(self.id, 0)

    def _with_notes_filled(self, values: Values) -> Self:
        """With numbers in the texts that every card of these kinds has."""
        return replace(
            self,
            ask=fill(self.ask, values),
            why=fill(self.why, values),
            hint=fill(self.hint, values),
        )
