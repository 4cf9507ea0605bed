"""Which classical mistakes a reader makes: kept in the journal, counted, and asked again soon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from studytui.store.events import Mistaken, SetDue
from studytui.store.states import Phase

if TYPE_CHECKING:
    from studytui.store.journal import Journal
    from studytui.study.desk import Desk


def keep_mistakes(desk: Desk, subject: str, names: Sequence[str], now: datetime) -> None:
    """Record mistakes made at a derivation or a card."""
    if names:
        desk.ledger.record(Mistaken(subject, " ".join(names)), now)


def bring_back(desk: Desk, subject: str, now: datetime) -> None:
    """Let what was to come later come tomorrow; its memory stays as it is.

    Not where a grade follows that was asked for before: that says itself when it comes again.
    """
    ledger = desk.ledger
    state, tomorrow = ledger.state(subject), ledger.days.day(now) + 1
    if state.phase == Phase.REVIEW and state.due_day > tomorrow and not state.suspended:
        ledger.act(SetDue(subject, tomorrow), now)


def mistakes_made(journal: Journal) -> tuple[tuple[str, int], ...]:
    """Names of mistakes with how often each was made, the most frequent first."""
    counts: Counter[str] = Counter()
    for event in journal.events(kinds=(Mistaken.kind,)):
        if isinstance(event.body, Mistaken):
            counts.update(event.body.mistakes.split())
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
