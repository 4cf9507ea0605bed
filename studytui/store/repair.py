"""Looking a journal over, saving what a damaged one still holds, and going back to a backup."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from studytui.store import codec, schema
from studytui.store.backup import Backup
from studytui.store.errors import EventError, StoreError
from studytui.store.events import Event
from studytui.store.journal import Journal

Query = Callable[..., list[codec.Row]]
"""Runs a statement and returns its rows."""

_COLUMNS = ", ".join(codec.COLUMNS)
_BATCH = 200
_COMPANIONS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair saved, and where the damaged file is now."""

    from_journal: int
    from_backups: int
    unreadable: int
    kept: Path | None


def findings(path: Path) -> list[str]:
    """Everything that is wrong with the file, in sentences; empty if it is sound.

    Raises:
        StoreError: It cannot even be opened.
    """
    with Journal.open(path) as journal:
        try:
            found = [
                f"integrity: {message}"
                for (message,) in journal.query("PRAGMA integrity_check(20)")
                if message != "ok"
            ]
        except sqlite3.DatabaseError as error:
            return [f"integrity: {error}"]
        names = {
            name for (name,) in journal.query("SELECT name FROM sqlite_master WHERE type='trigger'")
        }
        found += [
            f"the guard {name} is missing" for name in schema.TRIGGER_NAMES if name not in names
        ]
        if not found:
            unreadable = sum(event is None for event in map(_event, _read(journal.query)))
            if unreadable:
                found.append(f"{unreadable} events are not readable")
    return found


def repair(path: Path, copies: list[Backup], now: datetime) -> Repaired:
    """Make a new journal of all events that the damaged file and the backups still give.

    The damaged file stays beside it under another name. No other studytui may be running.

    Raises:
        StoreError: There is no room, or the folder cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".repair-") as folder:
            rebuilt = Path(folder) / "journal.db"
            from_journal, unreadable, device = _salvage(path, rebuilt, Path(folder))
            from_backups = 0
            for number, backup in enumerate(copies):
                more, _, other = _salvage(backup.path, rebuilt, Path(folder) / f"copy{number}")
                from_backups += more
                device = device or other
            _settle(rebuilt, device)
            kept = _put_aside(path, "damaged", now)
            rebuilt.replace(path)
    except OSError as error:
        raise StoreError(
            f"the repair could not be done: {error.strerror}",
            where=str(path),
            todo="Make room in the data folder and run it again; nothing was changed",
        ) from error
    return Repaired(from_journal, from_backups, unreadable, kept)


def restore(path: Path, backup: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the journal; returns where the journal is now.

    Raises:
        StoreError: The backup is not sound, or cannot be copied.
    """
    fresh = path.with_name(f".{path.name}.restored")
    try:
        shutil.copyfile(backup, fresh)
        wrong = findings(fresh)
        if wrong:
            raise StoreError(
                f"the backup is not sound: {wrong[0]}", where=str(backup), todo="Choose another"
            )
        kept = _put_aside(path, "replaced", now)
        fresh.replace(path)
    except OSError as error:
        raise StoreError(
            f"the backup could not be put back: {error.strerror}", where=str(backup)
        ) from error
    finally:
        for companion in ("", *_COMPANIONS):
            fresh.with_name(fresh.name + companion).unlink(missing_ok=True)
    return kept


def _put_aside(path: Path, why: str, now: datetime) -> Path | None:
    """Rename a database and its log; None if there is none."""
    if not path.exists():
        return None
    target = path.with_name(f"{path.stem}-{why}-{now.astimezone(UTC):%Y%m%dT%H%M%S}Z{path.suffix}")
    for companion in _COMPANIONS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + companion).rename(target.with_name(target.name + companion))
    path.rename(target)
    return target


def _salvage(source: Path, rebuilt: Path, folder: Path) -> tuple[int, int, str]:
    """Add the readable events of a file to the rebuilt journal.

    Returns how many were new, how many rows were there but unreadable, and the device's id.
    """
    if not source.exists():
        return 0, 0, ""
    folder.mkdir(exist_ok=True)
    # A copy: opening replays the log into the file, and the damaged one is to stay as it is.
    copy = folder / "source.db"
    for companion in ("", *_COMPANIONS):
        with suppress(FileNotFoundError):
            shutil.copyfile(
                source.with_name(source.name + companion), copy.with_name(copy.name + companion)
            )
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            # Lets SQLite read what is there of a file that was cut short.
            connection.execute("PRAGMA writable_schema = ON")
            events = list(map(_event, _read(lambda *query: connection.execute(*query).fetchall())))
            device = _device(connection)
    except sqlite3.DatabaseError:
        return 0, 0, ""
    readable = [event for event in events if event is not None]
    with Journal.open(rebuilt) as journal:
        added = journal.merge(readable)
    return len(added), len(events) - len(readable), device


def _read(query: Query) -> Iterator[codec.Row | None]:
    """Every row of the journal; None for one that is on a damaged page."""
    last = _last_place(query)
    select = f"SELECT {_COLUMNS} FROM journal WHERE seq BETWEEN ? AND ? ORDER BY seq"
    for first in range(1, last + 1, _BATCH):
        try:
            yield from query(select, (first, first + _BATCH - 1))
        except sqlite3.DatabaseError:
            for place in range(first, first + _BATCH):
                try:
                    yield from query(select, (place, place))
                except sqlite3.DatabaseError:
                    yield None


def _last_place(query: Query) -> int:
    """The last ``seq``, from whichever page still tells it."""
    places = [0]
    for question in (
        "SELECT max(seq) FROM journal",
        "SELECT seq FROM sqlite_sequence WHERE name = 'journal'",
        "SELECT max(rowid) FROM journal INDEXED BY journal_order",
    ):
        with suppress(sqlite3.DatabaseError):
            places += [int(place or 0) for (place,) in query(question)]
    return max(places)


def _device(connection: sqlite3.Connection) -> str:
    with suppress(sqlite3.DatabaseError):
        rows = connection.execute("SELECT value FROM meta WHERE key = 'device'").fetchall()
        if rows and isinstance(rows[0][0], str):
            return rows[0][0]
    return ""


def _event(row: codec.Row | None) -> Event | None:
    """The event of a row if it passes the checks for events from outside."""
    if row is None:
        return None
    try:
        return codec.from_line(codec.to_line(codec.from_row(row)))
    except (EventError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _settle(rebuilt: Path, device: str) -> None:
    """Keep the device's name, and let the states be replayed at the next start."""
    with Journal.open(rebuilt) as journal:
        if device:
            journal.set_setting("device", device)
        journal.set_setting("states", "")
