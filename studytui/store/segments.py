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
from studytui.store.errors import StoreError
from studytui.store.events import Event, Trusted
from studytui.store.outside import LineProblem, read_events

FOLDER = "studytui-events"
"""The folder inside the shared one."""

MOST_EVENTS = 10_000
"""Events in one segment."""

_MOST_BYTES = 64 * 2**20
_SUFFIX = ".jsonl"
_DIGEST = 32
_HEXADECIMAL = frozenset("0123456789abcdef")

Range = tuple[int, int]
"""First and last ``seq``, both in."""


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

    def devices(self) -> set[str]:
        """The devices whose events the journal holds."""
        rows = self._connection.execute("SELECT DISTINCT device FROM journal")
        return {device.hex() for (device,) in rows}

    def lacking(self, ids: set[str]) -> set[str]:
        """Those of some ids under which the journal has no event."""
        rows = self._connection.execute("SELECT lower(hex(id)) FROM journal")
        return ids - {identity for (identity,) in rows}

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
        """The events of some places as lines; trust stays on the device where it was given."""
        rows = self._connection.execute(
            f"SELECT {', '.join(codec.COLUMNS)} FROM journal WHERE seq BETWEEN ? AND ?"
            " AND kind <> ? ORDER BY seq",
            (*places, Trusted.kind),
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
        raise StoreError.of_system(
            error,
            "the events could not be written",
            folder,
            todo="Make room or make the folder writable, and sync again: nothing is lost",
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return name


def writer_of(path: Path) -> str:
    """The device that wrote a segment, by its name; empty where the name does not say."""
    device = path.stem.rpartition("-")[0]
    return device if len(device) == 32 and not set(device) - _HEXADECIMAL else ""


def clear_unfinished(folder: Path, device: str) -> None:
    """Remove what a sync of this device left that was killed; one that is under way stays."""
    from psutil import pid_exists

    for path in folder.glob(f".{device}-*.part"):
        process = path.name.split(".")[-2]
        if not process.isdecimal() or not pid_exists(int(process)):
            path.unlink(missing_ok=True)


def read_segment(path: Path, latest_ms: int) -> Segment:
    """Read a file of another device; whatever is not an event is told and left out.

    Args:
        path: The file.
        latest_ms: Events later than this (UTC milliseconds) are left out until their time comes:
            some clock is wrong.
    """
    try:
        found = read_events(path, latest_ms, _MOST_BYTES)
    except StoreError as error:
        return Segment(path.name, (), (LineProblem(path, 0, error.what),), whole=False)
    whole = path.stem.rpartition("-")[2] == found.digest[:_DIGEST] != ""
    problems = found.problems
    if not whole:
        told = LineProblem(path, 0, "not complete yet, or changed: its rest comes later")
        problems = (*problems, told)
    return Segment(path.name, found.events, problems, whole)
