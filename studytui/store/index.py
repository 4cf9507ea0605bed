"""The catalogue's cache and the full-text index: a file that may be deleted at any time.

Truth is the content itself. A damaged or older file is built anew; when the folder cannot be
written the index lives in memory for as long as the program runs.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from threading import Lock

from studytui.store.errors import StoreError
from studytui.store.index_search import SHOWN_TABLES, FoundRow, query_of, search, spread

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


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was when it was last read. ``entry`` is what the caller keeps of it, as JSON."""

    path: str
    mtime: int
    size: int
    digest: str
    entry: str


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A piece of text that a search can find; ``titled`` if it is found by its title too."""

    article: str
    track: str
    title: str
    kind: str
    id: str
    anchor: str
    line: int
    heading: str
    body: str
    titled: bool = False


class Index:
    """The index of all packs. Calls from several threads take turns."""

    def __init__(self, connection: sqlite3.Connection, *, kept: bool) -> None:
        self.kept = kept
        """Whether what is indexed outlives the program."""
        self._connection = connection
        self._lock = Lock()
        self._searched = False

    @classmethod
    def open(cls, path: Path | None, version: int) -> Index:
        """The index in a file, or in memory for None; never fails for what is in the file.

        Raises:
            StoreError: This Python's SQLite has no full-text search.
        """
        if path is not None:
            for _ in range(2):
                try:
                    return cls(_connect(path, version), kept=True)
                except (sqlite3.OperationalError, OSError):
                    break
                except sqlite3.DatabaseError:
                    _delete(path)
        return cls(_connect(None, version), kept=False)

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()

    def entries(self, root: str) -> str:
        """All of a pack as one JSON list of ``[path, entry]``: one cheap query."""
        with self._lock:
            row = self._connection.execute(
                "SELECT group_concat('[' || json_quote(path) || ',' || entry || ']')"
                " FROM file WHERE root = ?",
                (root,),
            ).fetchone()
        return f"[{row[0] or ''}]"

    def files(self, root: str) -> dict[str, FileRow]:
        """What is known of a pack's files, by path."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT path, mtime, size, digest, entry FROM file WHERE root = ?", (root,)
            ).fetchall()
        return {row[0]: FileRow(*row) for row in rows}

    def touch(self, root: str, path: str, mtime: int, size: int) -> None:
        """Note that a file was written anew with the same content."""
        with self._lock, self._transaction():
            self._connection.execute(
                "UPDATE file SET mtime = ?, size = ? WHERE root = ? AND path = ?",
                (mtime, size, root, path),
            )

    def put(self, root: str, files: Sequence[tuple[FileRow, Sequence[PassageRow]]]) -> None:
        """Replace what is known of some files, in one transaction."""
        with self._lock, self._transaction():
            for file, passages in files:
                self._forget(root, file.path)
                last = self._connection.execute("SELECT max(rowid) FROM source").fetchone()[0] or 0
                first = last + 1
                for rowid, row in enumerate(passages, first):
                    self._connection.execute(
                        "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        (rowid, root, *astuple(row)[:7]),
                    )
                    title = spread(row.title) if row.titled else ""
                    self._connection.execute(
                        "INSERT INTO passage (rowid, title, heading, body) VALUES (?, ?, ?, ?)",
                        (rowid, title, spread(row.heading), spread(row.body)),
                    )
                self._connection.execute(
                    "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (root, *astuple(file), first, first + len(passages) - 1),
                )

    def remove(self, root: str, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        with self._lock, self._transaction():
            for path in paths:
                self._forget(root, path)

    def tidy(self) -> None:
        """Merge what many changes left apart, so that searches stay fast."""
        with self._lock, self._transaction():
            self._connection.execute("INSERT INTO passage (passage) VALUES ('optimize')")

    def search(
        self, words: str, roots: Sequence[str], track: str = "", limit: int = 20
    ) -> list[FoundRow]:
        """The best passages for what a person typed; empty for words that mean nothing."""
        query = query_of(words)
        if not query or not roots:
            return []
        with self._lock:
            if not self._searched:
                for statement in SHOWN_TABLES.strip().split(";\n"):
                    self._connection.execute(statement)
                self._searched = True
            return search(self._connection, query, roots, track, limit)

    def _forget(self, root: str, path: str) -> None:
        row = self._connection.execute(
            "DELETE FROM file WHERE root = ? AND path = ? RETURNING first, last", (root, path)
        ).fetchone()
        if row is not None:
            self._connection.execute("DELETE FROM passage WHERE rowid BETWEEN ? AND ?", row)
            self._connection.execute("DELETE FROM source WHERE rowid BETWEEN ? AND ?", row)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _connect(path: Path | None, version: int) -> sqlite3.Connection:
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


def _delete(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink()
