"""The journal as JSON Lines: one event a line, for other programs and for safe keeping."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from studytui.errors import StudyError
from studytui.store.codec import from_line, to_line
from studytui.store.errors import EventError
from studytui.store.events import Event


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
        raise StudyError(
            f"the export cannot be written: {error.strerror}",
            where=str(path),
            todo="Name a folder that exists and that you may write to, with space left.",
        ) from error
    return count


def read_events(path: Path) -> tuple[list[Event], list[StudyError]]:
    """The events of a file, and a problem for each line that holds none. Raises StudyError."""
    events: list[Event] = []
    problems: list[StudyError] = []
    try:
        with path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if not raw.strip():
                    continue
                try:
                    events.append(from_line(raw.decode("utf-8").rstrip("\r\n")))
                except (EventError, UnicodeDecodeError) as error:
                    what = error.what if isinstance(error, EventError) else "it is not UTF-8"
                    problems.append(StudyError(what, where=f"{path}:{number}"))
    except OSError as error:
        raise StudyError(f"cannot be read: {error.strerror}", where=str(path)) from error
    return events, problems
