"""Anki's review log as events, read as Anki itself reads it when it computes a card's memory.

The same file gives the same events on every device: ids, study days and offsets follow from what
stands in the file, never from the reader's clock, zone or settings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from studytui.memory.fsrs6 import LONGEST, SHORTEST, Model
from studytui.store.anki.records import (
    SUSPENDED,
    AnkiCard,
    AnkiPackage,
    AnkiReview,
    CardType,
    ReviewKind,
)
from studytui.store.columns import Columns, values
from studytui.store.errors import EventError
from studytui.store.events import (
    Body,
    Event,
    Practice,
    Reset,
    Review,
    SetDue,
    SetMemory,
    Suspend,
)
from studytui.store.merging import Batch
from studytui.store.validator import are_canonical, canonical

DEVICE = sha256(b"anki").hexdigest()[:32]
"""Reviews from a package count as those of one device of their own, on every machine."""
SAME_REVIEW_MS = 50
"""Two grades of one card closer than this are one review, told twice."""
LONGEST_REVIEW_MS = 86_400_000
DAY_MS = 86_400_000
_CARDS_AT_ONCE = 200
SM2_RETENTION = 0.9
"""What share of cards Anki assumes that SM-2's intervals recalled."""
_ROLLOVER_MINUTES = 4 * 60
_LATEST_CREATION = 4_102_444_800
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_BY_HAND = frozenset((ReviewKind.MANUAL, ReviewKind.RESCHEDULED))
_FILTERED, _LEARNING = ReviewKind.FILTERED, ReviewKind.LEARNING
_LATER = (ReviewKind.REVIEW, ReviewKind.RELEARNING)
_IN_REVIEW = CardType.REVIEW
_SM2_FACTORS = 1100
"""Factors up to here are FSRS's difficulty, greater ones SM-2's ease in permille."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A collection's days: whole days of 24 hours since it was made, as Anki counts them."""

    created_ms: int
    offset_minutes: int
    first_day: int = field(init=False)

    def __post_init__(self) -> None:
        first = (self.created_ms // 60_000 + self.offset_minutes) // 1440 + _EPOCH_DAY
        object.__setattr__(self, "first_day", first)

    @classmethod
    def of(cls, package: AnkiPackage) -> Calendar:
        """The collection's own; where it does not say its zone, its creation was at a rollover."""
        created = package.created if 0 <= package.created < _LATEST_CREATION else 0
        if package.west_minutes is not None:
            return cls(created * 1000, -package.west_minutes)
        offset = (_ROLLOVER_MINUTES - created // 60) % 1440
        return cls(created * 1000, offset - 1440 if offset >= 720 else offset)

    def day(self, due: int) -> int:
        """The study day (ordinal) of a day counted from the collection's creation."""
        return self.first_day + due

    def day_at(self, instant_ms: int) -> int:
        """The study day (ordinal) of an instant (ms UTC)."""
        return self.first_day + (instant_ms - self.created_ms) // DAY_MS

    def noon_ms(self, day: int) -> int:
        """An instant within a study day."""
        return self.created_ms + (day - self.first_day) * DAY_MS + DAY_MS // 2


class History:
    """The events of the cards in ``ids`` (Anki's id to ours), in batches that can be stored.

    They are made as they are read, for a deck has a hundred thousand. ``told`` counts them, and
    ``odd`` what could not be taken, up to where they were read. ``known`` has the instants at which
    the journal holds reviews of a card: they are not told twice.
    """

    def __init__(
        self, package: AnkiPackage, ids: Mapping[int, str], known: Mapping[str, Sequence[int]]
    ) -> None:
        self.told = 0
        self.odd = 0
        self._ids = ids
        self._known = known
        self._calendar = Calendar.of(package)
        self._cards = [card for card in package.cards if card.id in ids]
        self._logs: dict[int, list[AnkiReview]] = {}
        for review in package.reviews:
            self._logs.setdefault(review.card, []).append(review)

    def __len__(self) -> int:
        """About how many events there are."""
        return sum(map(len, self._logs.values())) + len(self._cards)

    def __iter__(self) -> Iterator[Batch]:
        self.told = self.odd = 0
        for start in range(0, len(self._cards), _CARDS_AT_ONCE):
            for events in self._events(self._cards[start : start + _CARDS_AT_ONCE]):
                # Nearly every package is sound, and all at once is asked at a fifth of the cost.
                batch = events if are_canonical(events) else self._sound(events.events())
                self.told += len(batch)
                yield batch

    def _events(self, cards: Iterable[AnkiCard]) -> Iterator[Columns]:
        """What the cards tell, as events whose ids follow from it: a second import adds nothing."""
        told: _Told = defaultdict(list)
        for card in cards:
            name = self._ids[card.id]
            one = _CardHistory(card, name, self._calendar, self._known.get(name, ()), told)
            one.tell(self._logs.get(card.id, ()))
        calendar = self._calendar
        for kind, rows in told.items():
            keys, instants, *own = zip(*rows, strict=True)
            yield Columns(
                kind,
                [sha256(key.encode()).hexdigest()[:32] for key in keys],
                (DEVICE,) * len(rows),
                instants,
                (calendar.offset_minutes,) * len(rows),
                list(map(calendar.day_at, instants)),
                instants,
                own,
            )

    def _sound(self, events: Iterable[Event]) -> list[Event]:
        """The events that can be stored; what the package says in so many words is counted."""
        sound: list[Event] = []
        for event in events:
            try:
                sound.append(canonical(event))
            except EventError:
                self.odd += isinstance(event.body, Review | Practice | Suspend)
        return sound


def sm2_memory(ease: float, interval: float, retention: float = SM2_RETENTION) -> SetMemory:
    """FSRS's memory of a card that SM-2 scheduled, by the formula of ``fsrs-rs``.

    ``ease`` is about 2.5, ``interval`` days. The subject and the day are left to the caller.
    """
    model = Model()
    w = model.parameters
    decay = -w[20]
    factor = 0.9 ** (1 / decay) - 1
    stability = max(interval, SHORTEST) * factor / (retention ** (1 / decay) - 1)
    growth = model.growth(stability, retention)
    difficulty = 11 - (ease - 1) / growth
    return SetMemory(
        "",
        stability=min(max(stability, SHORTEST), LONGEST),
        difficulty=min(max(difficulty, 1.0), 10.0),
        interval=max(1, min(round(interval), int(LONGEST))),
        due_day=1,
    )


_Told = defaultdict[type[Body], list[tuple[Any, ...]]]
"""By kind what makes the id of an event, its instant (ms UTC), and the fields of its body."""


class _CardHistory:
    """The log of one card becomes what events say."""

    def __init__(
        self,
        card: AnkiCard,
        name: str,
        calendar: Calendar,
        known: Sequence[int],
        told: _Told,
    ) -> None:
        self._told = told
        self._card = card
        self._name = name
        self._calendar = calendar
        self._known = known

    def tell(self, log: Sequence[AnkiReview]) -> None:
        """All that is to be said of the card, in the order of its log."""
        tells = self._tell_reviews(log)
        if tells and self._card.type is _IN_REVIEW:
            self._tell_due(log[-1].id)
        if (tells or not log) and not _is_whole(log):
            self._tell_beginnings(log)
        if self._card.queue == SUSPENDED:
            changed = self._card.modified
            key = f"suspend\0{self._name}\0{changed}"
            self._tell(key, Suspend(self._name), changed * 1000)

    def _tell_reviews(self, log: Sequence[AnkiReview]) -> bool:
        """The grades of the log, and whether there are any that are not known."""
        name, known = self._name, self._known
        retention = min(0.999, max(0.5, self._card.desired_retention or 0.9))
        reviews: list[tuple[Any, ...]] = []
        practice: list[tuple[Any, ...]] = []
        for review in log:
            if not _graded(review) or (known and self._is_known(review.id)):
                continue
            instant, duration = review.id, review.milliseconds
            if not 0 <= duration <= LONGEST_REVIEW_MS:
                duration = min(max(0, duration), LONGEST_REVIEW_MS)
            key = f"anki\0review\0{name}\0{instant}"
            # The fields in the order of their class: no object is made of the thousands.
            if _is_cramming(review):
                practice.append((key, instant, name, review.grade, duration, ""))
            else:
                reviews.append((key, instant, name, review.grade, duration, "", retention, None))
        if reviews:
            self._told[Review] += reviews
        if practice:
            self._told[Practice] += practice
        return bool(reviews or practice)

    def _is_known(self, instant_ms: int) -> bool:
        return any(abs(instant - instant_ms) <= SAME_REVIEW_MS for instant in self._known)

    def _tell_beginnings(self, log: Sequence[AnkiReview]) -> None:
        """Where the card's memory began anew, and what it was where no review says so."""
        start, complete = _last_beginning(log)
        for review in log[:start]:
            if _is_reset(review):
                self._tell(f"reset\0{self._name}\0{review.id}", Reset(self._name), review.id)
        counted = [review for review in log[start:] if _counts(review)]
        if complete and counted and any(map(_counts, log[:start])):
            first = counted[0].id
            self._tell(f"anew\0{self._name}\0{first}", Reset(self._name), first - 1)
        if not complete and counted:
            first_left = counted[0]
            body = self._memory_after(first_left)
            self._tell(f"memory\0{self._name}\0{first_left.id}", body, first_left.id + 1)
        if not counted and self._card.type is _IN_REVIEW and self._card.interval > 0:
            self._tell_unlogged()

    def _tell_due(self, last: int) -> None:
        """The day for which Anki has planned the card: its fuzz and its settings were its own."""
        calendar = self._calendar
        due = max(calendar.day(self._card.due), calendar.day_at(last))
        key = f"anki\0due\0{self._name}\0{last}\0{due}"
        # After the memory of a log whose beginning is missing, which has the next millisecond.
        self._told[SetDue].append((key, last + 2, self._name, due))

    def _memory_after(self, review: AnkiReview) -> SetMemory:
        """The memory after the first review of a log whose beginning is missing."""
        days = max(review.interval, 1)
        day = self._calendar.day_at(review.id)
        if review.factor > _SM2_FACTORS:
            known = sm2_memory(review.factor / 1000, days)
        else:
            difficulty = 1 + 9 * (review.factor - 100) / 1000
            known = SetMemory("", float(days), min(max(difficulty, 1.0), 10.0), days, 1)
        return self._named(known, day, day + days)

    def _tell_unlogged(self) -> None:
        """A card with an interval and no log: Anki's own numbers for it, or SM-2's."""
        card, calendar = self._card, self._calendar
        due = calendar.day(card.due)
        if card.stability and card.difficulty:
            stability = min(max(card.stability, SHORTEST), LONGEST)
            difficulty = min(max(card.difficulty, 1.0), 10.0)
            known = SetMemory("", stability, difficulty, card.interval, 1)
        else:
            known = sm2_memory((card.factor or 2500) / 1000, card.interval)
        last = card.last_review
        instant = last * 1000 if last else calendar.noon_ms(due - card.interval)
        body = self._named(known, calendar.day_at(instant), due)
        self._tell(f"memory\0{self._name}\0{instant}", body, instant)

    def _named(self, known: SetMemory, day: int, due: int) -> SetMemory:
        return SetMemory(
            self._name,
            known.stability,
            known.difficulty,
            known.interval,
            max(due, day),
            max(1, self._card.repetitions),
            max(0, self._card.lapses),
        )

    def _tell(self, key: str, body: Body, instant_ms: int) -> None:
        row = (f"anki\0{key}", instant_ms, *values(body))
        self._told[type(body)].append(row)


def _graded(review: AnkiReview) -> bool:
    return review.kind not in _BY_HAND and 1 <= review.grade <= 4


def _is_cramming(review: AnkiReview) -> bool:
    """A review in a filtered deck that doesn't reschedule has no factor."""
    return review.kind is _FILTERED and review.factor == 0


def _counts(review: AnkiReview) -> bool:
    return _graded(review) and not _is_cramming(review)


def _is_reset(review: AnkiReview) -> bool:
    """'Forget' and 'Reset' write a manual entry without a factor; 'Set due date' writes one."""
    return review.kind is ReviewKind.MANUAL and review.factor == 0


def _is_whole(log: Sequence[AnkiReview]) -> bool:
    """Whether a log begins with learning, which comes nowhere else, and holds graded reviews alone:
    its memory has one beginning, and nothing needs to be said of it."""
    learns = True
    for review in log:
        if review.kind is not _LEARNING:
            if review.kind not in _LATER:
                return False
            learns = False
        elif not learns:
            return False
        if not 1 <= review.grade <= 4:
            return False
    return bool(log) and log[0].kind is _LEARNING


def _last_beginning(log: Sequence[AnkiReview]) -> tuple[int, bool]:
    """Where the memory that counts begins in a log, and whether it begins with learning.

    Anki goes back from the last entry: to the first of the last learning entries, or to the entry
    after the last reset.
    """
    start, complete = len(log), False
    for place in range(len(log) - 1, -1, -1):
        review = log[place]
        if _is_reset(review):
            break
        if not _counts(review):
            continue
        if review.kind is _LEARNING:
            start, complete = place, True
        elif complete:
            break
        else:
            start = place
    return start, complete
