"""What there is to be learnt: the articles in the order of the goal, and what each asks. Pure.

Of the derivations of an article only a few are scheduled by the plan: those with most lines. All
others stay in the text, free work; forty articles with all of theirs are years, not months.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from studytui.library.activity import Activity
from studytui.library.outline import Section, Task

if TYPE_CHECKING:
    from studytui.library.entry import Entry

DERIVATIONS = 2
"""Derivations of an article that the plan asks for."""
EXERCISES = 1
"""Exercises of an article that the plan asks for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scheduled id stands."""

    article: str
    task: Task


@dataclass(frozen=True)
class Course:
    """One article as the plan sees it: its sections hold only the tasks that the plan asks for."""

    id: str
    title: str
    track: str
    needs: tuple[str, ...]
    sections: tuple[Section, ...]

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """All that is to be done, in the order of the text."""
        return tuple(task for section in self.sections for task in section.tasks)

    def of(self, activity: Activity) -> tuple[Task, ...]:
        """The tasks of one activity."""
        return tuple(task for task in self.tasks if task.activity is activity)


@dataclass(frozen=True)
class Syllabus:
    """The articles of the goal in the order in which they are met, and where everything stands.

    ``places`` also holds what is no part of the goal: what was begun comes back all the same.
    """

    courses: tuple[Course, ...]
    places: Mapping[str, Place]

    @cached_property
    def by_id(self) -> Mapping[str, Course]:
        """The articles of the goal."""
        return {course.id: course for course in self.courses}


@lru_cache(maxsize=8)
def syllabus_of(
    entries: tuple[Entry, ...], goal: tuple[str, ...] = (), own: tuple[Entry, ...] = ()
) -> Syllabus:
    """The syllabus for a goal of ids of tracks and articles; empty for everything.

    What an article of the goal needs belongs to the goal. ``own`` is what the reader wrote: it
    comes back where it was begun, but nobody is sent to read it.
    """
    by_id = {entry.id: entry for entry in entries}
    wanted = [entry.id for entry in entries if not goal or {entry.id, entry.track} & set(goal)]
    chosen: dict[str, None] = {}
    seen: set[str] = set()

    def choose(name: str) -> None:
        if name in by_id and name not in seen:
            seen.add(name)
            for need in by_id[name].needs:
                choose(need)
            chosen[name] = None

    for name in wanted:
        choose(name)
    places = {
        name: Place(entry.id, task)
        # A version of the reader's own stands where the original stood.
        for entry in (*own, *entries)
        for section in entry.outline
        for task in section.tasks
        for name in task.ids
    }
    return Syllabus(tuple(_course(by_id[name]) for name in chosen), places)


def _course(entry: Entry) -> Course:
    outline = entry.outline
    tasks = [task for section in outline for task in section.tasks]
    asked = {
        *_longest((t for t in tasks if t.activity is Activity.DERIVE), DERIVATIONS),
        *[t.ids for t in tasks if t.activity is Activity.CODE][:EXERCISES],
    }
    sections = tuple(
        replace(section, tasks=tuple(task for task in section.tasks if _is_asked(task, asked)))
        for section in outline
    )
    return Course(entry.id, entry.title, entry.track, entry.needs, sections)


def _is_asked(task: Task, asked: Collection[tuple[str, ...]]) -> bool:
    return task.activity in (Activity.ANSWER, Activity.RUN) or task.ids in asked


def _longest(tasks: Iterable[Task], count: int) -> list[tuple[str, ...]]:
    return [task.ids for task in sorted(tasks, key=lambda task: -task.seconds)[:count]]
