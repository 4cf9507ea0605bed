"""What a desired retention costs and gives: simulated reviewing, before one decides. Pure."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from studytui.memory.rating import Rating
from studytui.memory.scheduler import Scheduler
from studytui.store.states import CardState, Phase

RETENTIONS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97)
_STEP_DAYS = 0.01


@dataclass(frozen=True, slots=True)
class Habits:
    """How a reader grades and how long it takes.

    ``first`` are the shares of the four grades at a first meeting, ``passing`` those of hard, good
    and easy among what is recalled; what was forgotten takes ``failed_factor`` times as long.
    """

    first: tuple[float, float, float, float] = (0.15, 0.1, 0.6, 0.15)
    passing: tuple[float, float, float] = (0.1, 0.8, 0.1)
    failed_factor: float = 1.6


class Item(NamedTuple):
    """Something that comes back: seconds to recall it, and to meet it for the first time.

    What stands before it in the text, and was read for it, counts with the first time.
    """

    seconds: float
    first: float


@dataclass(frozen=True, slots=True)
class Workload:
    """The outcome of one simulated year.

    ``reviews`` and ``minutes`` are means a day, ``peak`` the mean of the hardest week, which is
    week ``peak_week`` (from 1); ``remembered`` is the expected number of cards that would be
    recalled on the last day.
    """

    retention: float
    reviews: float
    minutes: float
    remembered: float
    peak: float = 0.0
    peak_week: int = 0


def simulate(
    cards: Sequence[Item],
    scheduler: Scheduler,
    *,
    new_per_day: int = 20,
    days: int = 365,
    retentions: Sequence[float] = RETENTIONS,
    habits: Habits | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Workload, ...]:
    """A year of reviewing new cards, once for every desired retention.

    A card is recalled with the probability that the model itself gives: the simulation tells what
    follows from the model, not whether the model is right.

    Args:
        cards: What is met, in this order.
        scheduler: With the parameters and steps in use.
        new_per_day: Cards met for the first time, a day.
        days: How long a year is.
        retentions: The desired retentions to try.
        habits: How the reader grades.
        seed: Of the random numbers; the same for every retention.
        progress: Hears how many retentions of how many are done.
    """
    habits = habits or Habits()
    found = []
    for retention in retentions:
        found.append(_year(cards, scheduler, retention, new_per_day, days, habits, Random(seed)))
        if progress is not None:
            progress(len(found), len(retentions))
    return tuple(found)


def _year(
    cards: Sequence[Item],
    scheduler: Scheduler,
    retention: float,
    new_per_day: int,
    days: int,
    habits: Habits,
    random: Random,
) -> Workload:
    # Due instants in days; a place breaks ties, so that states are never compared.
    due: list[tuple[float, int]] = [
        (float(place // max(1, new_per_day)), place) for place in range(len(cards))
    ]
    states: dict[int, CardState] = {}
    heapq.heapify(due)
    reviews, spent = 0, [0.0] * days
    while due and due[0][0] < days:
        instant, card = heapq.heappop(due)
        day = int(instant)
        state = states.get(card, CardState())
        grade = virtual_grade(state, scheduler, day, habits, random)
        state = scheduler.review(
            state, grade, day=day, at_ms=0, retention=retention, factor=random.random()
        )
        states[card] = state
        reviews += 1
        seconds = cards[card].first if state.reps == 1 else cards[card].seconds
        spent[day] += seconds * (habits.failed_factor if grade == Rating.AGAIN else 1.0)
        wait = float(state.due_day) if state.phase == Phase.REVIEW else instant + _STEP_DAYS
        heapq.heappush(due, (wait, card))
    remembered = math.fsum(scheduler.retrievability(state, days) for state in states.values())
    weeks = [math.fsum(spent[at : at + 7]) / 420 for at in range(0, max(1, days - 6), 7)]
    peak = max(weeks)
    return Workload(
        retention,
        reviews / days,
        math.fsum(spent) / 60 / days,
        remembered,
        peak,
        weeks.index(peak) + 1,
    )


def virtual_grade(
    state: CardState, scheduler: Scheduler, day: int, habits: Habits, random: Random
) -> Rating:
    """How a reader of these habits grades a card: recalled as often as the model says."""
    if state.reps == 0:
        return random.choices(tuple(Rating), habits.first)[0]
    # Within a day what was just seen is nearly always known.
    probability = 0.95 if day == state.last_day else scheduler.retrievability(state, day)
    if random.random() >= probability:
        return Rating.AGAIN
    return random.choices((Rating.HARD, Rating.GOOD, Rating.EASY), habits.passing)[0]


def load_profile(
    scheduler: Scheduler,
    retention: float,
    days: int,
    *,
    habits: Habits | None = None,
    samples: int = 60,
    seed: int = 0,
) -> tuple[float, ...]:
    """How often one item is recalled on each day after the day on which it was met.

    A mean over ``samples`` lives; one that failed counts as ``failed_factor``, for it takes so much
    longer. With it the load of a course is a sum, and a forecast needs no lived year.
    """
    habits, random = habits or Habits(), Random(seed)
    load = [0.0] * days
    for _ in range(samples):
        state, instant = CardState(), 0.0
        while instant < days:
            day = int(instant)
            is_first = state.reps == 0
            grade = virtual_grade(state, scheduler, day, habits, random)
            if not is_first:
                load[day] += habits.failed_factor if grade == Rating.AGAIN else 1.0
            state = scheduler.review(
                state, grade, day=day, at_ms=0, retention=retention, factor=random.random()
            )
            instant = float(state.due_day) if state.phase == Phase.REVIEW else instant + _STEP_DAYS
    return tuple(each / samples for each in load)
