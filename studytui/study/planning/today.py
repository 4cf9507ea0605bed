"""The plan of a desk: today's list, how far each article is, and by when it all is owned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from studytui.store.events import MoreToday, PlanSet
from studytui.study.desk import is_term, note_of
from studytui.study.planning.compose import Budget, Day, compose
from studytui.study.planning.history import History, read_history
from studytui.study.planning.mastery import Mastery, mastery_of
from studytui.study.planning.syllabus import Syllabus, syllabus_of

if TYPE_CHECKING:
    from studytui.settings import PlanSettings
    from studytui.store.states import CardState
    from studytui.study.desk import Desk

PLAN = "plan"
"""What the journal calls the plan: there is one."""
MORE = 10
"""Minutes that the reader adds with one key."""


@dataclass(frozen=True, slots=True)
class Today:
    """Everything that a screen tells of the plan at an instant."""

    day: Day
    minutes: int
    syllabus: Syllabus
    history: History
    states: Mapping[str, CardState]
    mastery: Mapping[str, Mastery]


def plan_today(desk: Desk, now: datetime) -> Today | None:
    """Today's plan; None where the reader wants none. Raises StoreError."""
    ledger, settings = desk.ledger, desk.settings.plan
    entries = desk.library.entries
    history = read_history(ledger.journal, entries, ledger.days.day(now))
    minutes, goal = wanted(history, settings)
    if not minutes:
        return None
    syllabus = syllabus_of(entries, goal)
    with ledger.journal.reading():
        states = dict(ledger.journal.states.all())
    if not desk.settings.review.terms:
        states = {card: state for card, state in states.items() if not is_term(card)}
    budget = Budget(60.0 * minutes, settings.review_share, settings.deep_a_day)
    recall = ledger.scheduler.retrievability
    return Today(
        compose(syllabus, states, history, budget, recall, note_of),
        minutes + history.extra,
        syllabus,
        history,
        states,
        {each.id: mastery_of(each, states, history, recall) for each in syllabus.courses},
    )


def wanted(history: History, settings: PlanSettings) -> tuple[int, tuple[str, ...]]:
    """Minutes a day and the goal: what the reader said last, else the settings."""
    if history.plan is not None:
        return history.plan.minutes, tuple(history.plan.goal.split())
    return settings.minutes, settings.goal


def set_plan(
    desk: Desk,
    now: datetime,
    *,
    minutes: int | None = None,
    goal: str | None = None,
    why: str | None = None,
) -> None:
    """Change what is wanted; what is not named stays. Raises StoreError."""
    ledger = desk.ledger
    last = ledger.journal.last(PlanSet.kind, PLAN)
    before = last.body if last is not None and isinstance(last.body, PlanSet) else None
    settings = desk.settings.plan
    old_minutes = before.minutes if before else settings.minutes
    old_goal = before.goal if before else " ".join(settings.goal)
    ledger.record(
        PlanSet(
            PLAN,
            old_minutes if minutes is None else minutes,
            old_goal if goal is None else goal,
            (before.why if before else "") if why is None else why,
        ),
        now,
    )


def more_today(desk: Desk, now: datetime, minutes: int = MORE) -> None:
    """Give the day some minutes more. Raises StoreError."""
    desk.ledger.record(MoreToday(PLAN, minutes), now)
