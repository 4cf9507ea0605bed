"""What runs printed and drew, kept: a folder a run, under the snippet's name."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studytui.run.event_log import EVENTS_FILE
from studytui.run.events import Ended, Event, Figure, Started, from_json

RUNS_KEPT = 20
BYTES_KEPT = 64 * 1024 * 1024
"""Of one snippet: the newest runs, as long as both hold. The newest one always stays."""
BYTES_READ = 256 * 1024 * 1024
LONGEST_LINE = 8 * 1024 * 1024
RUNNING = "running"
"""A file of the run's folder, from before its start until its end: such a run is never pruned."""
UNFINISHED_KEPT = timedelta(days=30)
"""How long a run that never came to its end is taken for one that still waits or runs."""


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

    @property
    def still_runs(self) -> bool:
        """Whether it is at work, in another window or after this one was left."""
        return self.ended is None and (self.folder / RUNNING).exists()

    def events(self) -> Iterator[Event]:
        """All events again. Lines that were cut off by a full disk are left out."""
        yield from kept_events(self.folder)


def snippet_folder(outputs: Path, snippet: str) -> Path:
    """Where the runs of that snippet are. The name cannot lead outside."""
    parts = [part for part in snippet.split("/") if part not in ("", ".", "..")]
    return outputs.joinpath(*(part.replace("\\", "_").replace(":", "_") for part in parts))


def new_folder(outputs: Path, snippet: str, run_id: str) -> Path:
    """Make the folder of a new run, after taking away runs that are too old. Raises OSError."""
    folder = snippet_folder(outputs, snippet) / run_id
    prune(outputs, snippet, before=run_id)
    folder.mkdir(parents=True)
    (folder / RUNNING).touch()
    return folder


def mark_ended(folder: Path) -> None:
    """From now on the run may be pruned."""
    with contextlib.suppress(OSError):
        (folder / RUNNING).unlink()


def discard(folder: Path) -> None:
    """Take a run away whose end has come: another one, tried a moment later, stands for it."""
    shutil.rmtree(folder, ignore_errors=True)


def kept(outputs: Path, snippet: str) -> tuple[Kept, ...]:
    """The runs of that snippet, the newest first."""
    runs = (_kept(folder) for folder in _folders(outputs, snippet))
    return tuple(run for run in runs if run is not None)


def latest(outputs: Path, snippet: str) -> Kept | None:
    """The newest run of that snippet."""
    runs = (_kept(folder) for folder in _folders(outputs, snippet))
    return next((run for run in runs if run is not None), None)


def prune(outputs: Path, snippet: str, before: str = "") -> int:
    """Take away the oldest runs beyond what is kept. Returns how many.

    Runs that wait or still run are left alone, and count for nothing. ``before`` is the id of the
    run that is about to start.
    """
    taken = 0
    total = 0
    ended = [each for each in _folders(outputs, snippet) if not _may_run(each, before)]
    for number, folder in enumerate(ended):
        total += _size(folder)
        # The run that is about to start is one more.
        if number >= RUNS_KEPT - 1 or (number and total > BYTES_KEPT):
            shutil.rmtree(folder, ignore_errors=True)
            taken += 1
    return taken


def _may_run(folder: Path, before: str) -> bool:
    """Whether the run still waits or runs; one whose watcher was killed does not for ever."""
    if not (folder / RUNNING).exists():
        return False
    began, now = _instant(folder.name), _instant(before)
    return began is None or now is None or now - began < UNFINISHED_KEPT


def _instant(run_id: str) -> datetime | None:
    try:
        return datetime.strptime(run_id[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


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
    for event in kept_events(folder):
        if isinstance(event, Started) and started is None:
            started = event
        elif isinstance(event, Ended):
            ended = event
    return None if started is None else Kept(folder.name, folder, started, ended)


def kept_events(folder: Path) -> Iterator[Event]:
    """What the file of events holds: the snippet could write into it whatever it liked."""
    path = folder / EVENTS_FILE
    try:
        if not path.is_file():
            return
        with path.open("rb") as file:
            read = 0
            while read < BYTES_READ and (line := file.readline(LONGEST_LINE)):
                read += len(line)
                with contextlib.suppress(ValueError):
                    event = from_json(line.decode("utf-8", "replace"))
                    yield _at_home(event, folder) if isinstance(event, Figure) else event
    except OSError:
        return


def _at_home(figure: Figure, folder: Path) -> Figure:
    """A figure in the folder of its run, wherever that has moved to: never a file elsewhere."""
    return replace(figure, path=str(folder / Path(figure.path).name))
