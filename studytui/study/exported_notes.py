"""When each exported note last changed: Anki takes a note anew only if it is newer than its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from studytui.store.anki.records import AnkiNote

_LATEST = 2**40
"""No clock tells a greater epoch second: a record that has one is not ours."""


@dataclass(frozen=True, slots=True)
class LastExport:
    """A note as it was exported last: the digest of what it said, and when it came to say it.

    ``modified`` is an epoch second.
    """

    digest: str
    modified: int


def dated(path: Path, notes: Sequence[AnkiNote], now: datetime) -> tuple[AnkiNote, ...]:
    """The notes with the time of their last change, which the record at ``path`` then holds.

    A note that says what it said keeps its time, so that edits made in Anki stay there. One that
    changed is newer than before, whatever the clock says; one never seen before is as new as now.
    """
    known = _read(path)
    for note in notes:
        known[note.guid] = _last(note, known.get(note.guid), int(now.timestamp()))
    _write(path, known)
    return tuple(replace(note, modified=known[note.guid].modified) for note in notes)


def _last(note: AnkiNote, before: LastExport | None, now: int) -> LastExport:
    said = json.dumps([note.type, note.fields, note.tags])
    digest = hashlib.sha256(said.encode()).hexdigest()
    if before is None:
        return LastExport(digest, now)
    return before if before.digest == digest else LastExport(digest, max(now, before.modified + 1))


def _read(path: Path) -> dict[str, LastExport]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    rows = found.items() if isinstance(found, dict) else ()
    return {guid: LastExport(*row) for guid, row in rows if _is_sound(row)}


def _is_sound(row: object) -> bool:
    match row:
        case [str(), bool()]:
            return False
        case [str(), int(modified)]:
            return 0 <= modified < _LATEST
    return False


def _write(path: Path, known: dict[str, LastExport]) -> None:
    rows = {guid: [last.digest, last.modified] for guid, last in known.items()}
    beside = path.with_suffix(".new")
    # Without the record the next export calls every note new, which costs edits in Anki at worst:
    # no reason to give no package.
    with suppress(OSError):
        beside.write_text(json.dumps(rows, indent=0, sort_keys=True), encoding="utf-8")
        beside.replace(path)
