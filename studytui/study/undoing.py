"""The last grade of all, whatever sitting it was given in: what undo takes back from anywhere."""

from __future__ import annotations

from collections.abc import Container
from itertools import islice
from typing import TYPE_CHECKING

from studytui.memory.ledger import Outcome
from studytui.memory.replay import in_force
from studytui.store.events import Event, Review, Suspend
from studytui.store.newest import newest_first

if TYPE_CHECKING:
    from studytui.memory.ledger import Ledger

FURTHEST = 1_000
"""Grades that are looked at: so many that were taken back one after the other are no mistake."""


def last_grade(ledger: Ledger, cards: Container[str]) -> Outcome | None:
    """The last grade of this device that is in force, of some cards; None if there is none.

    A leech was put aside with its grade, and comes back with it.
    """
    for event in islice(newest_first(ledger.journal, Review.kind), FURTHEST):
        if not isinstance(event.body, Review) or event.body.card not in cards:
            continue
        card = event.body.card
        valid = {row[2].hex() for row in in_force(ledger.journal.card_rows(card))}
        if event.id in valid:
            given = (event, *_put_aside_with(ledger, event, valid))
            state = ledger.state(card)
            return Outcome(card, given, state, state)
    return None


def _put_aside_with(ledger: Ledger, grade: Event, valid: set[str]) -> tuple[Event, ...]:
    assert isinstance(grade.body, Review)
    return tuple(
        each
        for each in ledger.journal.history(grade.body.card)
        if isinstance(each.body, Suspend)
        and each.body.reason == "leech"
        and each.moment == grade.moment
        and each.id in valid
    )
