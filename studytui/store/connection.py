"""One SQLite connection, opened for durability, whose errors say what a person can do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from studytui.store.errors import StoreDamagedError, StoreError

BUSY_SECONDS = 10.0
"""How long to wait while another instance writes."""

_ATTEMPTS = 400
_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\x00"


def connect(path: Path) -> sqlite3.Connection:
    """Open or make the database file.

    Write-ahead log and ``synchronous=FULL``: a commit that has returned survives a crash of the
    program and a loss of power.

    Raises:
        StoreDamagedError: The file is shorter than it says, or not a database.
        StoreError: The folder cannot be written, the disk is full, or the file is locked.
    """
    with told(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError.of_system(
                error,
                "the data folder cannot be made",
                path.parent,
                todo="Make it writable, or set STUDYTUI_HOME to a folder that is",
            ) from error
        _refuse_truncated(path)
        if path.exists() and not os.access(path, os.W_OK):
            # SQLite would open it all the same, and refuse the first grade only.
            raise StoreError(
                "the journal cannot be written: no permission to write the file",
                where=str(path),
                todo="Make the file and its folder writable for you, or set STUDYTUI_HOME",
            )
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _keep_a_log(connection)
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, if no other instance has done it yet.

    Several may start on a fresh file at once; SQLite does not wait for this switch by itself.
    """
    for attempt in range(_ATTEMPTS):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or attempt == _ATTEMPTS - 1:
                raise
            sleep(BUSY_SECONDS / _ATTEMPTS)


def _refuse_truncated(path: Path) -> None:
    """Compare the size in the header with the file's: cheap, and tells a cut file at once.

    With a log beside it the file may rightly be short: a program killed while it folded the log in
    leaves a header that is ahead of the pages, and the log still holds them.
    """
    log = path.with_name(f"{path.name}-wal")
    try:
        if log.exists() and log.stat().st_size:
            return
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
            size = file.seek(0, 2)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError.of_system(
            error, "the journal cannot be read", path, todo="Make the file readable for you"
        ) from error
    if size == 0:
        return
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        raise damaged(path, "the file is not a database")
    page_size = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    if size < pages * (65536 if page_size == 1 else page_size):
        raise damaged(path, "the file has been cut short")


def damaged(path: Path, what: str) -> StoreDamagedError:
    """The error for a damaged database."""
    return StoreDamagedError(
        f"the journal is damaged: {what}",
        where=str(path),
        todo="Run: studytui doctor --repair (it keeps the damaged file and saves what it can)",
    )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ones that say what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _translated(path, error) from error


def _translated(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    name = getattr(error, "sqlite_errorname", "") or ""
    where = str(path)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged(path, str(error))
    if name.startswith("SQLITE_FULL"):
        return StoreError(
            "the disk is full: the last step was not recorded, everything before it is safe",
            where=where,
            todo="Free some space and do the last step again",
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreError(
            f"the journal cannot be written: {error}",
            where=where,
            todo="Make the folder writable, or set STUDYTUI_HOME to a folder that is",
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreError(
            f"another studytui has been writing for more than {BUSY_SECONDS:g} seconds",
            where=where,
            todo="Close it, or wait for it, and do the last step again",
        )
    if name.startswith("SQLITE_IOERR"):
        return StoreError(
            f"the disk failed or is full: {error}; the last step was not recorded",
            where=where,
            todo="Look after the disk, then do the last step again",
        )
    return StoreError(f"the journal could not be used: {error}", where=where)


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction that takes the write lock at its start; rolled back on any error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite may have rolled back itself, as it does on a full disk.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def roomy(connection: sqlite3.Connection) -> Iterator[None]:
    """Room in memory for the pages of very many rows: random ids touch all of their index."""
    (before,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute("PRAGMA cache_size = -262144")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {before}")
