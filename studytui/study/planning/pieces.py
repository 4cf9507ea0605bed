"""The pieces that a day is made of, and those that are left of one article. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from studytui.library.activity import Activity
from studytui.library.outline import Section, Task
from studytui.store.states import NEW_CARD, CardState
from studytui.study.fading import Rung, Stage
from studytui.study.planning.history import History, Worked
from studytui.study.planning.syllabus import Course
from studytui.study.planning.timing import Times, missing_lines


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing of a day. ``cards`` are the ids that it asks, in order.

    ``fresh`` ones are met for the first time. A section that is to be read is named by its
    ``anchor``; so is, of anything else, the section that has to be read before.
    """

    activity: Activity
    article: str
    title: str
    seconds: float
    cards: tuple[str, ...] = ()
    articles: int = 1
    anchor: str = ""
    line: int = 0
    fresh: bool = False
    stage: Stage | Rung | None = None


def steps(course: Course, states: Mapping[str, CardState], history: History) -> Iterator[Piece]:
    """What is left of an article, in the order of the text."""
    for section in course.sections:
        unread = not section.back_matter and not history.has_read(course.id, section)
        if unread:
            yield _read_piece(course, section, history.times)
        for piece in _tasks(course, section, states, history):
            # The first section has no anchor of its own.
            yield replace(piece, anchor=section.anchor or "#") if unread else piece


def work_piece(article: str, title: str, task: Task, history: History) -> Piece:
    """A derivation at its stage, or an exercise."""
    work = history.work_on(task.ids[0])
    return Piece(
        task.activity,
        article,
        title,
        work_seconds(task, work, history.times),
        task.ids,
        line=task.line,
        fresh=not work.last_day,
        stage=work.rung if task.activity is Activity.CODE else work.stage,
    )


def is_scheduled(task: Task, work: Worked) -> bool:
    """Whether the schedule counts the work as it would be asked now."""
    return (work.rung if task.activity is Activity.CODE else work.stage).is_scheduled


def work_seconds(task: Task, work: Worked, times: Times) -> float:
    """What a derivation takes at its stage, or an exercise on its rung."""
    if task.activity is Activity.CODE:
        return times.code(work.rung, first=not work.last_day)
    return times.derivation(missing_lines(task, work.stage), first=not work.last_day)


def _read_piece(course: Course, section: Section, times: Times) -> Piece:
    title = f"{course.title}: {section.title}" if section.anchor else course.title
    return Piece(
        Activity.READ,
        course.id,
        title,
        times.section(section),
        anchor=section.anchor,
        line=section.line,
        fresh=True,
    )


def _tasks(
    course: Course, section: Section, states: Mapping[str, CardState], history: History
) -> Iterator[Piece]:
    """What a section asks and was never done; its cards are one piece."""
    cards = _cards(course, section, states, history)
    if cards is not None:
        yield cards
    for task in section.tasks:
        if task.activity is Activity.RUN and task.ids[0] not in history.run:
            seconds = history.times.run()
            yield Piece(
                Activity.RUN, course.id, course.title, seconds, task.ids, line=task.line, fresh=True
            )
        elif task.activity in (Activity.DERIVE, Activity.CODE):
            state = states.get(task.ids[0], NEW_CARD)
            is_open = not met(state) and state.buried_day != history.day
            if task.ids[0] not in history.worked and is_open:
                yield work_piece(course.id, course.title, task, history)


def _cards(
    course: Course, section: Section, states: Mapping[str, CardState], history: History
) -> Piece | None:
    cards: list[str] = []
    seconds, line = 0.0, 0
    for task in section.tasks:
        held = {card: states.get(card, NEW_CARD) for card in task.ids}
        fresh = [card for card, state in held.items() if not met(state)]
        # Of several gaps one is met a day: the others stand in its text.
        if task.activity is not Activity.ANSWER or not fresh:
            continue
        if all(history.day not in (state.last_day, state.buried_day) for state in held.values()):
            cards.append(fresh[0])
            seconds += history.times.card(task.kind, first=True)
            line = line or task.line
    if not cards:
        return None
    return Piece(
        Activity.ANSWER, course.id, course.title, seconds, tuple(cards), line=line, fresh=True
    )


def met(state: CardState) -> bool:
    """Whether a card is not met for the first time any more."""
    return state.reps > 0 or bool(state.suspended)
