"""Reading what a damaged journal still holds, row by row, and its first page from a fresh one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from studytui.store import codec, schema
from studytui.store.errors import EventError
from studytui.store.validator import canonical

Query = Callable[..., list[codec.Row]]
"""Runs a statement and returns its rows."""

COMPANIONS = ("-wal", "-shm")
_COLUMNS = ", ".join(codec.COLUMNS)
_BATCH = 200
_HEADER_BYTES = 100
_LOG_HEADER_BYTES = 32
_PAGE_SIZES = frozenset(2**power for power in range(9, 17))
_ID_PLACES = (0, 3)


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The rows that can be read, how many cannot, and the id of the device that wrote the file.

    ``doubtful`` rows can be read as well, but no studytui of today would have written them: what a
    copy says under the same id goes before.
    """

    rows: tuple[codec.Row, ...] = ()
    doubtful: tuple[codec.Row, ...] = ()
    unreadable: int = 0
    device: str = ""


def salvage(source: Path, folder: Path) -> Salvaged:
    """What a database file and its log still give; works on a copy in ``folder``."""
    if not any(source.with_name(source.name + each).exists() for each in ("", "-wal")):
        return Salvaged()
    folder.mkdir(exist_ok=True)
    # A copy: opening replays the log into the file, and the damaged one is to stay as it is.
    copy = folder / "source.db"
    for companion in ("", *COMPANIONS):
        with suppress(FileNotFoundError):
            shutil.copyfile(
                source.with_name(source.name + companion), copy.with_name(copy.name + companion)
            )
    _keep_the_log(copy)
    best = _rows_of(copy)
    if best.rows or best.doubtful:
        return best
    for length in (_HEADER_BYTES, None):
        _renew_first_page(copy, folder / "fresh.db", length)
        found = _rows_of(copy)
        if len(found.rows) > len(best.rows):
            best = found
    return best


def _keep_the_log(copy: Path) -> None:
    """Let SQLite read a log whose database is empty or gone: without a page it would delete it."""
    log = copy.with_name(f"{copy.name}-wal")
    if not log.exists() or (copy.exists() and copy.stat().st_size):
        return
    with log.open("rb") as file:
        size = int.from_bytes(file.read(_LOG_HEADER_BYTES)[8:12], "big")
    if size in _PAGE_SIZES:
        copy.write_bytes(bytes(size))


def readable(row: codec.Row | None) -> codec.Row | None:
    """The row in its canonical form; as it is where it has none but can be read; else None."""
    if row is None:
        return None
    if not all(isinstance(row[place], bytes) and len(row[place]) == 16 for place in _ID_PLACES):
        return None
    try:
        event = codec.from_row(row)
        codec.to_row(event)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    try:
        return codec.to_row(canonical(event))
    except (EventError, ValueError, TypeError):
        return row


def read_rows(query: Query) -> Iterator[codec.Row | None]:
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


def _rows_of(copy: Path) -> Salvaged:
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            # Lets SQLite read what is there of a file that was cut short.
            connection.execute("PRAGMA writable_schema = ON")
            rows = list(read_rows(lambda *query: connection.execute(*query).fetchall()))
            device = _device(connection)
    except sqlite3.DatabaseError:
        return Salvaged()
    good: list[codec.Row] = []
    doubtful: list[codec.Row] = []
    for row in rows:
        kept = readable(row)
        if kept is not None:
            (good if _is_canonical(kept) else doubtful).append(kept)
    unreadable = len(rows) - len(good) - len(doubtful)
    return Salvaged(tuple(good), tuple(doubtful), unreadable, device)


def _is_canonical(row: codec.Row) -> bool:
    try:
        canonical(codec.from_row(row))
    except (EventError, ValueError, TypeError, OverflowError):
        return False
    return True


def _renew_first_page(copy: Path, fresh: Path, length: int | None) -> None:
    """Put the beginning of a fresh journal over that of a damaged one.

    The tables of every journal begin on the same pages, so that a whole one's first page finds
    them; ``length`` is how many bytes of it to take, None for all.
    """
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
        schema.create(connection)
        size = int(connection.execute("PRAGMA page_size").fetchone()[0])
    page = bytearray(fresh.read_bytes()[:size])
    page[28:32] = (copy.stat().st_size // size).to_bytes(4, "big")
    for companion in COMPANIONS:
        copy.with_name(copy.name + companion).unlink(missing_ok=True)
    with copy.open("r+b") as file:
        file.write(page[:length])


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
