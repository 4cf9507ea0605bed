"""Events of other devices come in: a union by id, with the same result on every device."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from operator import length_hint

from studytui.store import codec, schema
from studytui.store.columns import Columns
from studytui.store.events import SCHEDULING_KINDS, Body, Event, Other, Trusted
from studytui.store.validator import canonical

_COLUMNS = ", ".join(codec.COLUMNS)
INSERT = f"INSERT INTO journal ({_COLUMNS}) VALUES ({', '.join('?' * len(codec.COLUMNS))})"
_ALL_IDS = "SELECT hex(id) FROM journal"
Batch = Columns | Sequence[Event]
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
    wanted = iter(events if checked else map(canonical, events))
    batches: Iterator[Batch] = iter(lambda: list(islice(wanted, _BATCH)), [])
    return merge_batches(connection, batches, length_hint(events))


def merge_batches(
    connection: sqlite3.Connection, batches: Iterable[Batch], expected: int
) -> Merged:
    """:func:`merge` of canonical events that come in batches, about ``expected`` of them."""
    merged = Merged()
    if _is_bulk(connection, expected):
        with schema.unindexed(connection, schema.INDEXES):
            seen = {identity.lower() for (identity,) in connection.execute(_ALL_IDS)}
            for batch in batches:
                _merge_batch(connection, batch, seen, merged)
        return merged
    for batch in batches:
        _merge_batch(connection, batch, _seen(connection, batch), merged)
    return merged


def _is_bulk(connection: sqlite3.Connection, expected: int) -> bool:
    """Whether so much comes that to build the indexes anew costs less than to keep them up."""
    if expected < _MANY:
        return False
    return expected > int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])


def _seen(connection: sqlite3.Connection, batch: Batch) -> set[str]:
    """Which of the ids of a batch the journal holds."""
    ids = batch.ids if isinstance(batch, Columns) else [event.id for event in batch]
    seen: set[str] = set()
    for start in range(0, len(ids), _BATCH):
        asked = list(map(bytearray.fromhex, ids[start : start + _BATCH]))
        query = f"{_ALL_IDS} WHERE id IN ({', '.join('?' * len(asked))})"
        seen.update(identity.lower() for (identity,) in connection.execute(query, asked))
    return seen


def _merge_batch(
    connection: sqlite3.Connection, batch: Batch, seen: set[str], merged: Merged
) -> None:
    """Take events; ``seen`` are the ids that the journal holds of them."""
    if isinstance(batch, Columns):
        ids = set(batch.ids)
        if batch.kind is not Trusted and len(ids) == len(batch) and seen.isdisjoint(ids):
            seen |= ids
            _insert(connection, batch, merged)
            return
        batch = batch.events()
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
    others = fresh.pop(Other, [])
    connection.executemany(INSERT, map(codec.to_row, others))
    merged.added += len(others)
    for same in fresh.values():
        _insert(connection, Columns.of(same), merged)
    for event in known:
        _meet(connection, event, merged)


def _insert(connection: sqlite3.Connection, events: Columns, merged: Merged) -> None:
    """Insert events whose ids are new: whole columns cost less than rows."""
    columns = codec.to_columns(events)
    values = zip(*columns.values(), strict=True)
    connection.executemany(_insertion(tuple(columns)), values)
    merged.added += len(events)
    if events.kind.kind in SCHEDULING_KINDS:
        merged.cards.update(events.fields[0])


def _meet(connection: sqlite3.Connection, event: Event, merged: Merged) -> None:
    """Settle an event whose id the journal holds, where its content is another."""
    there = _row(connection, event.id)
    if there == codec.to_row(event) or there[1] == Trusted.kind:
        return
    settled = _settle(connection, codec.from_row(there), event)
    merged.settled.append(settled)
    merged.cards.update(
        codec.subject_of(each.body)
        for each in (settled.kept, settled.dropped)
        if each.body.kind in SCHEDULING_KINDS
    )


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
