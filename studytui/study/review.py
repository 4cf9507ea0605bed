"""A sitting of review: the next card, its grade, and the way back. The same for every interface.

Nothing here reads a clock: the instant is an argument of every call.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from studytui.errors import StudyError
from studytui.memory.days import to_ms
from studytui.memory.ledger import Ledger, Outcome
from studytui.memory.queue import CardRecord, Counts, Limits, Queue, build
from studytui.memory.rating import Rating
from studytui.store.errors import StaleCardError
from studytui.store.events import Bury, Event, Practice, Report, Suspend
from studytui.store.states import CardState, Phase
from studytui.study.review_types import Graded as Graded
from studytui.study.review_types import Mode as Mode
from studytui.study.review_types import Shown as Shown
from studytui.study.review_types import Summary as Summary
from studytui.study.review_types import wait_in_words as wait_in_words
from studytui.study.undoing import last_grade


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing the reader did, with what is needed to take it back."""

    shown: Shown
    outcome: Outcome | None
    grade: Rating | None = None
    seconds: float = 0.0
    is_earlier: bool = False
    """Whether it was done in an earlier sitting."""


class ReviewSession:
    """Cards one after another, or ``only`` some; a grade is on the disk when ``grade`` returns."""

    def __init__(
        self,
        ledger: Ledger,
        records: Sequence[CardRecord],
        now: datetime,
        *,
        track: str = "",
        mode: Mode = Mode.REVIEW,
        only: Sequence[str] = (),
    ) -> None:
        known = {record.track for record in records}
        if track and track not in known:
            raise StudyError(
                f"there is no track {track}", todo=f"Tracks: {', '.join(sorted(known))}"
            )
        self.ledger = ledger
        self.mode = mode
        self.records = [record for record in records if not track or record.track == track]
        self.current: Shown | None = None
        self.warning = ledger.clock_warning(now)
        self._by_card = {record.card: record for record in self.records}
        self._only = tuple(only)
        self._steps: list[_Step] = []
        self._undone: list[_Step] = []
        self.undone_earlier: Event | None = None  # the grade of an earlier sitting, taken back
        self._day, self._more = ledger.days.day(now), 0
        self._queue = self.build()

    @property
    def counts(self) -> Counts:
        """What is left to do, without the card on the screen."""
        return self._queue.counts

    def next(self, now: datetime) -> Shown | None:
        """Show the next card; None when nothing is due now."""
        self._turn_day(now)
        now_ms = to_ms(now)
        ahead_ms = self.ledger.settings.review.learn_ahead * 60_000
        while (card := self._queue.pop(now_ms, ahead_ms)) is not None:
            shown = self._shown(card, now)
            if card in self._by_card and _waits(shown.state, self.mode, self._day):
                self.current = shown
                return shown
        self.current = None
        return None

    def grade(self, grade: Rating, now: datetime, seconds: float | None = None) -> Graded:
        """Grade the card on the screen; it took ``seconds``, or else as long as it was shown.

        Raises:
            StaleCardError: It was graded elsewhere meanwhile; go on with ``next``.
            StudyError: No card is shown.
        """
        shown = self._current()
        record = shown.record
        taken = (to_ms(now) - shown.shown_ms) / 1000 if seconds is None else seconds
        taken_ms = self.ledger.settings.review.counted(taken, deep=record.deep)
        outcome = None
        if self.mode is Mode.REVIEW:
            outcome = self._recorded(shown, grade, now, taken_ms)
            self._come_back(outcome.after, record.card)
        else:
            self.ledger.record(Practice(record.card, int(grade), taken_ms, record.content), now)
            if grade == Rating.AGAIN:
                self._queue.last(record.card)
        self._steps.append(_Step(shown, outcome, grade, taken_ms / 1000))
        self._undone.clear()
        self.current = None
        if outcome is None:
            return Graded(record.card, grade, "", leech=False, suspended=False)
        return Graded(
            record.card,
            grade,
            wait_in_words(outcome.after),
            leech=self.ledger.is_new_leech(outcome.before, outcome.after),
            suspended=bool(outcome.after.suspended),
        )

    def more(self, count: int, now: datetime) -> int:
        """Let the day bring up to ``count`` further new cards; how many there are."""
        self._turn_day(now)
        before = self._queue.counts.new
        self._more += count
        self._queue = self.build()
        return self._queue.counts.new - before

    def suspend(self, now: datetime) -> None:
        """Put the card on the screen aside until it is unsuspended."""
        shown = self._current()
        self._put_aside(shown, self.ledger.act(Suspend(shown.record.card), now))

    def bury(self, now: datetime) -> None:
        """Leave the card on the screen for another day."""
        shown = self._current()
        self._put_aside(shown, self.ledger.act(Bury(shown.record.card), now))

    def report(self, text: str, now: datetime) -> Event:
        """Note that something is wrong with the card on the screen."""
        record = self._current().record
        return self.ledger.record(Report(record.card, text, record.content), now)

    @property
    def can_undo(self) -> bool:
        """Whether something was done in this sitting that can be taken back."""
        return bool(self._steps)

    def undo(self, now: datetime) -> Shown:
        """Take back the last thing done and show its card again.

        Where nothing was done in this sitting, the last grade of an earlier one.
        """
        step = self._steps.pop() if self._steps else self._earlier(now)
        card = step.shown.record.card
        if step.outcome is not None:
            self.ledger.take_back(step.outcome, now)
        self._undone.append(step)
        if self.current is not None:
            self._queue.first(self.current.record.card, is_new=self.current.is_new)
        self._queue.forget(card)
        self.current = self._shown(card, now)
        return self.current

    def _earlier(self, now: datetime) -> _Step:
        """The last grade that is in force, as a step of this sitting."""
        outcome = last_grade(self.ledger, self._by_card)
        if outcome is None or self.mode is not Mode.REVIEW:
            raise StudyError("nothing to undo", todo="No grade is in force")
        self.undone_earlier = outcome.events[0]
        return _Step(self._shown(outcome.card, now), outcome, is_earlier=True)

    def redo(self, now: datetime) -> None:
        """Do again what was taken back; go on with ``next``."""
        if not self._undone:
            raise StudyError("nothing to redo")
        step = self._undone.pop()
        if step.outcome is not None:
            outcome = self.ledger.put_back(step.outcome, now)
            self._come_back(outcome.after, outcome.card)
        if not step.is_earlier:
            self._steps.append(step)
        if self.current is not None and self.current.record.card != step.shown.record.card:
            self._queue.first(self.current.record.card, is_new=self.current.is_new)
        self.current = None

    def reload(self, records: Sequence[CardRecord], now: datetime) -> Shown | None:
        """Go on with changed sources: the card on the screen is shown anew if it still exists."""
        wanted = {record.track for record in self.records}
        self.records = [record for record in records if record.track in wanted]
        self._by_card = {record.card: record for record in self.records}
        if self.current is None or self.current.record.card not in self._by_card:
            return self.next(now)
        self.current = self._shown(self.current.record.card, now)
        return self.current

    def next_due(self) -> int | None:
        """When the first card in steps is due again, UTC milliseconds; None if there is none."""
        return self._queue.next_due()

    def summary(self) -> Summary:
        """The sitting so far; what was undone does not count."""
        graded = [step for step in self._steps if step.grade is not None]
        in_review = [step for step in graded if step.shown.state.phase == Phase.REVIEW]
        recalls = [step.shown.retrievability for step in in_review]
        again, hard, good, easy = (sum(step.grade == grade for step in graded) for grade in Rating)
        return Summary(
            answers=len(graded),
            cards=len({step.shown.record.card for step in graded}),
            new=sum(step.shown.is_new for step in graded),
            reviewed=len(in_review),
            recalled=sum(step.grade != Rating.AGAIN for step in in_review),
            seconds=sum(step.seconds for step in graded),
            grades=(again, hard, good, easy),
            predicted=sum(recalls) / len(recalls) if recalls else 0.0,
        )

    def _current(self) -> Shown:
        if self.current is None:
            raise StudyError("no card is shown")
        return self.current

    def _recorded(self, shown: Shown, grade: Rating, now: datetime, taken_ms: int) -> Outcome:
        record = shown.record
        try:
            return self.ledger.grade(
                record.card,
                grade,
                now,
                retention=self.ledger.settings.retention_of(record.track, deep=record.deep),
                factor=shown.factors[grade - 1],
                duration_ms=taken_ms,
                content=record.content,
                expect=shown.state.last_event,
            )
        except StaleCardError:
            self.current = None
            raise

    def _come_back(self, after: CardState, card: str) -> None:
        if after.phase in (Phase.LEARNING, Phase.RELEARNING) and not after.suspended:
            self._queue.learn(after.due_ms, card)

    def _put_aside(self, shown: Shown, outcome: Outcome) -> None:
        self._steps.append(_Step(shown, outcome))
        self._undone.clear()
        self.current = None

    def _turn_day(self, now: datetime) -> None:
        day = self.ledger.days.day(now)
        if day != self._day and self.mode is Mode.REVIEW:
            self._day, self._more = day, 0
            self._queue = self.build()

    def _shown(self, card: str, now: datetime) -> Shown:
        record = self._by_card[card]
        state = self.ledger.state(card)
        retention = self.ledger.settings.retention_of(record.track, deep=record.deep)
        day = self.ledger.days.day(now)
        factors = self.ledger.factors(card, state, day, retention)
        now_ms = to_ms(now)
        again, hard, good, easy = (
            wait_in_words(
                self.ledger.scheduler.review(
                    state, grade, day=day, at_ms=now_ms, retention=retention, factor=factor
                )
            )
            for grade, factor in zip(Rating, factors, strict=True)
        )
        return Shown(
            record,
            state,
            (again, hard, good, easy),
            factors,
            self.ledger.scheduler.retrievability(state, day),
            now_ms,
            self._queue.counts,
            self.ledger.is_leech(state),
        )

    def build(self, beyond: int = 0) -> Queue:
        """What is left of the day, with new cards beyond those that it brings."""
        if self._only:
            return Queue((card for card in self._only if card in self._by_card), (), ())
        if self.mode is not Mode.REVIEW:
            return _practice(self.ledger, self.records, self.mode, self._day)
        return today(self.ledger, self.records, self._day, more=self._more + beyond)


def has_more(session: ReviewSession) -> bool:
    """Whether there are new cards beyond those of the day."""
    return session.build(beyond=1).counts.new > session.counts.new


def _waits(state: CardState, mode: Mode, day: int) -> bool:
    """Whether a card is still to be shown: another window may have graded it meanwhile."""
    if state.suspended or mode is not Mode.REVIEW:
        return not state.suspended
    if state.buried_day == day:
        return False
    return state.phase != Phase.REVIEW or state.due_day <= day


def today(ledger: Ledger, records: Sequence[CardRecord], day: int, *, more: int = 0) -> Queue:
    """What a study day still brings, with ``more`` new cards than the settings allow."""
    settings = ledger.settings.review
    tracks = {track: int(most) + more for track, most in settings.new_per_track.items()}
    limits = Limits(settings.new_per_day + more, settings.reviews_per_day, tracks)
    with ledger.journal.reading():
        states = ledger.journal.states
        return build(
            records,
            states.waiting(day),
            seen=states.seen(),
            answered=states.answered_on(day),
            limits=limits.less(states.tally(day), _tracks_of(records, states.met_on(day))),
            day=day,
            bury_siblings=settings.bury_siblings,
            recall=ledger.scheduler.retrievability,
        )


def _tracks_of(records: Sequence[CardRecord], cards: set[str]) -> Counter[str]:
    return Counter(record.track for record in records if record.card in cards)


def _practice(ledger: Ledger, records: Sequence[CardRecord], mode: Mode, day: int) -> Queue:
    """All cards of the choice, or those in review that are due after today, soonest first."""
    chosen = {record.card for record in records}
    with ledger.journal.reading():
        known = [(card, state) for card, state in ledger.journal.states.all() if card in chosen]
    suspended = {card for card, state in known if state.suspended}
    if mode is Mode.CRAM:
        return Queue(deque(r.card for r in records if r.card not in suspended), (), ())
    later = [
        (state.due_day, card)
        for card, state in known
        if state.phase == Phase.REVIEW and state.due_day > day and not state.suspended
    ]
    return Queue((card for _, card in sorted(later)), (), ())
