"""The journal: what the reader did, appended and never changed.

Each append is one transaction, on the disk when the call returns. The states of cards are kept in
the same file, and change in the same transaction as the event that changes them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType

from studytui.store import codec, schema
from studytui.store.backup import copy_database
from studytui.store.connection import connect, immediate, roomy, told
from studytui.store.errors import NewerSchemaError, StaleCardError, StoreError
from studytui.store.events import SCHEDULING_KINDS, Body, Event, Moment, new_id
from studytui.store.merging import INSERT, Batch, Merged, merge, merge_batches
from studytui.store.segments import SegmentTable
from studytui.store.states import CardState, StateTable
from studytui.store.validator import LEAD_MS, canonical

_COLUMNS = ", ".join(codec.COLUMNS)

_PAGE = 5000

CLOCK_TOLERANCE_MS = 120_000
"""How far the clock may run behind the journal before the reader is told."""

ReviewRow = tuple[str, str, bytes, int, int, int | None, float | None, float | None, str | None]
"""``subject, kind, id, instant_ms, day, grade, retention, factor, payload``: what replay needs."""

_REVIEW_ROWS = (
    "SELECT subject, kind, id, instant_ms, day, grade, retention, factor, payload FROM journal"
    f" WHERE kind IN ({', '.join(map(repr, SCHEDULING_KINDS))})"
)


class Journal:
    """An open journal. Safe to share between threads, and between instances of the program.

    ``refusal`` is why nothing can be recorded in it; None where everything can.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, refusal: StoreError | None = None
    ) -> None:
        self._connection = connection
        self._lock = RLock()
        self.path = path
        self.refusal = refusal
        self.states = StateTable(connection)
        self.segments = SegmentTable(connection)
        self._file = _identity(path)
        self.device = self.setting("device")

    @classmethod
    def open(cls, path: Path, *, ids: Callable[[], str] = new_id) -> Journal:
        """Open the journal at ``path``; make it, or migrate an older one after a backup.

        Raises:
            NewerSchemaError: A newer studytui wrote it.
            StoreDamagedError: The file is damaged.
            StoreError: It cannot be read or written.
        """
        connection = connect(path)
        try:
            with told(path):
                _prepare(connection, path, ids)
                return cls(connection, path)
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Close the file; the last instance to close it folds the log into it."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One atomic step of reads and writes, with the write lock taken at its start."""
        if self.refusal is not None:
            why = self.refusal
            raise StoreError(f"not recorded: {why.what}", where=why.where, todo=why.todo)
        with self._lock, told(self.path):
            if self._connection.in_transaction:
                yield
                return
            if _identity(self.path) != self._file:
                raise StoreError(
                    "the journal was replaced while it was open: the last step was not recorded",
                    where=str(self.path),
                    todo="Leave studytui and start it again",
                )
            with immediate(self._connection):
                yield

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """A transaction that reads and writes much: its pages all fit into memory."""
        with self.transaction(), roomy(self._connection):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Reads whose errors are told, and which other threads do not break into."""
        with self._lock, told(self.path):
            yield

    def append(self, body: Body, moment: Moment, *, expect: str | None = None) -> Event:
        """Record one event and return it once it is safe on the disk.

        Args:
            body: What happened.
            moment: When, by the reader's clock and calendar.
            expect: Id of the last event on the card when it was shown; None to not ask.

        Raises:
            StaleCardError: Something happened to the card since it was shown.
            StoreError: The event could not be recorded.
        """
        with self.transaction():
            if expect is not None:
                self.refuse_stale(codec.subject_of(body), expect)
            known = self._last_order(before=moment.instant_ms + LEAD_MS)
            order = moment.instant_ms if known is None else max(moment.instant_ms, known + 1)
            event = canonical(Event(new_id(), self.device, moment, order, body))
            self._connection.execute(INSERT, codec.to_row(event))
        return event

    def merge(self, events: Iterable[Event], *, checked: bool = False) -> Merged:
        """Take events of other devices, in one transaction (see ``store.merging``)."""
        with self.bulk():
            return merge(self._connection, events, checked=checked)

    def merge_batches(self, batches: Iterable[Batch], expected: int) -> Merged:
        """Take very many events, all canonical, in one transaction (see ``store.merging``)."""
        with self.bulk():
            return merge_batches(self._connection, batches, expected)

    def copy_rows(self, rows: Iterable[codec.Row]) -> int:
        """Put rows of another copy of this journal in as they are; returns how many were new."""
        insert = INSERT.replace("INSERT", "INSERT OR IGNORE", 1)
        with self.transaction():
            return sum(self._connection.execute(insert, row).rowcount for row in rows)

    def refuse_stale(self, card: str, expect: str) -> None:
        """Raise ``StaleCardError`` unless ``expect`` is the last event on the card."""
        if self.states.get(card).last_event != expect:
            raise StaleCardError(
                "this card was graded elsewhere since it was shown; your grade was not recorded",
                where=card,
                todo="Go on with the next card",
            )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever recorded."""
        return not self._fetch("SELECT 1 FROM journal LIMIT 1")

    def _last_order(self, before: int) -> int | None:
        """The greatest ``order_ms`` under a bound; None if there is none."""
        rows = self._fetch("SELECT max(order_ms) FROM journal WHERE order_ms < ?", (before,))
        return None if rows[0][0] is None else int(rows[0][0])

    def is_last(self, event: Event) -> bool:
        """Whether no other event of the same subject comes after it."""
        return not self._fetch(
            "SELECT 1 FROM journal WHERE subject = ? AND (order_ms, id) > (?, ?) LIMIT 1",
            (codec.subject_of(event.body), event.order_ms, bytes.fromhex(event.id)),
        )

    def after(self, instant_ms: int) -> list[Event]:
        """The events whose instant lies behind one: some clock was wrong."""
        query = f"SELECT {_COLUMNS} FROM journal WHERE instant_ms > ? ORDER BY order_ms, id"
        return list(map(codec.from_row, self._fetch(query, (instant_ms,))))

    def clock_behind(self, now_ms: int) -> int:
        """Milliseconds by which the clock lies before this device's last event; 0 if it is near."""
        rows = self._fetch(
            "SELECT instant_ms FROM journal WHERE device = ? ORDER BY seq DESC LIMIT 1",
            (bytes.fromhex(self.device),),
        )
        behind = int(rows[0][0]) - now_ms if rows else 0
        return behind if behind > CLOCK_TOLERANCE_MS else 0

    def events(self, *, kinds: Sequence[str] = ()) -> Iterator[Event]:
        """Every event in time order, or only those of some kinds; read a page at a time."""
        wanted = f"AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        query = (
            f"SELECT {_COLUMNS} FROM journal WHERE (order_ms, id) > (?, ?) {wanted}"
            f" ORDER BY order_ms, id LIMIT {_PAGE}"
        )
        last: tuple[int, bytes] = (-(2**63), b"")
        while rows := self._fetch(query, (*last, *kinds)):
            yield from map(codec.from_row, rows)
            last = (rows[-1][7], rows[-1][0])

    def history(self, subject: str) -> list[Event]:
        """All events on one card, article, snippet ... in time order."""
        query = f"SELECT {_COLUMNS} FROM journal WHERE subject = ? ORDER BY order_ms, id"
        return list(map(codec.from_row, self._fetch(query, (subject,))))

    def latest(self, kind: str, *, here: bool = False) -> dict[str, Event]:
        """For every subject its last event of a kind other than review, by subject.

        With ``here`` only of this device's own.
        """
        own, device = self._own(here)
        query = (
            f"SELECT {_COLUMNS} FROM journal WHERE kind = ? AND kind <> 'review' {own}"
            " ORDER BY order_ms, id"
        )
        return {row[2]: codec.from_row(row) for row in self._fetch(query, (kind, *device))}

    def last(self, kind: str, subject: str, *, here: bool = False) -> Event | None:
        """The last event of a kind on one subject; with ``here`` only of this device's own."""
        own, device = self._own(here)
        query = (
            f"SELECT {_COLUMNS} FROM journal WHERE subject = ? AND kind = ? {own}"
            " ORDER BY order_ms DESC, id DESC LIMIT 1"
        )
        rows = self._fetch(query, (subject, kind, *device))
        return codec.from_row(rows[0]) if rows else None

    def _own(self, here: bool) -> tuple[str, tuple[bytes, ...]]:
        return ("AND device = ?", (bytes.fromhex(self.device),)) if here else ("", ())

    def count(self) -> int:
        """How many events there are."""
        return int(self._fetch("SELECT count(*) FROM journal")[0][0])

    def card_rows(self, card: str) -> list[ReviewRow]:
        """What replay needs of one card, in time order."""
        query = f"{_REVIEW_ROWS} AND subject = ? ORDER BY order_ms, id"
        return self._fetch(query, (card,))

    def replay_rows(self) -> Iterator[ReviewRow]:
        """What replay needs of all cards, card by card, each in time order."""
        with self.reading():
            yield from self._connection.execute(f"{_REVIEW_ROWS} ORDER BY subject, order_ms, id")

    def setting(self, key: str) -> str:
        """A value that the database keeps about itself; empty if there is none."""
        rows = self._fetch("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def set_setting(self, key: str, value: str) -> None:
        """Keep a value about the database itself."""
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def replace_states(self, states: Iterable[tuple[str, CardState]], stamp: str) -> None:
        """Put a freshly replayed cache in the old one's place; ``stamp`` says how it was made."""
        with self.transaction():
            schema.drop_states(self._connection)
            self.states.put_many(states)
            self.set_setting("states", stamp)

    def back_up(self, target: Path) -> None:
        """Copy the whole database, consistent, while others may go on writing."""
        with self.reading():
            copy_database(self._connection, target)

    def query(self, query: str, values: Sequence[object] = ()) -> list[codec.Row]:
        """Rows of a question to the database, for checks within the store.

        Errors are SQLite's own: who looks a file over wants to know which page failed.
        """
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _fetch(self, query: str, values: Sequence[object] = ()) -> list[codec.Row]:
        with self.reading():
            return self._connection.execute(query, values).fetchall()


def _identity(path: Path) -> tuple[int, int]:
    """What tells a file from another that took its name; zeros if there is none to be seen."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return 0, 0
    return found.st_dev, found.st_ino


def _prepare(connection: sqlite3.Connection, path: Path, ids: Callable[[], str]) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == schema.VERSION:
        return
    if version > schema.VERSION:
        raise NewerSchemaError(
            f"the journal has format {version}; this studytui knows {schema.VERSION}",
            where=str(path),
            todo="Install the newer studytui that wrote it: pip install --upgrade studytui",
        )
    if version:
        copy_database(connection, path.with_name(f"{path.stem}-before-format-{schema.VERSION}.db"))
    with immediate(connection):
        # Another instance may have done it while this one waited for the lock.
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise StoreError("this is a database of another program", where=str(path))
            schema.create(connection)
            connection.execute("INSERT INTO meta VALUES ('device', ?)", (ids(),))
        elif version < schema.VERSION:
            schema.migrate(connection, version)
