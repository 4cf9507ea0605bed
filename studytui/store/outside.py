"""Files that others wrote, read by type and size: none of them hangs or fills the memory."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from studytui.store import codec
from studytui.store.errors import EventError, StoreError
from studytui.store.events import Event

MOST_PROBLEMS = 100
"""Lines that may be wrong before a file is taken for something else, and read no further."""


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
class EventFile:
    """What a file of events gave, and the SHA-256 of all its bytes; empty if not all were read."""

    events: tuple[Event, ...]
    problems: tuple[LineProblem, ...]
    digest: str = ""


@contextmanager
def plain_file(path: Path, most_bytes: int) -> Iterator[BinaryIO]:
    """Open a file that is no pipe, device or folder, and at most ``most_bytes`` large.

    Raises:
        StoreError: It is something else, or cannot be read.
    """
    try:
        # Without O_NONBLOCK the opening of a pipe waits for its other end.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise StoreError.of_system(error, "cannot be read", path) from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise StoreError("cannot be read: not a plain file", where=str(path))
    with os.fdopen(descriptor, "rb") as file:
        if found.st_size > most_bytes:
            limit = f"the {most_bytes // 2**20} MiB that are read"
            raise StoreError(f"too large: more than {limit}", where=str(path))
        try:
            yield file
        except OSError as error:
            raise StoreError.of_system(error, "cannot be read", path) from error


def read_events(path: Path, latest_ms: int, most_bytes: int) -> EventFile:
    """The events of a file of JSON lines; what is none is told and left out.

    Args:
        path: The file.
        latest_ms: Events later than this (UTC milliseconds) are left out: some clock is wrong.
        most_bytes: How large the file may be.

    Raises:
        StoreError: The file cannot be read as a whole.
    """
    digest = sha256()
    events: list[Event] = []
    problems: list[LineProblem] = []
    with plain_file(path, most_bytes) as file:
        for number, raw in _lines(file):
            digest.update(raw)
            if not raw.strip():
                continue
            try:
                events.append(_event(raw, latest_ms))
            except EventError as error:
                problems.append(LineProblem(path, number, error.what))
            if len(problems) >= MOST_PROBLEMS:
                problems.append(LineProblem(path, 0, "too many lines are wrong: not read further"))
                return EventFile(tuple(events), tuple(problems))
    return EventFile(tuple(events), tuple(problems), digest.hexdigest())


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Pieces of a file with the number of their line: a line too long for an event is several."""
    number, ended = 0, True
    while raw := file.readline(4 * codec.LONGEST_LINE):
        number += ended
        ended = raw.endswith(b"\n")
        yield number, raw


def _event(raw: bytes, latest_ms: int) -> Event:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EventError("not UTF-8") from error
    event = codec.from_line(text.rstrip("\r\n"))
    if event.moment.instant_ms > latest_ms:
        raise EventError("lies in the future: a clock is wrong")
    return event
