"""The journal together with the states of the cards: every change goes into both, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from studytui.memory.days import StudyDays, to_ms
from studytui.memory.fuzz import seeded, spread
from studytui.memory.rating import Rating
from studytui.memory.replay import fold, fold_all, in_force, stamp
from studytui.memory.scheduler import LAST_FACTOR, Scheduler
from studytui.settings import Settings
from studytui.store.events import (
    Body,
    Bury,
    Event,
    Redo,
    Reset,
    Review,
    SetDue,
    SetMemory,
    Suspend,
    Tagged,
    Undo,
    Unsuspend,
)
from studytui.store.journal import Journal, ReviewRow
from studytui.store.merging import Batch, Merged
from studytui.store.states import CardState, Phase

CardAction = Suspend | Unsuspend | Bury | Reset | SetDue | SetMemory | Tagged
Progress = Callable[[int, int], None]
"""Hears how many events of how many have been replayed."""

AHEAD = timedelta(days=2)
"""How far a clock may run ahead before it is told, and its events are held apart."""

TOLD_EVERY = 10_000
"""Events between two words about the progress: some five a second."""

MANY_CARDS = 1000
FEW_EVENTS = 20
"""Events a card, up to which one pass over the journal costs less than asking for each card."""

Factors = tuple[float | None, float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change to a card left: its events and its state after them."""

    card: str
    events: tuple[Event, ...]
    before: CardState
    after: CardState


class Ledger:
    """Grades, takes back, suspends ... Every method that records is one transaction."""

    def __init__(self, journal: Journal, settings: Settings) -> None:
        self.journal = journal
        self.settings = settings
        self.scheduler = Scheduler(settings.memory)
        self.days = StudyDays.of(settings.days.time_zone, settings.days.rollover_hour)

    @property
    def is_current(self) -> bool:
        """Whether the cached states are what replaying the journal with these settings gives."""
        return self.journal.setting("states") == stamp(self.scheduler)

    def make_current(self, progress: Progress | None = None) -> None:
        """Replay if the cache was made by other code or other settings; else do nothing."""
        if self.is_current:
            return
        if self.journal.is_empty:
            self.journal.set_setting("states", stamp(self.scheduler))
            return
        self.rebuild(progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Throw the cache away and replay the whole journal; ``progress`` hears how far it is."""
        with self.journal.transaction():
            rows: Iterable[ReviewRow] = self.journal.replay_rows()
            if progress is not None:
                rows = _counted(rows, self.journal.count(), progress)
            states = fold_all(rows, self.scheduler)
            self.journal.replace_states(states, stamp(self.scheduler))

    def state(self, card: str) -> CardState:
        """The state of a card now."""
        with self.journal.reading():
            return self.journal.states.get(card)

    def factors(self, card: str, state: CardState, day: int, retention: float) -> Factors:
        """For each grade the fuzz factor of the interval it would give."""
        settings = self.settings.memory
        if not settings.fuzz:
            return None, None, None, None
        seed = seeded(card, state.reps)
        if not settings.load_spread:
            return seed, seed, seed, seed
        factors: list[float | None] = []
        floor = 0
        for grade in Rating:
            first, last = (
                self._graded(state, grade, day, retention, factor) for factor in (0.0, LAST_FACTOR)
            )
            if first.phase != Phase.REVIEW or first.interval == last.interval:
                factors.append(seed)
                floor = max(floor, first.interval if first.phase == Phase.REVIEW else 0)
                continue
            lower = min(max(first.interval, floor), last.interval)
            with self.journal.reading():
                load = self.journal.states.load(day + lower, day + last.interval)
            due = spread(day + lower, day + last.interval, load, seed)
            factor = self.scheduler.factor_for(
                state, grade, due - day, day=day, retention=retention
            )
            factors.append(factor)
            floor = self._graded(state, grade, day, retention, factor).interval
        again, hard, good, easy = factors
        return again, hard, good, easy

    def grade(
        self,
        card: str,
        grade: Rating,
        now: datetime,
        *,
        retention: float,
        factor: float | None,
        duration_ms: int = 0,
        content: str = "",
        expect: str | None = None,
    ) -> Outcome:
        """Record a grade; on the disk when this returns.

        Args:
            card: Its id.
            grade: How well the card was recalled.
            now: The instant, aware.
            retention: Desired retention of the card's track.
            factor: From ``factors``.
            duration_ms: Time taken to answer.
            content: Digest of the card's source.
            expect: ``last_event`` of the state that the reader saw; None to not ask.

        Raises:
            StaleCardError: The card changed since.
            StoreError: The grade could not be recorded.
        """
        moment = self.days.moment(now)
        body = Review(card, int(grade), duration_ms, content, retention, factor)
        with self.journal.transaction():
            before = self.journal.states.get(card)
            event = self.journal.append(body, moment, expect=expect)
            after = self.scheduler.review(
                before,
                grade,
                day=moment.day,
                at_ms=moment.instant_ms,
                retention=retention,
                factor=factor,
                event=event.id,
            )
            if not self.journal.is_last(event):
                # The clock stands far behind another event of the card.
                after = self._refolded(card)
            events = [event]
            if self.is_new_leech(before, after) and self.settings.memory.leech_action == "suspend":
                events.append(self.journal.append(Suspend(card, "leech"), moment))
                after = self._refolded(card)
            self.journal.states.put(card, after)
        return Outcome(card, tuple(events), before, after)

    def is_new_leech(self, before: CardState, after: CardState) -> bool:
        """Whether the last lapse made the card a leech, or reminds that it is one.

        At the threshold, and then at every further half of it, as Anki does.
        """
        threshold = self.settings.memory.leech_threshold
        if not threshold or after.lapses == before.lapses or after.lapses < threshold:
            return False
        return (after.lapses - threshold) % max((threshold + 1) // 2, 1) == 0

    def is_leech(self, state: CardState) -> bool:
        """Whether a card counts as a leech."""
        threshold = self.settings.memory.leech_threshold
        return bool(threshold) and state.lapses >= threshold

    def act(self, action: CardAction, now: datetime) -> Outcome:
        """Suspend, unsuspend, bury, reset or tag a card, or set its due day or its memory."""
        return self._record(action.card, [action], now)

    def take_back(self, outcome: Outcome, now: datetime) -> Outcome:
        """Undo the events of an outcome by tombstones."""
        undo = [Undo(outcome.card, event.id) for event in reversed(outcome.events)]
        return self._record(outcome.card, undo, now)

    def put_back(self, outcome: Outcome, now: datetime) -> Outcome:
        """Redo the events of an outcome that was taken back."""
        redo = [Redo(outcome.card, event.id) for event in outcome.events]
        return self._record(outcome.card, redo, now)

    def record(self, body: Body, now: datetime) -> Event:
        """Record an event that changes no card."""
        return self.journal.append(body, self.days.moment(now))

    def merge(self, events: Iterable[Event], *, checked: bool = False) -> Merged:
        """Take events of other devices and replay the cards they touch.

        ``checked``: they came out of the store's validator already.
        """
        with self.journal.bulk():
            return self._replayed(self.journal.merge(events, checked=checked))

    def merge_batches(self, batches: Iterable[Batch], expected: int) -> Merged:
        """:meth:`merge` of canonical events that come in batches, about ``expected`` of them."""
        with self.journal.bulk():
            return self._replayed(self.journal.merge_batches(batches, expected))

    def _replayed(self, merged: Merged) -> Merged:
        """Replay the cards that a merge has touched."""
        cards = merged.cards
        if len(cards) < MANY_CARDS or len(cards) * FEW_EVENTS < self.journal.count():
            self.journal.states.put_all((card, self._refolded(card)) for card in sorted(cards))
        else:
            states = fold_all(self.journal.replay_rows(), self.scheduler, cards)
            self.journal.states.put_many(states)
        return merged

    def from_the_future(self, now: datetime) -> list[Event]:
        """The grades whose instant has not come yet and that are in force: a clock was wrong."""
        behind_now = self.journal.after(to_ms(now + AHEAD))
        cards = {each.body.card for each in behind_now if isinstance(each.body, Review)}
        valid = {row[2].hex() for card in cards for row in in_force(self.journal.card_rows(card))}
        return [each for each in behind_now if isinstance(each.body, Review) and each.id in valid]

    def bring_back(self, now: datetime) -> int:
        """Give the grades from the future again as of now, in their order; returns how many."""
        moment = self.days.moment(now)
        with self.journal.transaction():
            early = self.from_the_future(now)
            for event in early:
                assert isinstance(event.body, Review)
                self.journal.append(Undo(event.body.card, event.id), moment)
                self.journal.append(event.body, moment)
            cards = {event.body.card for event in early if isinstance(event.body, Review)}
            self.journal.states.put_all((card, self._refolded(card)) for card in sorted(cards))
        return len(early)

    def clock_warning(self, now: datetime) -> str:
        """A sentence for the reader if the clock stands before what is already recorded."""
        behind = self.journal.clock_behind(to_ms(now))
        if not behind:
            return ""
        minutes = behind // 60_000
        length = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
        return (
            f"The clock stands {length} before the last thing recorded. Was it set back? Grades "
            "are kept in the order you give them; their study day comes from the clock."
        )

    def _record(self, card: str, bodies: Sequence[Body], now: datetime) -> Outcome:
        moment = self.days.moment(now)
        with self.journal.transaction():
            before = self.journal.states.get(card)
            events = tuple(self.journal.append(body, moment) for body in bodies)
            after = self._refolded(card)
            self.journal.states.put(card, after)
        return Outcome(card, events, before, after)

    def _refolded(self, card: str) -> CardState:
        return fold(self.journal.card_rows(card), self.scheduler)

    def _graded(
        self, state: CardState, grade: Rating, day: int, retention: float, factor: float | None
    ) -> CardState:
        return self.scheduler.review(
            state, grade, day=day, at_ms=0, retention=retention, factor=factor
        )


def _counted(rows: Iterable[ReviewRow], total: int, progress: Progress) -> Iterator[ReviewRow]:
    """The rows as they are; ``progress`` is told now and then how many have gone by."""
    for number, row in enumerate(rows):
        if number % TOLD_EVERY == 0:
            progress(number, total)
        yield row
    progress(total, total)
