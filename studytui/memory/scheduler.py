"""From a card's state and a grade to its next state: steps, intervals, lapses.

The rules are those of Anki's scheduler with FSRS switched on: learning and relearning steps within
a day, then intervals from the desired retention, each grade's at least a day above the lower one's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from studytui.errors import StudyError
from studytui.memory.fsrs6 import Model, out_of_bounds
from studytui.memory.fuzz import bounds, chosen, rounded
from studytui.memory.rating import Rating
from studytui.settings import MemorySettings
from studytui.store.states import CardState, Phase

_NEW, _LEARNING, _REVIEW, _RELEARNING = map(int, Phase)
_AGAIN, _HARD, _GOOD, _EASY = Rating
_PASSING = {grade: tuple(each for each in Rating if _AGAIN < each <= grade) for grade in Rating}
"""Of each grade itself and the passing ones below it."""
_MINUTE_MS = 60_000
_DAY_MS = 86_400_000
_HALVINGS = 18
_KNOWN_ANSWERS = 10_000
_DUE_DAY = CardState._fields.index("due_day")
_tuple = tuple.__new__
LAST_FACTOR = 1 - 2**-20
"""The greatest fuzz factor used: 1 itself would lie beyond the range."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Waits in minutes that a card goes through before it is in review."""

    minutes: tuple[float, ...]

    def again(self) -> int:
        """Wait after 'again', milliseconds; 0 if there are no steps."""
        return round(self.minutes[0] * _MINUTE_MS) if self.minutes else 0

    def hard(self, step: int) -> int:
        """Wait after 'hard': between the first two steps at the first, else the same again."""
        if not self.minutes:
            return 0
        step = min(step, len(self.minutes) - 1)
        if step:
            return round(self.minutes[step] * _MINUTE_MS)
        first = self.again()
        if len(self.minutes) > 1:
            return (first + round(self.minutes[1] * _MINUTE_MS)) // 2
        return min(first * 3 // 2, first + _DAY_MS)

    def good(self, step: int) -> int:
        """Wait after 'good'; 0 when it leaves the steps."""
        following = step + 1
        return round(self.minutes[following] * _MINUTE_MS) if following < len(self.minutes) else 0


class _Standing(NamedTuple):
    """All that the next review of a card depends on; ``days`` since the last one, None if new."""

    phase: int
    step: int
    stability: float
    difficulty: float
    interval: int
    days: int | None


_Answer = tuple[float, float, int, int, int, int, int]
"""Stability, difficulty, phase, step, wait within the day (ms), interval (days) and lapses."""


class Scheduler:
    """Schedules single cards. Holds no state of its own, but for answers that it gave before."""

    def __init__(self, settings: MemorySettings | None = None) -> None:
        settings = settings or MemorySettings()
        self.model = Model(_checked(settings.parameters))
        self.learning = Steps(settings.learning_steps)
        self.relearning = Steps(settings.relearning_steps)
        self.maximum = settings.maximum_interval
        # Without fuzz many cards of a deck stand alike: their first reviews differ in little.
        self._known_answer = lru_cache(maxsize=_KNOWN_ANSWERS)(self._answer)

    @property
    def stamp(self) -> str:
        """All that the replayed states depend on, besides the journal."""
        return repr(
            (self.model.parameters, self.learning.minutes, self.relearning.minutes, self.maximum)
        )

    def review(
        self,
        state: CardState,
        grade: Rating,
        *,
        day: int,
        at_ms: int,
        retention: float = 0.9,
        factor: float | None = None,
        event: str = "",
    ) -> CardState:
        """The state after a review.

        Args:
            state: Before the review.
            grade: How well the card was recalled.
            day: Study day of the review, as ordinal.
            at_ms: Instant of the review, UTC milliseconds.
            retention: Desired probability of recall when the card is due again.
            factor: Place in the fuzz range, 0 up to 1; None for no fuzz.
            event: Id of the review's event.
        """
        days = day - state.last_day if state.reps else None
        # Tuples are made of both classes as the classes do it themselves, at half the cost.
        standing = _tuple(
            _Standing,
            (state.phase, state.step, state.stability, state.difficulty, state.interval, days),
        )
        answer = self._known_answer if factor is None else self._answer
        stability, difficulty, phase, step, wait_ms, interval, lapses = answer(
            standing, grade, retention, factor
        )
        in_review = state.phase == _REVIEW
        after = (
            phase,
            step,
            stability,
            difficulty,
            day + interval if phase == _REVIEW else day,
            at_ms + wait_ms if phase != _REVIEW else 0,
            day,
            at_ms,
            interval,
            state.reps + 1,
            state.lapses + lapses,
            state.first_day or day,
            day if in_review else state.counted_day,
            state.suspended,
            state.buried_day,
            event or state.last_event,
        )
        return _tuple(CardState, after)

    def factor_for(
        self, state: CardState, grade: Rating, interval: int, *, day: int, retention: float
    ) -> float | None:
        """The fuzz factor by which a grade gives ``interval``, or the nearest longer one it can.

        None if the grade leaves the card in steps, or gives the same with every factor.
        """

        def given(factor: float) -> int:
            return self.review(
                state, grade, day=day, at_ms=0, retention=retention, factor=factor
            ).interval

        low, high = 0.0, LAST_FACTOR
        if given(low) == given(high):
            return None
        if given(low) >= interval:
            return low
        # Intervals grow with the factor: halve until the place is known well enough.
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if given(middle) < interval:
                low = middle
            else:
                high = middle
        return high

    def retrievability(self, state: CardState, day: int) -> float:
        """Probability that the card is recalled on a study day; 0 for a new card."""
        return self.model.retrievability(state.stability, day - state.last_day)

    def _answer(
        self, card: _Standing, grade: Rating, retention: float, factor: float | None
    ) -> _Answer:
        if card.days is None:
            stability, difficulty = self.model.first(grade)
        else:
            stability, difficulty = self.model.next(
                card.stability, card.difficulty, card.days, grade
            )
        return stability, difficulty, *self._place(card, grade, stability, retention, factor)

    def _place(
        self,
        card: _Standing,
        grade: Rating,
        stability: float,
        retention: float,
        factor: float | None,
    ) -> tuple[int, int, int, int, int]:
        """Phase, step, wait within the day (ms), interval (days) and lapses of the grade."""
        if card.phase == _REVIEW:
            if grade > _AGAIN:
                interval = self._passing(card, grade, stability, retention, factor)
                return _REVIEW, 0, 0, interval, 0
            wait = self.relearning.again()
            interval = self._after_steps(stability, retention, None)
            return (_RELEARNING if wait else _REVIEW), 0, wait, interval, 1
        relearns = card.phase == _RELEARNING
        steps, phase = (self.relearning, _RELEARNING) if relearns else (self.learning, _LEARNING)
        if grade == _AGAIN and (wait := steps.again()):
            interval = self._after_steps(stability, retention, None) if relearns else 0
            return phase, 0, wait, interval, 0
        if grade == _HARD and (wait := steps.hard(card.step)):
            return phase, card.step, wait, card.interval, 0
        if grade == _GOOD and (wait := steps.good(card.step)):
            return phase, card.step + 1, wait, card.interval, 0
        if grade < _EASY:
            return _REVIEW, 0, 0, self._after_steps(stability, retention, factor), 0
        good = self.model.interval(self._if_graded(card, _GOOD), retention)
        least = 1 + chosen(good, 1, self.maximum, factor)
        exact = self.model.interval(stability, retention)
        interval = chosen(max(rounded(exact), 1), least, self.maximum, factor)
        return _REVIEW, 0, 0, interval, 0

    def _after_steps(self, stability: float, retention: float, factor: float | None) -> int:
        exact = self.model.interval(stability, retention)
        return chosen(max(rounded(exact), 1), 1, self.maximum, factor)

    def _if_graded(self, card: _Standing, grade: Rating) -> float:
        """Stability if another grade were given."""
        if card.days is None:
            return self.model.first(grade)[0]
        return self.model.next_stability(card.stability, card.difficulty, card.days, grade)

    def _passing(
        self,
        card: _Standing,
        grade: Rating,
        stability: float,
        retention: float,
        factor: float | None,
    ) -> int:
        """The interval after a passing grade of a card in review.

        Longer than that of the grade below it; and where the exact interval is longer than the last
        one, or might be by fuzz, fuzz must not make it shorter.
        """
        interval = 0
        for each in _PASSING[grade]:
            after = stability if each == grade else self._if_graded(card, each)
            exact = self.model.interval(after, retention)
            least = interval + 1
            if rounded(exact) > card.interval:
                least = max(least, card.interval + 1)
            elif factor is not None and bounds(exact, 1, self.maximum)[1] >= card.interval:
                least = max(least, card.interval)
            interval = chosen(exact, least, self.maximum, factor)
        return interval


def unscheduled(state: CardState, *, event: str) -> CardState:
    """The state of a card that is new again."""
    return CardState(suspended=state.suspended, buried_day=state.buried_day, last_event=event)


def with_memory(state: CardState, memory: Mapping[str, Any], day: int, at_ms: int) -> CardState:
    """The state of a card whose memory another program knew on ``day`` (see ``SetMemory``)."""
    return state._replace(
        phase=_REVIEW,
        step=0,
        stability=memory["stability"],
        difficulty=memory["difficulty"],
        interval=memory["interval"],
        due_day=memory["due_day"],
        due_ms=0,
        last_day=day,
        last_ms=at_ms,
        reps=memory["reps"],
        lapses=memory["lapses"],
        first_day=state.first_day or day,
    )


def with_due(state: CardState, due_day: int) -> CardState:
    """The state of a card in review that is due on another day; others stay as they are."""
    if state.phase != _REVIEW:
        return state
    # At half the cost of ``_replace``: Anki's cards have one each.
    return _tuple(CardState, (*state[:_DUE_DAY], due_day, *state[_DUE_DAY + 1 :]))


def with_suspension(state: CardState, suspended: bool, *, event: str) -> CardState:
    """The state of a card put aside, or shown again."""
    return state._replace(suspended=int(suspended), last_event=event)


def with_burial(state: CardState, day: int, *, event: str) -> CardState:
    """The state of a card that is not shown again on ``day``."""
    return state._replace(buried_day=day, last_event=event)


def _checked(parameters: Sequence[float]) -> tuple[float, ...]:
    """Parameters within their bounds; empty stays empty."""
    wrong = out_of_bounds(parameters) if parameters else ""
    if wrong:
        raise StudyError(
            f"these are not parameters of FSRS-6: {wrong}",
            todo="Fit them again, or leave them out to use the defaults",
        )
    return tuple(parameters)
