"""What is due on a day, of all articles, and in which order it is recalled. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from studytui.library.activity import Activity
from studytui.library.outline import Task
from studytui.store.states import NEW_CARD, CardState, Phase
from studytui.study.planning.history import History
from studytui.study.planning.mastery import Recall
from studytui.study.planning.pieces import is_scheduled, work_seconds
from studytui.study.planning.syllabus import Syllabus

REHEARSED = 0.8
"""Where a derivation that is not scheduled yet stands among those that are: after what fades."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due: its place, how well it would be recalled, and what it takes.

    ``loss`` is by how much the recall falls until tomorrow. What is ``rehearsed`` has nearly all of
    it on the page still, and is not scheduled.
    """

    card: str
    article: str
    recall: float
    seconds: float
    task: Task
    note: str
    loss: float = 0.0
    rehearsed: bool = False


def due_items(
    syllabus: Syllabus,
    states: Mapping[str, CardState],
    history: History,
    recall: Recall,
    note_of: Callable[[str], str],
) -> list[Due]:
    """Everything that waits on the day of the history, the weakest first; one of a note."""
    day, found = history.day, []
    answered = {note_of(card) for card, state in states.items() if state.last_day == day}
    for card, state in states.items():
        place = syllabus.places.get(card)
        if place is None or not is_due(state, day):
            continue
        note = note_of(card)
        if state.phase == Phase.REVIEW and note in answered:
            continue
        # What is in steps was not known the last time: it comes first.
        chance = recall(state, day) if state.phase == Phase.REVIEW else 0.0
        if place.task.activity is Activity.ANSWER:
            seconds = history.times.expected(place.task, chance or 1.0)
        else:
            seconds = work_seconds(place.task, history.work_on(card), history.times)
        loss = chance - recall(state, day + 1) if chance else 1.0
        rehearsed = place.task.activity is not Activity.ANSWER and not is_scheduled(
            place.task, history.work_on(card)
        )
        found.append(Due(card, place.article, chance, seconds, place.task, note, loss, rehearsed))
    found += _rehearsals(syllabus, states, history)
    return _one_a_note(sorted(found, key=lambda each: (each.recall, each.card)))


def _rehearsals(syllabus: Syllabus, states: Mapping[str, CardState], history: History) -> list[Due]:
    """What is not scheduled yet, for nearly all of it stood there: it comes on the next day."""
    found = []
    for name, work in history.worked.items():
        place = syllabus.places.get(name)
        state = states.get(name, NEW_CARD)
        is_free = not state.reps and not state.suspended and state.buried_day != history.day
        if place is not None and is_free and 0 < work.last_day < history.day:
            seconds = work_seconds(place.task, work, history.times)
            found.append(
                Due(name, place.article, REHEARSED, seconds, place.task, name, rehearsed=True)
            )
    return found


def is_due(state: CardState, day: int) -> bool:
    """Whether a card waits on a day: in steps, or in review and due."""
    if state.suspended or state.buried_day == day:
        return False
    if state.phase == Phase.REVIEW:
        return state.due_day <= day
    return state.phase in (Phase.LEARNING, Phase.RELEARNING)


def coming(
    syllabus: Syllabus, states: Mapping[str, CardState], history: History, days: int
) -> float:
    """Seconds of all that falls due in the next days, without today."""
    return sum(
        history.times.recall(syllabus.places[card].task)
        for card, state in states.items()
        if state.phase == Phase.REVIEW
        and not state.suspended
        and history.day < state.due_day <= history.day + days
        and card in syllabus.places
    )


def apart(due: Sequence[Due]) -> list[Due]:
    """The same in nearly the same order, never two of one article in a row while another waits."""
    waiting, ordered = list(due), []
    last = ""
    while waiting:
        place = next((n for n, each in enumerate(waiting) if each.article != last), 0)
        each = waiting.pop(place)
        ordered.append(each)
        last = each.article
    return ordered


def within(due: Sequence[Due], seconds: float) -> list[Due]:
    """The first of them that take so long together."""
    taken: list[Due] = []
    for each in due:
        seconds -= each.seconds
        if seconds < 0:
            break
        taken.append(each)
    return taken


def _one_a_note(due: Sequence[Due]) -> list[Due]:
    seen: set[str] = set()
    kept = []
    for each in due:
        if each.note not in seen:
            seen.add(each.note)
            kept.append(each)
    return kept
