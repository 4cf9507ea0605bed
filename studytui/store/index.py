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
from studytui.store.index_file import delete_index, open_index
from studytui.store.index_search import SHOWN_TABLES, FoundRow, query_of, search, spread


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was when it was last read. ``entry`` is what the caller keeps of it."""

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


class IndexFailedError(StoreError):
    """The index cannot be read or written; ``damaged`` if the file itself is to blame."""

    def __init__(self, what: str, damaged: bool) -> None:
        self.damaged = damaged
        super().__init__(what, todo="Nothing is lost: it is built anew from the articles")


class Index:
    """The index of all packs. Calls from several threads take turns."""

    def __init__(self, path: Path | None, version: int) -> None:
        self._path = path
        self._version = version
        self._lock = Lock()
        self._searched = False
        self._closed = False
        self._connection, self.kept = open_index(path, version)

    @classmethod
    def open(cls, path: Path | None, version: int) -> Index:
        """The index in a file, or in memory for None; never fails for what is in the file.

        Raises:
            StoreError: This Python's SQLite has no full-text search.
        """
        return cls(path, version)

    def renew(self, error: IndexFailedError) -> None:
        """Begin with an empty index after ``error``; in memory when the file cannot be used.

        Raises the error itself when the index was closed: then nobody needs it any more.
        """
        with self._lock:
            if self._closed:
                raise error
            self._connection.close()
            if error.damaged and self._path is not None:
                delete_index(self._path)
            path = self._path if error.damaged else None
            self._connection, self.kept = open_index(path, self._version)
            self._searched = False

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._closed = True
            self._connection.close()

    def entries(self, root: str) -> list[tuple[str, str]]:
        """The path of each file of a pack and what was kept of it: one cheap query."""
        with self._guarded():
            return self._connection.execute(
                "SELECT path, entry FROM file WHERE root = ?", (root,)
            ).fetchall()

    def files(self, root: str) -> dict[str, FileRow]:
        """What is known of a pack's files, by path."""
        with self._guarded():
            rows = self._connection.execute(
                "SELECT path, mtime, size, digest, entry FROM file WHERE root = ?", (root,)
            ).fetchall()
        return {row[0]: FileRow(*row) for row in rows}

    def touch(self, root: str, path: str, mtime: int, size: int) -> None:
        """Note that a file was written anew with the same content."""
        with self._guarded(), self._transaction():
            self._connection.execute(
                "UPDATE file SET mtime = ?, size = ? WHERE root = ? AND path = ?",
                (mtime, size, root, path),
            )

    def put(self, root: str, files: Sequence[tuple[FileRow, Sequence[PassageRow]]]) -> None:
        """Replace what is known of some files, in one transaction."""
        with self._guarded(), self._transaction():
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
        with self._guarded(), self._transaction():
            for path in paths:
                self._forget(root, path)

    def tidy(self) -> None:
        """Merge what many changes left apart, so that searches stay fast."""
        with self._guarded(), self._transaction():
            self._connection.execute("INSERT INTO passage (passage) VALUES ('optimize')")

    def search(
        self, words: str, roots: Sequence[str], track: str = "", limit: int = 20
    ) -> list[FoundRow]:
        """The best passages for what a person typed; empty for words that mean nothing."""
        query = query_of(words)
        if not query or not roots:
            return []
        with self._guarded():
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
    def _guarded(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.IntegrityError:
                raise
            except sqlite3.DatabaseError as error:
                # A full disk or a lock comes as OperationalError; a damaged file does not.
                damaged = not isinstance(
                    error, sqlite3.OperationalError | sqlite3.ProgrammingError
                ) or "no such table" in str(error)
                raise IndexFailedError(f"the index failed: {error}", damaged) from error

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
