"""Two devices become one memory through a shared folder, without a server.

A folder may be another person's: the events of a device that this one has never met are taken only
when its reader says that they are theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from studytui.memory.days import to_ms
from studytui.memory.ledger import AHEAD, Ledger
from studytui.store.codec import subject_of
from studytui.store.errors import StoreError
from studytui.store.events import Event
from studytui.store.journal import Journal
from studytui.store.outside import LineProblem
from studytui.store.segments import (
    FOLDER,
    Segment,
    clear_unfinished,
    read_segment,
    segment_files,
    write_segment,
    writer_of,
)
from studytui.store.taken_back import read_taken_back

_SHORT_NAME = 8
_PLACE = "sync-folder.txt"


@dataclass(frozen=True, slots=True)
class Stranger:
    """A device in the folder that this one has never met; ``device`` is empty for an odd file.

    ``first`` and ``last`` are study days (ordinals), ``subject`` is what it did last.
    """

    device: str
    events: int
    first: int
    last: int
    subject: str

    def __str__(self) -> str:
        name = f"device {self.device[:_SHORT_NAME]}" if self.device else "a file of unknown origin"
        first, last = (date.fromordinal(day).isoformat() for day in (self.first, self.last))
        when = first if first == last else f"{first} to {last}"
        return f"{name}: {self.events} events, {when}, the last on '{self.subject}'"


Accept = Callable[[Sequence[Stranger]], bool]
"""Whether the events of devices that were never met are the reader's own."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: events written for others, events taken from them, and what was left out.

    ``strangers`` are devices whose events were not taken, for nobody said that they are one's own.
    """

    written: int
    taken: int
    problems: tuple[LineProblem, ...]
    strangers: tuple[Stranger, ...] = ()


@dataclass
class _Taking:
    """What was taken so far, and files that wait for a word on whose they are."""

    taken: int = 0
    problems: list[LineProblem] = field(default_factory=list)
    waiting: dict[str, list[tuple[Path, Segment]]] = field(default_factory=dict)


def sync(ledger: Ledger, folder: Path, now: datetime, accept: Accept) -> Synced:
    """Take the other devices' events from a folder and leave this one's there.

    Events are united by id and replayed in time order, so the result does not depend on who syncs
    first, how often, or in which pieces. Devices that were met before are taken as they are; for
    others ``accept`` is asked once.

    Raises:
        StoreError: The folder is not there or cannot be used; or all devices in it are strangers
            and not accepted: then nothing was read from it and nothing left there.
    """
    if not folder.is_dir():
        raise StoreError(
            "there is no such folder",
            where=str(folder),
            todo="Make it, or wait until your cloud folder or stick is there",
        )
    shared = folder / FOLDER
    try:
        shared.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError.of_system(
            error, "the folder cannot be used", shared, todo="Make it writable"
        ) from error
    clear_unfinished(shared, ledger.journal.device)
    done = _Taking()
    met = _take_known(ledger, shared, now, done)
    strangers = _strangers(done)
    if strangers and accept(strangers):
        for path, segment in (each for files in done.waiting.values() for each in files):
            _merge(ledger, path, segment, done)
        strangers = ()
    elif strangers and not met:
        raise StoreError(
            "this folder holds only events of devices that this one has never met: "
            + "; ".join(map(str, strangers)),
            where=str(shared),
            todo="If they are yours: studytui sync FOLDER --accept. If they are another person's,"
            " choose another folder: nothing was taken and nothing left there",
        )
    written = _leave(ledger, shared)
    _remember(ledger.journal.path, folder)
    return Synced(written, done.taken, tuple(done.problems), strangers)


@dataclass(frozen=True, slots=True)
class Untaken:
    """How many events a shared folder holds that the journal does not."""

    folder: Path
    events: int


def untaken(journal: Journal, now: datetime) -> Untaken | None:
    """What the folder of the last sync holds and the journal does not; None where that is nothing.

    A journal that was begun anew, or damaged, lacks what it had itself left there. Devices that it
    has never met count only where it has met none: then it has forgotten them. What the reader has
    taken back is not missed.
    """
    folder = _remembered(journal.path)
    if folder is None:
        return None
    with journal.reading():
        taken = journal.segments.names()
        known = {journal.device, *journal.segments.devices()}
    files = segment_files(folder / FOLDER)
    met = any(writer_of(path) in known for path in files)
    found = {
        event.id
        for path in files
        if path.name not in taken and (writer_of(path) in known or not met)
        for event in read_segment(path, to_ms(now + AHEAD)).events
    }
    found -= {each.hex() for gone in read_taken_back(journal.path.parent) for each in gone.ids}
    with journal.reading():
        count = len(journal.segments.lacking(found))
    return Untaken(folder, count) if count else None


def _remember(journal: Path, folder: Path) -> None:
    """Keep where the last sync was, beside the journal: who loses that wants to know."""
    with suppress(OSError):
        journal.with_name(_PLACE).write_text(str(folder.resolve()), encoding="utf-8")


def _remembered(journal: Path) -> Path | None:
    try:
        folder = Path(journal.with_name(_PLACE).read_text("utf-8"))
        return folder if folder.is_dir() else None
    except (OSError, ValueError):
        return None


def _take_known(ledger: Ledger, shared: Path, now: datetime, done: _Taking) -> bool:
    """Take the segments of devices that were met before; whether the folder holds any of those."""
    journal = ledger.journal
    with journal.reading():
        taken_before = journal.segments.names()
        known = {journal.device, *journal.segments.devices()}
    files = segment_files(shared)
    met = any(writer_of(path) in known for path in files)
    waiting = [path for path in files if path.name not in taken_before]
    # What a device has taken itself, and passes on, makes others known in turn.
    while ready := [path for path in waiting if writer_of(path) in known]:
        for path in ready:
            _merge(ledger, path, read_segment(path, to_ms(now + AHEAD)), done)
        waiting = [path for path in waiting if path not in ready]
        with journal.reading():
            known |= journal.segments.devices()
    for path in waiting:
        segment = read_segment(path, to_ms(now + AHEAD))
        if segment.events:
            done.waiting.setdefault(writer_of(path), []).append((path, segment))
        else:
            done.problems += segment.problems
    return met


def _strangers(done: _Taking) -> tuple[Stranger, ...]:
    return tuple(
        _stranger(device, [event for _, segment in files for event in segment.events])
        for device, files in done.waiting.items()
    )


def _stranger(device: str, events: Sequence[Event]) -> Stranger:
    days = [event.moment.day for event in events]
    last = max(events, key=lambda event: event.order_ms)
    return Stranger(device, len(events), min(days), max(days), subject_of(last.body))


def _merge(ledger: Ledger, path: Path, segment: Segment, done: _Taking) -> None:
    journal = ledger.journal
    done.problems += segment.problems
    with journal.transaction():
        before = journal.segments.last_place()
        merged = ledger.merge(segment.events, checked=True)
        done.taken += merged.added
        done.problems += (
            LineProblem(
                path,
                0,
                f"event {each.kept.id} has two contents: every device keeps the same one",
            )
            for each in merged.settled
        )
        if segment.whole and len(segment.problems) == 0:
            journal.segments.add(segment.name, (before + 1, journal.segments.last_place()))


def _leave(ledger: Ledger, shared: Path) -> int:
    """Write every event that no segment in the folder holds; returns how many."""
    journal = ledger.journal
    written = 0
    with journal.transaction():
        present = {path.name for path in segment_files(shared)}
        for places in journal.segments.uncovered(present):
            lines = journal.segments.lines(places)
            if lines:
                journal.segments.add(write_segment(shared, journal.device, lines), places)
                written += len(lines)
    return written
