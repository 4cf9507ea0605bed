"""What a desired retention costs and gives: simulated reviewing, before one decides. Pure."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from studytui.memory.rating import Rating
from studytui.memory.scheduler import Scheduler
from studytui.store.states import CardState, Phase

RETENTIONS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97)
_STEP_DAYS = 0.01


@dataclass(frozen=True, slots=True)
class Habits:
    """How a reader grades and how long it takes.

    ``first`` are the shares of the four grades at a first meeting, ``passing`` those of hard, good
    and easy among what is recalled; ``seconds`` is the time of a recalled and of a forgotten card.
    """

    first: tuple[float, float, float, float] = (0.15, 0.1, 0.6, 0.15)
    passing: tuple[float, float, float] = (0.1, 0.8, 0.1)
    seconds: tuple[float, float] = (12.0, 30.0)


@dataclass(frozen=True, slots=True)
class Workload:
    """The outcome of one simulated year.

    ``reviews`` and ``minutes`` are means a day; ``remembered`` is the expected number of cards
    that would be recalled on the last day.
    """

    retention: float
    reviews: float
    minutes: float
    remembered: float


def simulate(
    cards: int,
    scheduler: Scheduler,
    *,
    new_per_day: int = 20,
    days: int = 365,
    retentions: Sequence[float] = RETENTIONS,
    habits: Habits | None = None,
    seed: int = 0,
) -> tuple[Workload, ...]:
    """A year of reviewing ``cards`` new cards, once for every desired retention.

    A card is recalled with the probability that the model itself gives: the simulation tells what
    follows from the model, not whether the model is right.
    """
    habits = habits or Habits()
    return tuple(
        _year(cards, scheduler, retention, new_per_day, days, habits, Random(seed))
        for retention in retentions
    )


def _year(
    cards: int,
    scheduler: Scheduler,
    retention: float,
    new_per_day: int,
    days: int,
    habits: Habits,
    random: Random,
) -> Workload:
    # Due instants in days; a place breaks ties, so that states are never compared.
    due: list[tuple[float, int]] = [
        (float(place // max(1, new_per_day)), place) for place in range(cards)
    ]
    states: dict[int, CardState] = {}
    heapq.heapify(due)
    reviews, seconds = 0, 0.0
    while due and due[0][0] < days:
        instant, card = heapq.heappop(due)
        day = int(instant)
        state = states.get(card, CardState())
        grade = _grade(state, scheduler, day, habits, random)
        state = scheduler.review(
            state, grade, day=day, at_ms=0, retention=retention, factor=random.random()
        )
        states[card] = state
        reviews += 1
        seconds += habits.seconds[grade == Rating.AGAIN]
        wait = float(state.due_day) if state.phase == Phase.REVIEW else instant + _STEP_DAYS
        heapq.heappush(due, (wait, card))
    remembered = math.fsum(scheduler.retrievability(state, days) for state in states.values())
    return Workload(retention, reviews / days, seconds / 60 / days, remembered)


def _grade(
    state: CardState, scheduler: Scheduler, day: int, habits: Habits, random: Random
) -> Rating:
    if state.reps == 0:
        return random.choices(tuple(Rating), habits.first)[0]
    # Within a day what was just seen is nearly always known.
    probability = 0.95 if day == state.last_day else scheduler.retrievability(state, day)
    if random.random() >= probability:
        return Rating.AGAIN
    return random.choices((Rating.HARD, Rating.GOOD, Rating.EASY), habits.passing)[0]
