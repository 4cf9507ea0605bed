"""Which card comes next: what is due, in which order, and what waits for another day."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
    """How many cards a day may still bring; ``tracks`` are new ones of tracks with a limit."""

    new: int
    reviews: int
    tracks: Mapping[str, int] = field(default_factory=dict)

    def less(self, done: Tally, met: Mapping[str, int]) -> Limits:
        """What is left after what was done; ``met`` are the new cards by their track."""
        return Limits(
            max(self.new - done.new, 0),
            max(self.reviews - done.reviews, 0),
            {track: max(limit - met.get(track, 0), 0) for track, limit in self.tracks.items()},
        )


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
    known = (by_card[card] for _, card in due)
    reviews = _within(known, taken, bury_siblings, limits.reviews, {})
    fresh = (record for record in records if record.ready and record.card not in seen)
    new = _within(fresh, taken, bury_siblings, limits.new, limits.tracks)
    return Queue(_cards(reviews), _cards(new), learning)


def _within(
    records: Iterable[CardRecord],
    taken: set[str],
    one_a_note: bool,
    limit: int,
    tracks: Mapping[str, int],
) -> list[CardRecord]:
    """The first records within the limits, of one note only one where that is wanted."""
    kept: list[CardRecord] = []
    left = dict(tracks)
    for record in records:
        if len(kept) >= limit:
            break
        if (one_a_note and record.note in taken) or left.get(record.track) == 0:
            continue
        if record.track in left:
            left[record.track] -= 1
        taken.add(record.note)
        kept.append(record)
    return kept


def _cards(records: Iterable[CardRecord]) -> Iterator[str]:
    return (record.card for record in records)
