"""Following a run to its end, and looking for what is left of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psutil

from studytui.run.events import Event, Output
from studytui.run.runner import Run


def left_of(folder: Path) -> list[psutil.Process]:
    """Processes of a run: they all were started in its folder, and a fork stays there."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def follow(run: Run) -> list[Event]:
    """All events; then nobody of the run may be left."""
    events = list(run.events())
    assert not left_of(run.folder)
    return events


def until_printed(run: Run, events: list[Event], word: str) -> None:
    """Read events until ``word`` was printed."""
    for event in run.events():
        events.append(event)
        if isinstance(event, Output) and word in event.text:
            return
    raise AssertionError(f"{word} was never printed: {events}")
