"""Looking a journal over, saving what a damaged one still holds, and going back to a backup."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from studytui.store import codec, schema
from studytui.store.errors import StoreError
from studytui.store.journal import Journal
from studytui.store.salvage import COMPANIONS, read_rows, readable, salvage
from studytui.store.taken_back import remember, taken_back_of

_REPAIR_PREFIX = ".repair-"


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair saved, and where the damaged file is now."""

    from_journal: int
    from_backups: int
    unreadable: int
    kept: Path | None


def findings(path: Path) -> list[str]:
    """Everything that is wrong with the file, in sentences; empty if it is sound.

    Raises:
        StoreError: It cannot even be opened.
    """
    with Journal.open(path) as journal:
        try:
            found = [
                f"integrity: {message}"
                for (message,) in journal.query("PRAGMA integrity_check(20)")
                if message != "ok"
            ]
        except sqlite3.DatabaseError as error:
            return [f"integrity: {error}"]
        names = {
            name for (name,) in journal.query("SELECT name FROM sqlite_master WHERE type='trigger'")
        }
        found += [
            f"the guard {name} is missing" for name in schema.TRIGGER_NAMES if name not in names
        ]
        if not found:
            unreadable = sum(readable(row) is None for row in read_rows(journal.query))
            if unreadable:
                found.append(f"{unreadable} events are not readable")
    return found


def holds_nothing(path: Path) -> bool:
    """Whether there is no journal at ``path``, or one in which nothing was ever recorded.

    A damaged file is not taken for an empty one. SQLite deletes the log beside an empty file: one
    that ``has_log`` must not be opened.
    """
    try:
        if path.stat().st_size == 0:
            return True
        if has_log(path):
            return False
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            return base.execute("SELECT 1 FROM journal LIMIT 1").fetchone() is None
    except FileNotFoundError:
        return True
    except (OSError, sqlite3.Error):
        return False


def has_log(path: Path) -> bool:
    """Whether a log with events stands beside the journal, even if the journal does not."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def repair(path: Path, copies: Sequence[Path], now: datetime) -> Repaired:
    """Make a new journal of all events that the damaged file and its copies still give.

    The damaged file stays beside it under another name. No other studytui may be running.

    Raises:
        StoreError: There is no room, or the folder cannot be written.
    """
    _clear(path.parent)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=_REPAIR_PREFIX) as folder:
            rebuilt = Path(folder) / "journal.db"
            damaged = salvage(path, Path(folder) / "damaged")
            with Journal.open(rebuilt) as journal:
                from_journal = journal.copy_rows(damaged.rows)
                from_copies, device = _unite(journal, copies, path.parent, Path(folder))
                from_journal += journal.copy_rows(damaged.doubtful)
                _settle(journal, damaged.device or device)
            kept = _put_aside(path, "damaged", now)
            rebuilt.replace(path)
    except OSError as error:
        raise StoreError.of_system(
            error,
            "the repair could not be done",
            path,
            todo="Make room in the data folder and run it again; nothing was changed",
        ) from error
    return Repaired(from_journal, from_copies, damaged.unreadable, kept)


def unite(path: Path, copies: Sequence[Path]) -> int:
    """Add to a sound journal what only its copies hold; returns how many events were new.

    Raises:
        StoreError: There is no room, or the folder cannot be written.
    """
    _clear(path.parent)
    with (
        tempfile.TemporaryDirectory(dir=path.parent, prefix=_REPAIR_PREFIX) as folder,
        Journal.open(path) as journal,
    ):
        begun_anew = journal.is_empty
        added, device = _unite(journal, copies, path.parent, Path(folder))
        _settle(journal, device if begun_anew else "")
        return added


def missing(path: Path, copies: Sequence[Path]) -> dict[Path, int]:
    """How many events of each copy a repair would add; copies that add none are left out."""
    counts: dict[Path, int] = {}
    with Journal.open(path) as journal:
        known = {identity for (identity,) in journal.query("SELECT id FROM journal")}
    for copy in copies:
        try:
            with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as base:
                ids = {identity for (identity,) in base.execute("SELECT id FROM journal")}
        except sqlite3.DatabaseError:
            continue
        if lacking := ids - known - taken_back_of(path.parent, copy):
            counts[copy] = len(lacking)
    return counts


def _unite(journal: Journal, copies: Sequence[Path], data: Path, folder: Path) -> tuple[int, str]:
    """Add what the copies hold, but for what the reader took back since; works in ``folder``."""
    added, device = 0, ""
    doubtful: list[codec.Row] = []
    for number, copy in enumerate(copies):
        gone = taken_back_of(data, copy)
        found = salvage(copy, folder / f"copy{number}")
        added += journal.copy_rows(row for row in found.rows if row[0] not in gone)
        doubtful += (row for row in found.doubtful if row[0] not in gone)
        device = device or found.device
        shutil.rmtree(folder / f"copy{number}", ignore_errors=True)
    return added + journal.copy_rows(doubtful), device


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the journal is now that a backup took the place of, and how many events of it that came
    from elsewhere are taken back: a repair leaves them out."""

    kept: Path | None
    taken_back: int


def restore(path: Path, backup: Path, now: datetime) -> Restored:
    """Put a backup in the place of the journal, which is kept under another name.

    What came from elsewhere since the backup is taken back for good; to restore the file that is
    kept takes that back in turn.

    Raises:
        StoreError: The backup is not sound, or cannot be copied.
    """
    fresh = path.with_name(f".{path.name}.restored")
    try:
        shutil.copyfile(backup, fresh)
        wrong = findings(fresh)
        if wrong:
            raise StoreError(
                f"the backup is not sound: {wrong[0]}", where=str(backup), todo="Choose another"
            )
        there, _ = _ids(fresh)
        gone = _ids(path)[1] - there
        kept = _put_aside(path, "replaced", now)
        remember(path.parent, gone, there, now)
        fresh.replace(path)
    except OSError as error:
        raise StoreError.of_system(error, "the backup could not be put back", backup) from error
    finally:
        for companion in ("", *COMPANIONS):
            fresh.with_name(fresh.name + companion).unlink(missing_ok=True)
    return Restored(kept, len(gone))


def _ids(path: Path) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The ids of all events of a journal, and of those from elsewhere; none of a damaged one."""
    if holds_nothing(path):
        return frozenset(), frozenset()
    try:
        with Journal.open(path) as journal:
            rows = journal.query("SELECT id, device FROM journal")
            own = bytes.fromhex(journal.device)
    except (StoreError, sqlite3.DatabaseError):
        return frozenset(), frozenset()
    return (
        frozenset(identity for identity, _ in rows),
        frozenset(identity for identity, device in rows if device != own),
    )


def _put_aside(path: Path, why: str, now: datetime) -> Path | None:
    """Keep a database and its log under another name; nothing stands at ``path`` afterwards.

    The copy is whole before anything goes, and the database goes before its log: who is stopped on
    the way leaves a journal that is missing beside a copy, which is told, never one whose log
    belongs to another or is gone unawares.
    """
    sources = [path.with_name(path.name + companion) for companion in ("", *COMPANIONS)]
    if not any(source.exists() for source in sources):
        return None
    target = _free_name(path, f"{why}-{now.astimezone(UTC):%Y%m%dT%H%M%S}Z")
    for source, companion in zip(sources, ("", *COMPANIONS), strict=True):
        if source.exists():
            _copy(source, target.with_name(target.name + companion))
    for source in sources:
        source.unlink(missing_ok=True)
    return target


def _free_name(path: Path, why: str) -> Path:
    number, target = 1, path.with_name(f"{path.stem}-{why}{path.suffix}")
    while target.exists():
        number += 1
        target = path.with_name(f"{path.stem}-{why}-{number}{path.suffix}")
    return target


def _copy(source: Path, target: Path) -> None:
    """A second name for a file; a copy where the disk knows no second names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _clear(folder: Path) -> None:
    """Remove what a repair left that was killed."""
    for left in folder.glob(f"{_REPAIR_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)


def _settle(journal: Journal, device: str) -> None:
    """Keep the device's name, and let the states be replayed at the next start."""
    if device:
        journal.set_setting("device", device)
    journal.set_setting("states", "")
