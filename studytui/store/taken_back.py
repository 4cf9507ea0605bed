"""What a reader took back by going to a backup: a later repair does not unite it again.

Only what came from elsewhere, by a merge or an import, is taken back. Grades that were given here
since the backup are put aside with the journal, and a repair brings them back: nobody wants to lose
those, and nobody wants another's history twice.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = "taken-back.json"
_STAMP = re.compile(r"-(\d{8}T\d{6}Z)(?:-\d+)?\.db$")


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The ids of events that were taken back at an instant: copies made until then hold them."""

    at: datetime
    ids: frozenset[bytes]


def read_taken_back(folder: Path) -> tuple[TakenBack, ...]:
    """All that was taken back in a data folder; what cannot be read is as if it were not there.

    A repair then unites more than it should, and loses nothing.
    """
    try:
        entries = json.loads((folder / FILE).read_text("utf-8"))
        return tuple(
            TakenBack(
                datetime.fromisoformat(entry["at"]).astimezone(UTC),
                frozenset(map(bytes.fromhex, entry["ids"])),
            )
            for entry in entries
        )
    except (OSError, ValueError, LookupError, TypeError):
        return ()


def remember(folder: Path, gone: Iterable[bytes], there: Iterable[bytes], now: datetime) -> None:
    """Write down that events are ``gone`` from now on; those that are ``there`` are so no more."""
    again = frozenset(there)
    entries = [
        *(TakenBack(each.at, each.ids - again) for each in read_taken_back(folder)),
        TakenBack(now, frozenset(gone) - again),
    ]
    text = json.dumps(
        [
            {"at": each.at.astimezone(UTC).isoformat(), "ids": sorted(map(bytes.hex, each.ids))}
            for each in entries
            if each.ids
        ]
    )
    unfinished = folder / f".{FILE}.part"
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / FILE)


def taken_back_of(folder: Path, copy: Path) -> frozenset[bytes]:
    """The ids that a copy of the journal holds though they were taken back after it was made."""
    made = _made(copy)
    gone = (each.ids for each in read_taken_back(folder) if made <= each.at)
    return frozenset().union(*gone)


def _made(copy: Path) -> datetime:
    """When a copy was made: its name says it, or its file."""
    stamp = _STAMP.search(copy.name)
    with suppress(ValueError):
        if stamp is not None:
            return datetime.fromisoformat(stamp[1])
    return datetime.fromtimestamp(int(copy.stat().st_mtime), UTC)
