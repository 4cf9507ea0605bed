"""The state of a card: a cache of the journal, one row a card."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from studytui.store import schema


class Phase(IntEnum):
    """Where a card is in its life."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class CardState(NamedTuple):
    """What replaying a card's events gives; a tuple, for a replay makes one of every review.

    ``stability`` and ``interval`` are days, ``difficulty`` 1 to 10; days are study days as
    ordinals, 0 for none. A card in steps is due at ``due_ms`` (UTC milliseconds), one in review on
    ``due_day``. ``counted_day`` is the last day on which it was answered as a review, ``first_day``
    the day of its first; ``last_event`` the id of the last event on it, by which a stale screen is
    told.
    """

    phase: int = Phase.NEW
    step: int = 0
    stability: float = 0.0
    difficulty: float = 0.0
    due_day: int = 0
    due_ms: int = 0
    last_day: int = 0
    last_ms: int = 0
    interval: int = 0
    reps: int = 0
    lapses: int = 0
    first_day: int = 0
    counted_day: int = 0
    suspended: int = 0
    buried_day: int = 0
    last_event: str = ""


NEW_CARD = CardState()

_NAMES = CardState._fields
_SELECT = f"SELECT card, {', '.join(_NAMES)} FROM states"
_PUT = f"INSERT OR REPLACE INTO states VALUES ({', '.join('?' * (len(_NAMES) + 1))})"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was done on a study day: cards met for the first time, and reviews answered."""

    new: int
    reviews: int


class StateTable:
    """Reads and writes of the cache; transactions are the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, card: str) -> CardState:
        """The state of a card; that of a new one if nothing happened to it yet."""
        row = self._connection.execute(f"{_SELECT} WHERE card = ?", (card,)).fetchone()
        return _state(row) if row else NEW_CARD

    def put(self, card: str, state: CardState) -> None:
        """Write the state of one card."""
        self._connection.execute(_PUT, _row(card, state))

    def put_all(self, states: Iterable[tuple[str, CardState]]) -> None:
        """Write many states."""
        self._connection.executemany(_PUT, (_row(card, state) for card, state in states))

    def put_many(self, states: Iterable[tuple[str, CardState]]) -> None:
        """Write so many that to build their indexes anew costs less than to keep them up."""
        with schema.unindexed(self._connection, schema.STATE_INDEXES):
            self.put_all(states)

    def all(self) -> Iterator[tuple[str, CardState]]:
        """Every card that has a state, by id."""
        for row in self._connection.execute(f"{_SELECT} ORDER BY card"):
            yield row[0], _state(row)

    def seen(self) -> set[str]:
        """The cards that are not new."""
        query = "SELECT card FROM states WHERE phase <> 0 OR suspended <> 0"
        return {card for (card,) in self._connection.execute(query)}

    def suspended(self) -> list[str]:
        """The cards that are put aside."""
        query = "SELECT card FROM states WHERE suspended <> 0 ORDER BY card"
        return [card for (card,) in self._connection.execute(query)]

    def waiting(self, day: int) -> list[tuple[str, CardState]]:
        """Cards in review that are due by ``day``, and all that are in steps."""
        rows = self._connection.execute(
            f"{_SELECT} WHERE phase = {Phase.REVIEW:d} AND due_day <= ? AND suspended = 0"
            f" UNION ALL {_SELECT} WHERE phase IN ({Phase.LEARNING:d}, {Phase.RELEARNING:d})"
            " AND suspended = 0",
            (day,),
        )
        return [(row[0], _state(row)) for row in rows]

    def load(self, first: int, last: int) -> dict[int, int]:
        """How many cards in review are due on each day from ``first`` to ``last``."""
        rows = self._connection.execute(
            f"SELECT due_day, count(*) FROM states WHERE phase = {Phase.REVIEW:d}"
            " AND due_day BETWEEN ? AND ? GROUP BY due_day",
            (first, last),
        )
        return dict(rows.fetchall())

    def answered_on(self, day: int) -> set[str]:
        """Cards that were graded last on ``day``: their siblings wait until tomorrow."""
        rows = self._connection.execute("SELECT card FROM states WHERE last_day = ?", (day,))
        return {card for (card,) in rows}

    def met_on(self, day: int) -> set[str]:
        """Cards that were graded for the first time on ``day``."""
        rows = self._connection.execute("SELECT card FROM states WHERE first_day = ?", (day,))
        return {card for (card,) in rows}

    def tally(self, day: int) -> Tally:
        """How much of the daily limits is used on ``day``."""
        new = self._connection.execute(
            "SELECT count(*) FROM states WHERE first_day = ?", (day,)
        ).fetchone()[0]
        reviews = self._connection.execute(
            "SELECT count(*) FROM states WHERE last_day = ? AND counted_day = ?", (day, day)
        ).fetchone()[0]
        return Tally(new, reviews)


def _row(card: str, state: CardState) -> tuple[object, ...]:
    # A bytearray: bytes are asked of an adapter, which costs more than all the numbers.
    return (card, *state[:-1], bytearray.fromhex(state.last_event))


def _state(row: tuple[object, ...]) -> CardState:
    *values, last_event = row[1:]
    assert isinstance(last_event, bytes)
    return CardState._make((*values, last_event.hex()))
