"""The journal as JSON Lines: one event a line, for other programs and for safe keeping."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from studytui.errors import StudyError
from studytui.store import outside
from studytui.store.codec import to_line
from studytui.store.events import Event

LARGEST = 256 * 2**20
"""Bytes of a journal that is read: a million events or so."""


def write_events(events: Iterable[Event], path: Path) -> int:
    """Write the events, whole or not at all; returns how many. Raises StudyError."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as out:
            count = 0
            for event in events:
                out.write(to_line(event) + "\n")
                count += 1
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StudyError.of_system(
            error,
            "the export cannot be written",
            path,
            todo="Name a folder that exists and that you may write to, with space left.",
        ) from error
    return count


def read_events(path: Path, latest_ms: int) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The events of a file, and a problem for each line that holds none.

    ``latest_ms`` is the last instant (UTC milliseconds) that is believed. Raises StudyError.
    """
    found = outside.read_events(path, latest_ms, LARGEST)
    return found.events, tuple(map(str, found.problems))
