"""What the minutes carry, and by when: the course run forward in expected values. Pure.

A plan that does not say on its first screen that ten weeks of 25 minutes are not forty articles
loses the reader's trust in week three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from studytui.library.activity import Activity
from studytui.memory.scheduler import Scheduler
from studytui.memory.simulation import Habits, load_profile
from studytui.settings import Settings
from studytui.store.states import CardState
from studytui.study.planning.history import History
from studytui.study.planning.mastery import Mastery
from studytui.study.planning.pieces import steps
from studytui.study.planning.standing import Standing
from studytui.study.planning.syllabus import Course, Syllabus
from studytui.study.planning.timing import Times, lines_of

HORIZON = 730
"""Days that are looked ahead."""
TEN_WEEKS = 70
MOST_MINUTES = 240
_WEEK = 7
HELD = 1.055
"""A day gives a little more than its minutes, for no piece is cut off: so it was lived."""
_EARLY, _LATE = 0.88, 1.2
"""Of the days to the end: eight of ten readers with the same times lie between."""
_DEEP = Habits(first=(0.3, 0.3, 0.4, 0.0))


@dataclass(frozen=True, slots=True)
class Forecast:
    """``worked`` are the days from now on which each further article will have been worked.

    Ordered; ``per_week`` articles on the way, and ``upkeep`` minutes a day that keep it all after
    the end. Not ``ends``: not within two years.
    """

    worked: tuple[int, ...]
    articles: int
    per_week: float
    upkeep: float

    @property
    def ends(self) -> bool:
        """Whether the end was reached within the horizon."""
        return len(self.worked) == self.articles

    @property
    def days(self) -> int:
        """Days to the end of the goal."""
        return self.worked[-1] if self.worked else 0

    @property
    def between(self) -> tuple[int, int]:
        """The first and last day between which the end lies in eight cases of ten."""
        return round(self.days * _EARLY), round(self.days * _LATE)

    def by(self, day: int) -> int:
        """How many articles will have been worked by a day."""
        return sum(each <= day for each in self.worked)


@dataclass(frozen=True, slots=True)
class Loads:
    """How often a card, and something deep, is recalled on each day after it was met."""

    card: tuple[float, ...]
    deep: tuple[float, ...]


@cache
def _loads(
    parameters: tuple[float, ...],
    memory: tuple[tuple[float, ...], ...],
    targets: tuple[float, float],
) -> Loads:
    from studytui.settings import MemorySettings

    learning, relearning = memory
    scheduler = Scheduler(
        MemorySettings(parameters=parameters, learning_steps=learning, relearning_steps=relearning)
    )
    card, deep = targets
    return Loads(
        load_profile(scheduler, card, HORIZON),
        load_profile(scheduler, deep, HORIZON, habits=_DEEP),
    )


def loads_of(settings: Settings) -> Loads:
    """The loads under the settings; computed once."""
    memory = settings.memory
    steps_in_use = (tuple(memory.learning_steps), tuple(memory.relearning_steps))
    targets = (memory.desired_retention, memory.deep_retention)
    return _loads(tuple(memory.parameters), steps_in_use, targets)


def forecast(
    syllabus: Syllabus,
    states: Mapping[str, CardState],
    history: History,
    mastery: Mapping[str, Mastery],
    loads: Loads,
    *,
    seconds: float,
    share: float,
) -> Forecast:
    """Run the course forward from the day of the history.

    Args:
        syllabus: The goal.
        states: Of the cards that were met.
        history: What was done, and the reader's times.
        mastery: How far each article is.
        loads: How often things come back.
        seconds: Of a day.
        share: Of the day that recall may take.
    """
    seconds *= HELD
    load = _present_load(syllabus, states, history, loads)
    left = [c for c in syllabus.courses if mastery[c.id].standing < Standing.WORKED]
    left.sort(key=lambda course: mastery[course.id].standing is Standing.NEW)
    costs = [_first_contact(course, states, history) for course in left]
    weights = [_weights(course, history.times) for course in left]
    worked: list[int] = []
    here, is_open, spent = 0, bool(left) and mastery[left[0].id].standing > Standing.NEW, 0.0
    for day in range(HORIZON):
        if here == len(left):
            break
        if not is_open:
            week = sum(load[day : day + _WEEK]) / _WEEK + _weekly(weights[here], loads)
            is_open = week <= share * seconds or load[day] < share * seconds / 2
        free = max(0.0, seconds - load[day])
        while is_open and here < len(left) and free > 0:
            used = min(free, costs[here] - spent)
            spent, free = spent + used, free - used
            if spent < costs[here] - 1e-6:
                break
            _add(load, day, weights[here], loads)
            worked.append(day + 1)
            here, spent, is_open = here + 1, 0.0, False
    end = min(worked[-1] if worked else 0, HORIZON - 60)
    upkeep = sum(load[end + 30 : end + 60]) / 30 / 60
    weeks = max(worked[-1] if worked else 1, 1) / 7
    return Forecast(tuple(worked), len(left), len(worked) / weeks, upkeep)


def minutes_needed(
    syllabus: Syllabus,
    states: Mapping[str, CardState],
    history: History,
    mastery: Mapping[str, Mastery],
    loads: Loads,
    *,
    days: int,
    share: float,
) -> int:
    """Minutes a day, in fives, by which the goal is reached in so many days; 0 for more than can
    be asked."""
    for minutes in range(5, MOST_MINUTES + 1, 5):
        found = forecast(
            syllabus, states, history, mastery, loads, seconds=60.0 * minutes, share=share
        )
        if found.ends and found.days <= days:
            return minutes
    return 0


def _first_contact(course: Course, states: Mapping[str, CardState], history: History) -> float:
    """Seconds of all that is left to be met, and of the derivations until they are scheduled."""
    found = sum(piece.seconds for piece in steps(course, states, history))
    for task in course.of(Activity.DERIVE):
        if task.ids[0] not in history.worked:
            # The second meeting asks two lines; from the third on it is scheduled.
            found += history.times.derivation(min(2, lines_of(task)))
    return found


def _weights(course: Course, times: Times) -> tuple[float, float]:
    """Seconds to recall all cards of an article once, and all that is deep."""
    cards = sum(times.recall(t) * len(t.ids) for t in course.of(Activity.ANSWER))
    deep = sum(times.recall(t) for t in (*course.of(Activity.DERIVE), *course.of(Activity.CODE)))
    return cards, deep


def _weekly(weights: tuple[float, float], loads: Loads) -> float:
    """Seconds a day of recall in the first week of an article."""
    cards, deep = weights
    return (cards * sum(loads.card[:_WEEK]) + deep * sum(loads.deep[:_WEEK])) / _WEEK


def _add(load: list[float], day: int, weights: tuple[float, float], loads: Loads) -> None:
    cards, deep = weights
    for after in range(HORIZON - day):
        load[day + after] += cards * loads.card[after] + deep * loads.deep[after]


def _present_load(
    syllabus: Syllabus, states: Mapping[str, CardState], history: History, loads: Loads
) -> list[float]:
    """What was met already comes back as it would, by how long ago it was met."""
    by_age: dict[tuple[int, bool], float] = {}
    for card, state in states.items():
        place = syllabus.places.get(card)
        if place is not None and state.reps and not state.suspended:
            age = max(0, history.day - state.first_day)
            key = (age, place.task.activity is not Activity.ANSWER)
            by_age[key] = by_age.get(key, 0.0) + history.times.recall(place.task)
    load = [0.0] * HORIZON
    for (age, is_deep), seconds in by_age.items():
        profile: Sequence[float] = (loads.deep if is_deep else loads.card)[age:]
        for day, often in enumerate(profile):
            load[day] += seconds * often
    return load
