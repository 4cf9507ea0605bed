"""Events of other devices come in: a union by id, with the same result on every device."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from studytui.store import codec, schema
from studytui.store.events import Event, Trusted
from studytui.store.validator import canonical

_COLUMNS = ", ".join(codec.COLUMNS)
INSERT = f"INSERT INTO journal ({_COLUMNS}) VALUES ({', '.join('?' * len(codec.COLUMNS))})"
_INSERT_NEW = INSERT.replace("INSERT", "INSERT OR IGNORE", 1)


@dataclass(frozen=True, slots=True)
class Settled:
    """Two contents of one id: the one that every device keeps, and the other."""

    kept: Event
    dropped: Event


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: events that were new here, and ids that had two contents."""

    added: list[Event]
    settled: list[Settled]


def merge(connection: sqlite3.Connection, events: Iterable[Event]) -> Merged:
    """Take events inside the caller's transaction.

    Of one id with two contents every device keeps the same one: that whose line sorts first.
    Trust is left out: code runs only where its reader has seen it.
    """
    added: list[Event] = []
    settled: list[Settled] = []
    for event in map(canonical, events):
        if isinstance(event.body, Trusted):
            continue
        row = codec.to_row(event)
        if connection.execute(_INSERT_NEW, row).rowcount:
            added.append(event)
            continue
        known = _row(connection, event.id)
        if known != row and known[1] != Trusted.kind:
            settled.append(_settle(connection, codec.from_row(known), event))
    return Merged(added, settled)


def _row(connection: sqlite3.Connection, identity: str) -> codec.Row:
    query = f"SELECT {_COLUMNS} FROM journal WHERE id = ?"
    row: codec.Row = connection.execute(query, (bytes.fromhex(identity),)).fetchone()
    return row


def _settle(connection: sqlite3.Connection, known: Event, other: Event) -> Settled:
    kept, dropped = sorted((known, other), key=codec.to_line)
    if kept is other:
        assignments = ", ".join(f"{name} = ?" for name in codec.COLUMNS)
        with schema.unguarded(connection):
            connection.execute(
                f"UPDATE journal SET {assignments} WHERE id = ?",
                (*codec.to_row(kept), bytes.fromhex(kept.id)),
            )
    return Settled(kept, dropped)
