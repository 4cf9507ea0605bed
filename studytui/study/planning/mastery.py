"""How far an article is owned, in three legs: recall, derive, code. Pure.

No single number: a mean of vocabulary and ideas tells nobody what to do next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from studytui.library.activity import Activity
from studytui.store.states import NEW_CARD, CardState
from studytui.study.fading import Stage
from studytui.study.planning.history import History
from studytui.study.planning.standing import Standing
from studytui.study.planning.syllabus import Course

Recall = Callable[[CardState, int], float]
"""Probability of recall of a state on a study day."""
AHEAD = 30
"""Days: what counts is what will still be known in a month."""
OWNED, LOST = 0.80, 0.65
"""Recall in a month from which an article is owned, and below which it is fading."""
APART = 14
"""Days between two unaided passes that count as two."""


@dataclass(frozen=True, slots=True)
class Mastery:
    """The legs of one article. Each pair is how many of how many; ``recall`` is 0 to 1."""

    standing: Standing
    read: tuple[int, int]
    recall: float
    met: tuple[int, int]
    derive: tuple[int, int]
    code: tuple[int, int]
    stage: Stage | None = None


def mastery_of(
    course: Course, states: Mapping[str, CardState], history: History, recall: Recall
) -> Mastery:
    """The legs of an article as of the day of the history."""
    sections = [section for section in course.sections if not section.back_matter]
    done = sum(history.has_read(course.id, section) for section in sections)
    cards = [name for task in course.of(Activity.ANSWER) for name in task.ids]
    held = [states.get(name, NEW_CARD) for name in cards]
    kept = sum(recall(state, history.day + AHEAD) for state in held if state.reps)
    met = sum(state.reps > 0 or bool(state.suspended) for state in held)
    derivations = [task.ids[0] for task in course.of(Activity.DERIVE)]
    exercises = [task.ids[0] for task in course.of(Activity.CODE)]
    stages = [history.worked[name].stage for name in derivations if name in history.worked]
    legs = Mastery(
        standing=Standing.NEW,
        read=(done, len(sections)),
        recall=kept / len(cards) if cards else 1.0,
        met=(met, len(cards)),
        derive=(sum(_twice(history, name) for name in derivations), len(derivations)),
        code=(sum(_twice(history, name) for name in exercises), len(exercises)),
        stage=min(stages, default=None),
    )
    return replace(legs, standing=_standing(course, held, history, legs))


def _twice(history: History, name: str) -> bool:
    """Whether there are two unaided passes, days apart."""
    work = history.worked.get(name)
    return work is not None and bool(work.passes) and work.passes[-1] - work.passes[0] >= APART


def _standing(course: Course, held: list[CardState], history: History, legs: Mastery) -> Standing:
    if course.id in history.placed and legs.met[0] < legs.met[1]:
        return Standing.WORKED
    if legs.read[0] < legs.read[1] and course.id not in history.placed:
        begun = legs.read[0] or any(state.reps for state in held) or course.id in history.touched
        return Standing.BEGUN if begun else Standing.NEW
    if legs.met[0] < legs.met[1] or not _is_worked(course, held, history):
        return Standing.READ
    whole = legs.derive[0] == legs.derive[1] and legs.code[0] == legs.code[1]
    return Standing.OWNED if whole and legs.recall >= OWNED else Standing.WORKED


def _is_worked(course: Course, held: list[CardState], history: History) -> bool:
    """Whether everything was met, what is deep from its words alone, and some of it came back."""
    if course.id in history.placed:
        return True
    for task in (*course.of(Activity.DERIVE), *course.of(Activity.CODE)):
        if not history.work_on(task.ids[0]).is_met:
            return False
    return not held or any(state.last_day > state.first_day for state in held)
