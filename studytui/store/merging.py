"""Events of other devices come in: a union by id, with the same result on every device."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from operator import length_hint

from studytui.store import codec, schema
from studytui.store.events import SCHEDULING_KINDS, Body, Event, Other, Trusted
from studytui.store.validator import canonical

_COLUMNS = ", ".join(codec.COLUMNS)
INSERT = f"INSERT INTO journal ({_COLUMNS}) VALUES ({', '.join('?' * len(codec.COLUMNS))})"
_ALL_IDS = "SELECT hex(id) FROM journal"
_MANY = 10_000
_BATCH = 500
"""Ids asked for at once; SQLite takes 999 values in a statement, or more."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Two contents of one id: the one that every device keeps, and the other."""

    kept: Event
    dropped: Event


@dataclass(slots=True)
class Merged:
    """What a merge did: how many events were new here, the cards whose schedule may have changed,
    and the ids that had two contents."""

    added: int = 0
    cards: set[str] = field(default_factory=set)
    settled: list[Settled] = field(default_factory=list)


def merge(
    connection: sqlite3.Connection, events: Iterable[Event], *, checked: bool = False
) -> Merged:
    """Take events inside the caller's transaction, a batch at a time.

    Of one id with two contents every device keeps the same one: that whose line sorts first.
    Trust is left out: code runs only where its reader has seen it. ``checked`` says that all came
    out of :func:`~studytui.store.validator.canonical` already.
    """
    merged = Merged()
    wanted = iter(events if checked else map(canonical, events))
    batches = iter(lambda: list(islice(wanted, _BATCH)), [])
    if _is_bulk(connection, events):
        with schema.unindexed(connection, schema.INDEXES):
            seen = {identity.lower() for (identity,) in connection.execute(_ALL_IDS)}
            for batch in batches:
                _merge_batch(connection, batch, seen, merged)
        return merged
    for batch in batches:
        ids = [bytearray.fromhex(event.id) for event in batch]
        query = f"{_ALL_IDS} WHERE id IN ({', '.join('?' * len(ids))})"
        seen = {identity.lower() for (identity,) in connection.execute(query, ids)}
        _merge_batch(connection, batch, seen, merged)
    return merged


def _is_bulk(connection: sqlite3.Connection, events: Iterable[Event]) -> bool:
    """Whether so much comes that to build the indexes anew costs less than to keep them up."""
    count = length_hint(events)
    if count < _MANY:
        return False
    return count > int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])


def _merge_batch(
    connection: sqlite3.Connection, batch: list[Event], seen: set[str], merged: Merged
) -> None:
    """Take events; ``seen`` are the ids that the journal holds of them."""
    fresh: defaultdict[type[Body], list[Event]] = defaultdict(list)
    known: list[Event] = []
    for event in batch:
        kind = type(event.body)
        if kind is Trusted:
            continue
        if event.id in seen:
            known.append(event)
        else:
            seen.add(event.id)
            fresh[kind].append(event)
    merged.added += sum(map(len, fresh.values()))
    merged.cards.update(_insert(connection, fresh))
    for event in known:
        there = _row(connection, event.id)
        if there != codec.to_row(event) and there[1] != Trusted.kind:
            settled = _settle(connection, codec.from_row(there), event)
            merged.settled.append(settled)
            merged.cards.update(
                codec.subject_of(each.body)
                for each in (settled.kept, settled.dropped)
                if each.body.kind in SCHEDULING_KINDS
            )


def _insert(connection: sqlite3.Connection, kinds: dict[type[Body], list[Event]]) -> set[str]:
    """Insert events whose ids are new, kind by kind: whole columns cost less than rows.

    Returns the cards that they schedule.
    """
    cards: set[str] = set()
    connection.executemany(INSERT, map(codec.to_row, kinds.pop(Other, ())))
    for kind, same in kinds.items():
        columns = codec.to_columns(same)
        values = zip(*columns.values(), strict=True)
        connection.executemany(_insertion(tuple(columns)), values)
        if kind.kind in SCHEDULING_KINDS:
            cards.update(columns["subject"])
    return cards


@cache
def _insertion(columns: tuple[str, ...]) -> str:
    values = ", ".join("?" * len(columns))
    return f"INSERT INTO journal ({', '.join(columns)}) VALUES ({values})"


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
