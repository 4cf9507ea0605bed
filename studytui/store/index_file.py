"""The file of the index: its tables, and opening it whatever is in it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from studytui.store.errors import StoreError

FORMAT = 1
"""Of the tables; the caller's own version is kept beside it."""

_TABLES = """
CREATE TABLE file (
    root TEXT NOT NULL, path TEXT NOT NULL, mtime INTEGER NOT NULL, size INTEGER NOT NULL,
    digest TEXT NOT NULL, entry TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (root, path)
) WITHOUT ROWID;
CREATE TABLE source (
    rowid INTEGER PRIMARY KEY, root TEXT NOT NULL, article TEXT NOT NULL, track TEXT NOT NULL,
    title TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, anchor TEXT NOT NULL,
    line INTEGER NOT NULL
);
CREATE VIRTUAL TABLE passage USING fts5 (
    title, heading, body, tokenize = "porter unicode61 remove_diacritics 2", prefix = '3'
);
"""


def open_index(path: Path | None, version: int) -> tuple[sqlite3.Connection, bool]:
    """A connection to a sound index, and whether it outlives the program.

    A damaged file is deleted first; where there can be none the index lives in memory, as it does
    for None. StoreError when SQLite has no full-text search.
    """
    if path is not None:
        for _ in range(2):
            try:
                return connect_index(path, version), True
            except (sqlite3.OperationalError, OSError):
                break
            except sqlite3.DatabaseError:
                delete_index(path)
    return connect_index(None, version), False


def connect_index(path: Path | None, version: int) -> sqlite3.Connection:
    """A connection whose tables are there and of this version."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        str(path) if path is not None else ":memory:",
        timeout=5.0,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        _prepare(connection, version)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, version: int) -> None:
    wanted = FORMAT * 1_000 + version
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    # A cache need not survive a loss of power; it must not hold the start up.
    connection.execute("PRAGMA synchronous = NORMAL")
    if found == wanted:
        # Tables that are missing or cut short show here and not in the middle of a search.
        connection.execute("SELECT count(*) FROM (SELECT 1 FROM file, source LIMIT 1)")
        return
    if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] not in ("wal", "memory"):
        raise sqlite3.OperationalError("no write-ahead log here")
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] != wanted:
        for table in ("file", "source", "passage"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        try:
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
        except sqlite3.OperationalError as error:
            if "fts5" in str(error):
                raise StoreError(
                    "this Python's SQLite has no full-text search (FTS5)",
                    todo="Use a Python from python.org, uv, or your system's packages",
                ) from error
            raise
        connection.execute(f"PRAGMA user_version = {wanted}")
    connection.execute("COMMIT")


def delete_index(path: Path) -> None:
    """Delete the file with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink()
