"""Which card comes next: what is due, in which order, and what waits for another day."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from studytui.store.states import CardState, Phase, Tally


@dataclass(frozen=True, slots=True)
class CardRecord:
    """What scheduling knows of a card: the rest is the library's.

    ``note`` is shared by siblings (gaps of one text, two directions of a term); ``content`` is the
    digest of the source. A card that is not ``ready`` is not met for the first time: its section
    has not been read, or its kind is not wanted. ``deep`` are derivations and exercises, which
    take minutes.
    """

    card: str
    note: str
    track: str
    content: str = ""
    ready: bool = True
    deep: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How many cards a day may still bring."""

    new: int
    reviews: int

    def less(self, done: Tally) -> Limits:
        """What is left after what was done."""
        return Limits(max(self.new - done.new, 0), max(self.reviews - done.reviews, 0))


@dataclass(frozen=True, slots=True)
class Counts:
    """What is left to do today."""

    new: int
    learning: int
    reviews: int

    @property
    def total(self) -> int:
        """All together."""
        return self.new + self.learning + self.reviews


class Queue:
    """The cards of a sitting. Learning cards come when their minutes are over, before all others;
    reviews come by falling probability of recall (what can still be saved, first), new ones spread
    evenly among them.
    """

    def __init__(
        self, reviews: Iterable[str], new: Iterable[str], learning: Iterable[tuple[int, str]]
    ) -> None:
        self.reviews = deque(reviews)
        self.new = deque(new)
        self._back: deque[tuple[str, bool]] = deque()
        self._reviews_per_new = len(self.reviews) / max(len(self.new), 1)
        self._learning = list(learning)
        heapq.heapify(self._learning)

    @property
    def counts(self) -> Counts:
        """How many cards wait."""
        new = sum(is_new for _, is_new in self._back)
        reviews = len(self._back) - new + len(self.reviews)
        return Counts(new + len(self.new), len(self._learning), reviews)

    def learn(self, due_ms: int, card: str) -> None:
        """Let a card come back at an instant."""
        heapq.heappush(self._learning, (due_ms, card))

    def first(self, card: str, *, is_new: bool) -> None:
        """Let a card come at once, counted as what it is."""
        self._back.appendleft((card, is_new))

    def last(self, card: str) -> None:
        """Let a card come again after all others."""
        self.reviews.append(card)

    def forget(self, card: str) -> None:
        """Take a card out, wherever it waits."""
        self.reviews = deque(other for other in self.reviews if other != card)
        self.new = deque(other for other in self.new if other != card)
        self._back = deque(entry for entry in self._back if entry[0] != card)
        self._learning = [entry for entry in self._learning if entry[1] != card]
        heapq.heapify(self._learning)

    def pop(self, now_ms: int, ahead_ms: int) -> str | None:
        """The next card, or None if nothing is due now."""
        if self._back:
            return self._back.popleft()[0]
        if self._learning and self._learning[0][0] <= now_ms:
            return heapq.heappop(self._learning)[1]
        if self.reviews and len(self.reviews) >= len(self.new) * self._reviews_per_new:
            return self.reviews.popleft()
        if self.new:
            return self.new.popleft()
        if self._learning and self._learning[0][0] <= now_ms + ahead_ms:
            return heapq.heappop(self._learning)[1]
        return None

    @property
    def learning(self) -> tuple[str, ...]:
        """The cards in steps."""
        return tuple(card for _, card in self._learning)

    def next_due(self) -> int | None:
        """When the first learning card is due, UTC milliseconds."""
        return self._learning[0][0] if self._learning else None


def build(
    records: Sequence[CardRecord],
    waiting: Sequence[tuple[str, CardState]],
    *,
    seen: set[str],
    answered: set[str],
    limits: Limits,
    day: int,
    bury_siblings: bool,
    recall: Callable[[CardState, int], float],
) -> Queue:
    """The queue of a study day.

    Args:
        records: The cards that may be shown, new ones in the order they are to be met.
        waiting: States of the cards that are due or in steps.
        seen: Cards that are not new.
        answered: Cards already answered today.
        limits: What is left of the daily limits.
        day: Today.
        bury_siblings: Whether one card of a note is enough for a day.
        recall: Probability of recall of a state on a day.
    """
    by_card = {record.card: record for record in records}
    taken = {by_card[card].note for card in answered if card in by_card} if bury_siblings else set()
    learning, due = [], []
    for card, state in waiting:
        if card not in by_card or state.buried_day == day:
            continue
        if state.phase == Phase.REVIEW:
            due.append((recall(state, day), card))
        else:
            learning.append((state.due_ms, card))
            if bury_siblings:
                taken.add(by_card[card].note)
    due.sort(key=lambda entry: (-entry[0], entry[1]))
    alone = _one_a_note if bury_siblings else _as_they_are
    reviews = alone((by_card[card] for _, card in due), taken, limits.reviews)
    fresh = (record for record in records if record.ready and record.card not in seen)
    new = alone(fresh, taken, limits.new)
    return Queue(_cards(reviews), _cards(new), learning)


def _one_a_note(records: Iterable[CardRecord], taken: set[str], limit: int) -> list[CardRecord]:
    kept: list[CardRecord] = []
    for record in records:
        if len(kept) >= limit:
            break
        if record.note not in taken:
            taken.add(record.note)
            kept.append(record)
    return kept


def _as_they_are(records: Iterable[CardRecord], taken: set[str], limit: int) -> list[CardRecord]:
    del taken
    return [record for record, _ in zip(records, range(limit), strict=False)]


def _cards(records: Iterable[CardRecord]) -> Iterator[str]:
    return (record.card for record in records)
