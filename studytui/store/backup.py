"""Timed copies of the journal, thinned with age, and the way back from one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studytui.store.errors import StoreError

EVERY = timedelta(hours=20)
"""Age of the newest backup at which the next is due."""

EVERY_EVENTS = 50
"""Events since the newest backup at which the next is due."""

EVERY_BUSY = timedelta(hours=2)
"""Age of the newest backup at which the next is due if anything came since."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the journal and when it was made."""

    path: Path
    made: datetime


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """Copy by SQLite's backup interface; the name appears only when the copy is whole and sound."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
            # A copy must stand alone: in WAL mode it would make two files more when opened.
            copy.execute("PRAGMA journal_mode = DELETE")
            sound = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if sound != "ok":
            raise StoreError(
                f"the backup is not sound: {sound}",
                where=str(target),
                todo="Run: studytui doctor",
            )
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    except OSError as error:
        raise StoreError.of_system(
            error, "no backup could be made", target, todo="Make room, or make the folder writable"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def name_of(made: datetime) -> str:
    """File name of a backup made at an instant."""
    return f"journal-{made.astimezone(UTC):%Y%m%dT%H%M%S}Z.db"


def backups(folder: Path, stem: str = "journal-", ending: str = ".db") -> list[Backup]:
    """The backups of a folder, newest first; files of other names are not ours."""
    found = []
    for path in folder.glob(f"{stem}*{ending}"):
        try:
            made = datetime.fromisoformat(path.stem.removeprefix(stem))
        except ValueError:
            continue
        if made.tzinfo:
            found.append(Backup(path, made))
    return sorted(found, key=lambda backup: backup.made, reverse=True)


def is_due(folder: Path, now: datetime, events: int = 0) -> bool:
    """Whether the newest backup is old enough for another (or lies in the future).

    ``events`` is how many came since: a busy day has several.
    """
    newest = next(iter(backups(folder)), None)
    if newest is None or not timedelta() <= now - newest.made < EVERY:
        return True
    return events >= EVERY_EVENTS or (events > 0 and now - newest.made >= EVERY_BUSY)


def superfluous(found: list[Backup], now: datetime) -> list[Backup]:
    """What thinning removes: all of two days stay, then one a day for two weeks, one a week for
    three months, and one a month for ever. In each span the oldest stays, so that it ages well.
    """
    kept: dict[tuple[str, int], Backup] = {}
    gone = []
    for backup in sorted(found, key=lambda backup: backup.made):
        age = now - backup.made
        day = backup.made.toordinal()
        if age < timedelta(days=2):
            continue
        if age < timedelta(days=14):
            span = ("day", day)
        elif age < timedelta(days=90):
            span = ("week", day // 7)
        else:
            span = ("month", backup.made.year * 12 + backup.made.month)
        if span in kept:
            gone.append(backup)
        else:
            kept[span] = backup
    return gone


def thin(folder: Path, now: datetime) -> None:
    """Remove the superfluous backups of a folder."""
    for backup in superfluous(backups(folder), now):
        backup.path.unlink(missing_ok=True)
