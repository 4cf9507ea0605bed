"""Two devices become one memory through a shared folder, without a server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studytui.memory.days import to_ms
from studytui.memory.ledger import AHEAD, Ledger
from studytui.store.errors import StoreError
from studytui.store.outside import LineProblem
from studytui.store.segments import (
    FOLDER,
    read_segment,
    segment_files,
    write_segment,
)


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: events written for others, events taken from them, and what was left out."""

    written: int
    taken: int
    problems: tuple[LineProblem, ...]


def sync(ledger: Ledger, folder: Path, now: datetime) -> Synced:
    """Take the other devices' events from a folder and leave this one's there.

    Events are united by id and replayed in time order, so the result does not depend on who syncs
    first, how often, or in which pieces.

    Raises:
        StoreError: The folder is not there or cannot be used.
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
        raise StoreError(
            f"the folder cannot be used: {error.strerror}",
            where=str(shared),
            todo="Make it writable",
        ) from error
    taken, problems = _take(ledger, shared, now)
    return Synced(_leave(ledger, shared), taken, tuple(problems))


def _take(ledger: Ledger, shared: Path, now: datetime) -> tuple[int, list[LineProblem]]:
    journal = ledger.journal
    problems: list[LineProblem] = []
    taken = 0
    with journal.reading():
        known = journal.segments.names()
    for path in segment_files(shared):
        if path.name in known:
            continue
        segment = read_segment(path, to_ms(now + AHEAD))
        problems += segment.problems
        with journal.transaction():
            before = journal.segments.last_place()
            merged = ledger.merge(segment.events)
            taken += len(merged.added)
            problems += (
                LineProblem(
                    path,
                    0,
                    f"event {each.kept.id} has two contents: every device keeps the same one",
                )
                for each in merged.settled
            )
            if segment.whole and len(segment.problems) == 0:
                journal.segments.add(segment.name, (before + 1, journal.segments.last_place()))
    return taken, problems


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
