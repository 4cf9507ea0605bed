"""The placement on a desk: what may be asked, and what is kept of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from studytui.library.activity import Activity
from studytui.memory.rating import Rating
from studytui.store.events import Placed, SetMemory
from studytui.study.planning.history import read_history
from studytui.study.planning.placement import Placement, probes_of
from studytui.study.planning.syllabus import Course, Syllabus, syllabus_of
from studytui.study.planning.today import present_plan

if TYPE_CHECKING:
    from studytui.study.desk import Desk

SOONEST, LATEST = 4, 14
"""Days within which the questions come again that said that an article is known."""
REST = 21
"""Days within which all else of it comes."""


def placement(desk: Desk, now: datetime) -> tuple[Placement, Syllabus]:
    """A placement over the goal of the plan. Raises StoreError."""
    entries, own = desk.library.by_hand
    _, goal, _ = present_plan(desk)
    history = read_history(desk.ledger.journal, (*own, *entries), desk.ledger.days.day(now))
    syllabus = syllabus_of(entries, tuple(goal.split()), own)
    begun = {
        course.id
        for course in syllabus.courses
        if course.id in history.touched
        or course.id in history.placed
        or any(history.has_read(course.id, section) for section in course.sections)
    }
    return Placement(syllabus.courses, begun), syllabus


def keep_placement(desk: Desk, found: Placement, syllabus: Syllabus, now: datetime) -> None:
    """Keep what was answered; what is known is scheduled as known. Raises StoreError."""
    ledger = desk.ledger
    with ledger.journal.transaction():
        for article, right in found.answers.items():
            known = article in found.known
            ledger.record(Placed(article, sum(right), len(right), known), now)
        for article, by in found.known.items():
            if article not in found.answers:
                right = found.answers[by]
                ledger.record(Placed(article, sum(right), len(right), known=True), now)
            _schedule(desk, syllabus.by_id[article], now)


def _schedule(desk: Desk, course: Course, now: datetime) -> None:
    """Let all of an article come as if it had been easy once, each on another day."""
    ledger = desk.ledger
    day = ledger.days.day(now)
    stability, difficulty = ledger.scheduler.model.first(Rating.EASY)
    probes = probes_of(course.sections)
    names = [
        name
        for task in course.tasks
        if task.activity in (Activity.ANSWER, Activity.DERIVE, Activity.CODE)
        for name in task.ids
    ]
    for place, name in enumerate(names):
        if ledger.state(name).reps:
            continue
        span = LATEST - SOONEST if name in probes else REST - SOONEST
        wait = SOONEST + (place * 7) % (span + 1)
        ledger.act(SetMemory(name, stability, difficulty, wait, day + wait), now)
