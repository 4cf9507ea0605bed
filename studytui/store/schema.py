"""The tables of the journal, and how an older journal becomes one of today.

``journal`` is the truth and only grows: triggers refuse every change, but for the settling of ids
that came with two contents. ``states`` is a cache of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from studytui.store import codec
from studytui.store.errors import EventError
from studytui.store.validator import canonical

VERSION = 3

_JOURNAL = """
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    device BLOB NOT NULL CHECK (length(device) = 16),
    instant_ms INTEGER NOT NULL,
    offset_minutes INTEGER NOT NULL,
    day INTEGER NOT NULL,
    order_ms INTEGER NOT NULL,
    grade INTEGER,
    duration_ms INTEGER,
    content TEXT,
    retention REAL,
    factor REAL,
    payload TEXT
)
"""
_META = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
_SEGMENTS = """
CREATE TABLE segments (
    name TEXT PRIMARY KEY, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL
) WITHOUT ROWID
"""
_STATES = """
CREATE TABLE states (
    card TEXT PRIMARY KEY,
    phase INTEGER NOT NULL,
    step INTEGER NOT NULL,
    stability REAL NOT NULL,
    difficulty REAL NOT NULL,
    due_day INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    interval INTEGER NOT NULL,
    reps INTEGER NOT NULL,
    lapses INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    counted_day INTEGER NOT NULL,
    suspended INTEGER NOT NULL,
    buried_day INTEGER NOT NULL,
    last_event BLOB NOT NULL
) WITHOUT ROWID
"""
INDEXES = (
    "CREATE INDEX journal_subject ON journal (subject, order_ms, id)",
    "CREATE INDEX journal_order ON journal (order_ms)",
    "CREATE INDEX journal_rare ON journal (kind, subject, order_ms) WHERE kind <> 'review'",
)
STATE_INDEXES = (
    "CREATE INDEX states_due ON states (phase, due_day)",
    "CREATE INDEX states_last ON states (last_day)",
    "CREATE INDEX states_first ON states (first_day)",
)
_TRIGGERS = tuple(
    f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
    "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
    for verb in ("UPDATE", "DELETE")
)
TRIGGER_NAMES = ("journal_no_update", "journal_no_delete")


@contextmanager
def unguarded(connection: sqlite3.Connection) -> Iterator[None]:
    """Lift the guards for a change that every device makes alike, inside a transaction."""
    for name in TRIGGER_NAMES:
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
    yield
    for statement in _TRIGGERS:
        connection.execute(statement)


@contextmanager
def unindexed(connection: sqlite3.Connection, indexes: Sequence[str]) -> Iterator[None]:
    """Take indexes away for a bulk load and build them anew, in a transaction."""
    _drop_indexes(connection, indexes)
    yield
    for statement in indexes:
        connection.execute(statement)


def _drop_indexes(connection: sqlite3.Connection, indexes: Sequence[str]) -> None:
    for statement in indexes:
        name = statement.split()[2]
        connection.execute(f"DROP INDEX IF EXISTS {name}")


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database, inside the caller's transaction."""
    for statement in (_META, _JOURNAL, _SEGMENTS, _STATES, *INDEXES, *STATE_INDEXES, *_TRIGGERS):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def drop_states(connection: sqlite3.Connection) -> None:
    """Empty the cache; its indexes go with it."""
    connection.execute("DROP TABLE IF EXISTS states")
    connection.execute(_STATES)


def _from_1_to_2(connection: sqlite3.Connection) -> None:
    """Version 2 sorts by ``order_ms``, syncs by segments, and keeps each review's fuzz."""
    for name in TRIGGER_NAMES:
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
    connection.execute("ALTER TABLE journal RENAME TO journal_1")
    _drop_indexes(connection, INDEXES)
    connection.execute(_JOURNAL)
    columns = (
        "seq, id, kind, subject, device, instant_ms, offset_minutes, day,"
        " grade, duration_ms, content, payload"
    )
    connection.execute(
        f"INSERT INTO journal ({columns}, order_ms) SELECT {columns}, instant_ms FROM journal_1"
    )
    connection.execute("DROP TABLE journal_1")
    connection.execute("DROP TABLE IF EXISTS states")
    for statement in (_SEGMENTS, _STATES, *INDEXES, *STATE_INDEXES, *_TRIGGERS):
        connection.execute(statement)
    connection.execute("DELETE FROM meta WHERE key = 'states'")


def _from_2_to_3(connection: sqlite3.Connection) -> None:
    """Version 3 holds every event in its canonical form.

    Older versions wrote what other devices refuse: control characters and endless texts of
    reports, and orders that one event of a wrong clock had carried into the far future.
    """
    columns = ", ".join(codec.COLUMNS)
    changes = []
    for row in connection.execute(f"SELECT {columns} FROM journal"):
        try:
            mended = codec.to_row(canonical(codec.from_row(row)))
        except (EventError, ValueError, TypeError):
            continue  # It stays as it is; doctor tells of it.
        if mended != row:
            changes.append((*mended, row[0]))
    assignments = ", ".join(f"{name} = ?" for name in codec.COLUMNS)
    with unguarded(connection):
        connection.executemany(f"UPDATE journal SET {assignments} WHERE id = ?", changes)
    connection.execute("DELETE FROM meta WHERE key = 'states'")


MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _from_1_to_2, 2: _from_2_to_3}
"""From each older version to the next."""


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring an older journal to ``VERSION``, inside the caller's transaction."""
    for step in range(version, VERSION):
        MIGRATIONS[step](connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")
