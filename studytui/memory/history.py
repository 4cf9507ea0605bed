"""The reviews of a card one by one, each with the state before and after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from studytui.memory.rating import Rating
from studytui.memory.replay import in_force, step
from studytui.memory.scheduler import Scheduler
from studytui.memory.statistics import Recall
from studytui.store.journal import ReviewRow
from studytui.store.states import NEW_CARD, CardState


@dataclass(frozen=True, slots=True)
class Taken:
    """One review in force: at ``instant_ms`` UTC, on study day ``day`` (ordinal)."""

    card: str
    instant_ms: int
    day: int
    grade: Rating
    retention: float
    before: CardState
    after: CardState


def walk(rows: Sequence[ReviewRow], scheduler: Scheduler) -> Iterator[Taken]:
    """The reviews of one card that were not undone, in time order."""
    state = NEW_CARD
    for row in in_force(rows):
        before, state = state, step(state, row, scheduler)
        card, kind, _, instant, day, grade, retention, *_ = row
        if kind == "review" and grade is not None:
            yield Taken(card, instant, day, Rating(grade), retention or 0.9, before, state)


def recalls(taken: Iterable[Taken], scheduler: Scheduler) -> Iterator[Recall]:
    """The reviews that tell something of memory: of known cards, on a later day than the last."""
    for each in taken:
        interval = each.day - each.before.last_day
        if each.before.reps == 0 or interval <= 0:
            continue
        predicted = scheduler.retrievability(each.before, each.day)
        yield Recall(each.card, date.fromordinal(each.day), each.grade, interval, predicted)
