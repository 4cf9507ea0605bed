"""Events as files that other devices read: immutable segments of JSON lines.

A segment's name holds the digest of its content, so a half-written or changed one is told from a
whole one by its name alone. Nothing is ever rewritten, so no cloud folder can bring two versions of
one file into conflict.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from studytui.store import codec
from studytui.store.errors import EventError, StoreError
from studytui.store.events import Event

FOLDER = "studytui-events"
"""The folder inside the shared one."""

MOST_EVENTS = 10_000
"""Events in one segment."""

_MOST_BYTES = 256 * 2**20
_SUFFIX = ".jsonl"
_DIGEST = 32

Range = tuple[int, int]
"""First and last ``seq``, both in."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line, or (``line`` 0) a file, that was left out."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Segment:
    """What a file gave. ``whole`` if its content is what its writer named it after."""

    name: str
    events: tuple[Event, ...]
    problems: tuple[LineProblem, ...]
    whole: bool


class SegmentTable:
    """Which places of the journal are in which segment; transactions are the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def names(self) -> set[str]:
        """Segments that were written here or taken completely."""
        return {name for (name,) in self._connection.execute("SELECT name FROM segments")}

    def add(self, name: str, places: Range) -> None:
        """Remember that a segment holds the events of some places."""
        self._connection.execute(
            "INSERT OR REPLACE INTO segments VALUES (?, ?, ?)", (name, *places)
        )

    def last_place(self) -> int:
        """The last ``seq``; 0 in an empty journal."""
        row = self._connection.execute("SELECT max(seq) FROM journal").fetchone()
        return int(row[0] or 0)

    def uncovered(self, present: set[str]) -> list[Range]:
        """Places whose events are in no segment of those that the folder holds."""
        covered = sorted(
            (first, last)
            for name, first, last in self._connection.execute("SELECT * FROM segments")
            if name in present
        )
        ranges = []
        free = 1
        for first, last in covered:
            if first > free:
                ranges.append((free, first - 1))
            free = max(free, last + 1)
        end = self.last_place()
        if free <= end:
            ranges.append((free, end))
        return [part for whole in ranges for part in _parts(whole)]

    def lines(self, places: Range) -> list[str]:
        """The events of some places as lines."""
        rows = self._connection.execute(
            f"SELECT {', '.join(codec.COLUMNS)} FROM journal WHERE seq BETWEEN ? AND ?"
            " ORDER BY seq",
            places,
        )
        return [codec.to_line(codec.from_row(row)) for row in rows]


def _parts(places: Range) -> Iterator[Range]:
    first, last = places
    for start in range(first, last + 1, MOST_EVENTS):
        yield start, min(start + MOST_EVENTS - 1, last)


def segment_files(folder: Path) -> list[Path]:
    """The segments that a folder holds, by name."""
    return sorted(folder.glob(f"*{_SUFFIX}"))


def write_segment(folder: Path, device: str, lines: list[str]) -> str:
    """Write a segment and return its name; it appears under its name only when it is whole."""
    content = "".join(f"{line}\n" for line in lines).encode()
    name = f"{device}-{sha256(content).hexdigest()[:_DIGEST]}{_SUFFIX}"
    unfinished = folder / f".{name}.{os.getpid()}.part"
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / name)
    except OSError as error:
        raise StoreError(
            f"the events could not be written: {error.strerror}",
            where=str(folder),
            todo="Make room or make the folder writable, and sync again: nothing is lost",
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return name


def read_segment(path: Path, latest_ms: int) -> Segment:
    """Read a file of another device; whatever is not an event is told and left out.

    Args:
        path: The file.
        latest_ms: Events later than this (UTC milliseconds) are left out until their time comes:
            some clock is wrong.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            return _refused(path, "too large for a segment")
        content = path.read_bytes()
    except OSError as error:
        return _refused(path, f"cannot be read: {error.strerror}")
    whole = path.stem.rpartition("-")[2] == sha256(content).hexdigest()[:_DIGEST]
    events, problems = [], []
    for number, raw in enumerate(content.split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            event = codec.from_line(raw.decode("utf-8"))
            if event.moment.instant_ms > latest_ms:
                raise EventError("lies in the future: a clock is wrong")
        except UnicodeDecodeError:
            problems.append(LineProblem(path, number, "not UTF-8"))
        except EventError as error:
            problems.append(LineProblem(path, number, error.what))
        else:
            events.append(event)
    if not whole:
        problems.append(LineProblem(path, 0, "not complete yet, or changed: its rest comes later"))
    return Segment(path.name, tuple(events), tuple(problems), whole)


def _refused(path: Path, what: str) -> Segment:
    return Segment(path.name, (), (LineProblem(path, 0, what),), whole=False)
