"""What runs printed and drew, kept: a folder a run, under the snippet's name."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studytui.run.events import Ended, Event, Started, from_json
from studytui.run.sink import EVENTS_FILE

RUNS_KEPT = 20
BYTES_KEPT = 64 * 1024 * 1024
"""Of one snippet: the newest runs, as long as both hold. The newest one always stays."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A run of the past. ``ended`` is None when it never came to its end, or still runs."""

    run_id: str
    folder: Path
    started: Started
    ended: Ended | None

    def stale(self, digest: str) -> bool:
        """Whether the snippet has changed since."""
        return self.started.digest != digest

    def events(self) -> Iterator[Event]:
        """All events again. Lines that were cut off by a full disk are left out."""
        yield from _events(self.folder)


def snippet_folder(outputs: Path, snippet: str) -> Path:
    """Where the runs of that snippet are. The name cannot lead outside."""
    parts = [part for part in snippet.split("/") if part not in ("", ".", "..")]
    return outputs.joinpath(*(part.replace("\\", "_").replace(":", "_") for part in parts))


def new_folder(outputs: Path, snippet: str, run_id: str) -> Path:
    """Make the folder of a new run, after taking away runs that are too old. Raises OSError."""
    prune(outputs, snippet)
    folder = snippet_folder(outputs, snippet) / run_id
    folder.mkdir(parents=True)
    return folder


def kept(outputs: Path, snippet: str) -> tuple[Kept, ...]:
    """The runs of that snippet, the newest first."""
    runs = (_kept(folder) for folder in _folders(outputs, snippet))
    return tuple(run for run in runs if run is not None)


def latest(outputs: Path, snippet: str) -> Kept | None:
    """The newest run of that snippet."""
    runs = (_kept(folder) for folder in _folders(outputs, snippet))
    return next((run for run in runs if run is not None), None)


def prune(outputs: Path, snippet: str) -> int:
    """Take away the oldest runs beyond what is kept. Returns how many."""
    taken = 0
    total = 0
    for number, folder in enumerate(_folders(outputs, snippet)):
        total += _size(folder)
        # The run that is about to start is one more.
        if number >= RUNS_KEPT - 1 or (number and total > BYTES_KEPT):
            shutil.rmtree(folder, ignore_errors=True)
            taken += 1
    return taken


def _folders(outputs: Path, snippet: str) -> list[Path]:
    place = snippet_folder(outputs, snippet)
    try:
        found = [folder for folder in place.iterdir() if (folder / EVENTS_FILE).exists()]
    except OSError:
        return []
    return sorted(found, key=lambda folder: folder.name, reverse=True)


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.lstat().st_size
    return total


def _kept(folder: Path) -> Kept | None:
    started: Started | None = None
    ended: Ended | None = None
    for event in _events(folder):
        if isinstance(event, Started) and started is None:
            started = event
        elif isinstance(event, Ended):
            ended = event
    return None if started is None else Kept(folder.name, folder, started, ended)


def _events(folder: Path) -> Iterator[Event]:
    try:
        with (folder / EVENTS_FILE).open(encoding="utf-8", errors="replace") as file:
            for line in file:
                with contextlib.suppress(ValueError):
                    yield from_json(line)
    except OSError:
        return
