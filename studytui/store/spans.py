"""What the journal holds of a span of study days: for whoever counts time."""

from __future__ import annotations

from collections.abc import Sequence

from studytui.store import codec
from studytui.store.events import Event
from studytui.store.journal import Journal


def on_days(journal: Journal, first: int, last: int, kinds: Sequence[str]) -> list[Event]:
    """The events of some kinds on study days from ``first`` to ``last``, in time order."""
    query = (
        f"SELECT {', '.join(codec.COLUMNS)} FROM journal WHERE day BETWEEN ? AND ?"
        f" AND kind IN ({_marks(kinds)}) ORDER BY order_ms, id"
    )
    with journal.reading():
        return list(map(codec.from_row, journal.query(query, (first, last, *kinds))))


def study_days(journal: Journal, before: int, kinds: Sequence[str]) -> tuple[int, int]:
    """The first and the last study day before one with an event of some kinds; 0 if none."""
    query = f"SELECT min(day), max(day) FROM journal WHERE day < ? AND kind IN ({_marks(kinds)})"
    with journal.reading():
        rows = journal.query(query, (before, *kinds))
    return rows[0][0] or 0, rows[0][1] or 0


def _marks(kinds: Sequence[str]) -> str:
    return ", ".join("?" * len(kinds))
