"""Card states from events: the fold that makes the cache, for one card or for all."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from studytui.memory.fsrs6 import LONGEST
from studytui.memory.rating import Rating
from studytui.memory.scheduler import (
    LAST_FACTOR,
    Scheduler,
    unscheduled,
    with_burial,
    with_due,
    with_memory,
    with_suspension,
)
from studytui.store.codec import target_of
from studytui.store.journal import ReviewRow
from studytui.store.states import NEW_CARD, CardState

_GRADES = {int(grade): grade for grade in Rating}
_LEAST_RETENTION, _MOST_RETENTION = 0.5, 0.999
_LAST_DAY = date.max.toordinal()
_FARTHEST_MS = 2**60
CODE = 2
"""Raised whenever the fold gives other states for the same events: old caches are then replayed."""


def stamp(scheduler: Scheduler) -> str:
    """What a cache must have been made with to be used."""
    return f"{CODE} {scheduler.stamp}"


def fold(rows: Sequence[ReviewRow], scheduler: Scheduler) -> CardState:
    """The state of one card after its events, given in time order.

    Undone events are left out first: an undo takes back exactly the event it names, wherever the
    two stand, so that the result depends only on the set of events.
    """
    state = NEW_CARD
    for row in in_force(rows):
        state = step(state, row, scheduler)
    return CardState._make((*state[:-1], rows[-1][2].hex() if rows else ""))


def in_force(rows: Sequence[ReviewRow]) -> Sequence[ReviewRow]:
    """The events of a card that were not undone."""
    gone = _undone(rows)
    return [row for row in rows if row[2] not in gone] if gone else rows


def step(state: CardState, row: ReviewRow, scheduler: Scheduler) -> CardState:
    """The state after one event in force; undo and redo themselves change nothing.

    Never raises: a repair keeps rows that nobody wrote, and one must not cost all the others.
    """
    _, kind, _, at_ms, day, grade, retention, factor, payload = row
    if not (1 <= day <= _LAST_DAY and abs(at_ms) <= _FARTHEST_MS):
        return state
    if kind == "review":
        if grade is None or (rating := _GRADES.get(grade)) is None:
            return state
        # A repair keeps rows with numbers that nobody wrote as well.
        if retention is None or not _LEAST_RETENTION <= retention <= _MOST_RETENTION:
            retention = 0.9
        if factor is not None and not 0.0 <= factor <= LAST_FACTOR:
            factor = None
        return scheduler.review(
            state, rating, day=day, at_ms=at_ms, retention=retention, factor=factor
        )
    if kind in ("suspend", "unsuspend"):
        return with_suspension(state, kind == "suspend", event="")
    if kind == "bury":
        return with_burial(state, day, event="")
    if kind == "reset":
        return unscheduled(state, event="")
    if kind == "memory":
        memory = _values(payload)
        sound = 0 < memory["stability"] <= LONGEST and 1 <= memory["difficulty"] <= 10
        return with_memory(state, memory, day, at_ms) if sound else state
    if kind == "due":
        return with_due(state, _values(payload)["due_day"])
    return state


@lru_cache(maxsize=2000)
def _values(payload: str | None) -> Mapping[str, Any]:
    """The fields of an event that have no column: many cards are due on one day."""
    values: Mapping[str, Any] = json.loads(payload or "{}")
    return values


def fold_all(
    rows: Iterable[ReviewRow], scheduler: Scheduler, cards: Container[str] | None = None
) -> Iterator[tuple[str, CardState]]:
    """The states of all cards, or of some, from rows sorted by card and then time."""
    for card, own in groupby(rows, key=itemgetter(0)):
        if cards is None or card in cards:
            yield card, fold(list(own), scheduler)


def _undone(rows: Sequence[ReviewRow]) -> set[bytes]:
    """Ids of the events that are not in force: the last undo or redo of each decides."""
    gone: set[bytes] = set()
    for row in rows:
        if row[1] == "undo":
            gone.add(target_of(row[-1]))
        elif row[1] == "redo":
            gone.discard(target_of(row[-1]))
    return gone
