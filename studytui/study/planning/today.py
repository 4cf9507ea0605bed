"""The plan of a desk: today's list, how far each article is, and by when it all is owned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from studytui.library.activity import Activity
from studytui.memory.history import recalls, walk
from studytui.store.events import (
    Derived,
    Exercised,
    MoreToday,
    PlanSet,
    Review,
    SectionRead,
)
from studytui.store.spans import on_days
from studytui.store.states import Phase
from studytui.study.desk import is_term, note_of
from studytui.study.planning.compose import Budget, Day, compose
from studytui.study.planning.forecast import (
    TEN_WEEKS,
    Forecast,
    Loads,
    forecast,
    loads_of,
    minutes_needed,
)
from studytui.study.planning.history import History, read_history
from studytui.study.planning.mastery import Mastery, mastery_of
from studytui.study.planning.placement import probes_of
from studytui.study.planning.standing import Standing
from studytui.study.planning.syllabus import Syllabus, syllabus_of
from studytui.study.planning.timing import repeats_of

if TYPE_CHECKING:
    from studytui.settings import PlanSettings
    from studytui.store.states import CardState
    from studytui.study.desk import Desk

PLAN = "plan"
"""What the journal calls the plan: there is one."""
MORE = 10
"""Minutes that the reader adds with one key."""


@dataclass(frozen=True)
class Today:
    """Everything that a screen tells of the plan at an instant."""

    day: Day
    minutes: int
    syllabus: Syllabus
    history: History
    states: Mapping[str, CardState]
    mastery: Mapping[str, Mastery]
    titles: Mapping[str, str]
    done: Done
    loads: Loads
    share: float
    returned: tuple[str, ...] = ()
    """Titles of the articles that were thought known, and of which a question failed today."""

    @cached_property
    def forecast(self) -> Forecast:
        """By when the goal will have been worked, at the minutes of every day."""
        return forecast(
            self.syllabus,
            self.states,
            self.history,
            self.mastery,
            self.loads,
            seconds=60.0 * (self.minutes - self.history.extra),
            share=self.share,
        )

    @property
    def has_content(self) -> bool:
        """Whether the articles were read from the disk yet: before, there is nothing to plan."""
        return bool(self.syllabus.places)

    @property
    def owned(self) -> int:
        """How many articles of the goal are owned."""
        return sum(each.standing is Standing.OWNED for each in self.mastery.values())


@dataclass(frozen=True, slots=True)
class Done:
    """What a day brought: ``recalled`` of ``reviewed`` known cards, ``expected`` so many.

    ``fresh`` cards were met, ``sections`` read, ``derived`` and ``coded`` things worked;
    ``again`` are cards that failed and were not recalled since.
    """

    reviewed: int = 0
    recalled: int = 0
    expected: float = 0.0
    fresh: int = 0
    sections: int = 0
    derived: int = 0
    coded: int = 0
    again: tuple[str, ...] = ()


def plan_today(desk: Desk, now: datetime, *, told: bool = True) -> Today | None:
    """Today's plan; None where the reader wants none. Raises StoreError.

    Not ``told``: without titles, mastery and what was done, which only a screen wants to know.
    """
    ledger, settings = desk.ledger, desk.settings.plan
    entries, own = desk.library.by_hand
    history = read_history(ledger.journal, (*own, *entries), ledger.days.day(now))
    history = replace(history, times=replace(history.times, repeats=_repeats(desk)))
    minutes, goal = wanted(history, settings)
    if not minutes:
        return None
    syllabus = syllabus_of(entries, goal, own)
    with ledger.journal.reading():
        states = dict(ledger.journal.states.all())
    if not desk.settings.review.terms:
        states = {card: state for card, state in states.items() if not is_term(card)}
    history, back = _without_returned(history, syllabus, states)
    budget = Budget(60.0 * minutes, settings.review_share, settings.deep_a_day)
    recall = ledger.scheduler.retrievability
    day = compose(syllabus, states, history, budget, recall, note_of)
    courses = syllabus.courses if told else ()
    mastery = {each.id: mastery_of(each, states, history, recall) for each in courses}
    return Today(
        day,
        minutes + history.extra,
        syllabus,
        history,
        states,
        mastery,
        _titles(desk, day) if told else {},
        _done(desk, states, history.day) if told else Done(),
        loads_of(desk.settings),
        settings.review_share,
        back,
    )


def _without_returned(
    history: History, syllabus: Syllabus, states: Mapping[str, CardState]
) -> tuple[History, tuple[str, ...]]:
    """What was placed and failed since is read after all; with the titles of today's."""
    failed: set[str] = set()
    titles: list[str] = []
    for name in history.placed & syllabus.by_id.keys():
        course = syllabus.by_id[name]
        probes = [states[card] for card in probes_of(course.sections) if card in states]
        lapsed = [state for state in probes if state.lapses]
        if lapsed:
            failed.add(name)
            if any(state.last_day == history.day for state in lapsed):
                titles.append(course.title)
    known = frozenset(name for name in history.known if syllabus.places[name].article not in failed)
    left = replace(history, placed=history.placed - failed, known=known)
    return (left if failed else history), tuple(sorted(titles))


def _repeats(desk: Desk) -> float:
    return repeats_of(len(desk.settings.memory.learning_steps))


def _titles(desk: Desk, day: Day) -> dict[str, str]:
    """What the derivations and exercises of the day are called, and the articles of all pieces."""
    library = desk.library
    titles = {}
    for piece in day.pieces:
        if piece.activity is Activity.DERIVE and (derivation := library.derivation(piece.cards[0])):
            titles[piece.cards[0]] = derivation.title
        if piece.activity is Activity.CODE and (exercise := library.exercise(piece.cards[0])):
            titles[piece.cards[0]] = exercise.title
    return titles


def _done(desk: Desk, states: Mapping[str, CardState], day: int) -> Done:
    """What the journal of a day tells; the expected recall is replayed card by card."""
    ledger = desk.ledger
    kinds = (Review.kind, SectionRead.kind, Derived.kind, Exercised.kind)
    bodies = [event.body for event in on_days(ledger.journal, day, day, kinds)]
    cards = {body.card for body in bodies if isinstance(body, Review)}
    taken = [
        each
        for card in cards
        for each in walk(ledger.journal.card_rows(card), ledger.scheduler)
        if each.day == day
    ]
    known = list(recalls(taken, ledger.scheduler))
    return Done(
        reviewed=len(known),
        recalled=sum(each.passed for each in known),
        expected=sum(each.predicted for each in known),
        fresh=sum(each.before.reps == 0 for each in taken),
        sections=sum(isinstance(body, SectionRead) and body.done for body in bodies),
        derived=len({body.derivation for body in bodies if isinstance(body, Derived)}),
        coded=len({body.exercise for body in bodies if isinstance(body, Exercised)}),
        again=tuple(
            # One that was graded after the states were read is told the next time.
            sorted(c for c in cards if c in states and states[c].phase == Phase.RELEARNING)
        ),
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
    old_minutes, old_goal, old_why = present_plan(desk)
    body = PlanSet(
        PLAN,
        old_minutes if minutes is None else minutes,
        old_goal if goal is None else goal,
        old_why if why is None else why,
    )
    desk.ledger.record(body, now)


def more_today(desk: Desk, now: datetime, minutes: int = MORE) -> None:
    """Give the day some minutes more. Raises StoreError."""
    desk.ledger.record(MoreToday(PLAN, minutes), now)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What minutes and a goal mean as of study day ``day``.

    ``needed`` are the minutes a day for the goal in ten weeks, 0 for more than can be asked.
    """

    forecast: Forecast
    needed: int
    day: int


def outlook(desk: Desk, now: datetime, minutes: int, goal: tuple[str, ...]) -> Outlook:
    """What a plan would carry, before it is kept. Takes a second. Raises StoreError."""
    ledger, settings = desk.ledger, desk.settings.plan
    entries, own = desk.library.by_hand
    history = read_history(ledger.journal, (*own, *entries), ledger.days.day(now))
    history = replace(history, times=replace(history.times, repeats=_repeats(desk)))
    syllabus = syllabus_of(entries, goal, own)
    with ledger.journal.reading():
        states = dict(ledger.journal.states.all())
    recall = ledger.scheduler.retrievability
    mastery = {each.id: mastery_of(each, states, history, recall) for each in syllabus.courses}
    course = (syllabus, states, history, mastery, loads_of(desk.settings))
    found = forecast(*course, seconds=60.0 * minutes, share=settings.review_share)
    needed = minutes_needed(*course, days=TEN_WEEKS, share=settings.review_share)
    return Outlook(found, needed, history.day)


def present_plan(desk: Desk) -> tuple[int, str, str]:
    """Minutes, goal and why, as they hold now. Raises StoreError."""
    last = desk.ledger.journal.last(PlanSet.kind, PLAN)
    if last is not None and isinstance(last.body, PlanSet):
        return last.body.minutes, last.body.goal, last.body.why
    return desk.settings.plan.minutes, " ".join(desk.settings.plan.goal), ""
