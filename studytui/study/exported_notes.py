"""When each exported note last changed: Anki takes a note anew only if it is newer than its own.

What was exported stands in the journal, and so is known on all the reader's devices.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from studytui.memory.ledger import Ledger
from studytui.store.anki.records import AnkiNote
from studytui.store.events import Exported


def dated(ledger: Ledger, notes: Sequence[AnkiNote], now: datetime) -> tuple[AnkiNote, ...]:
    """The notes with the time of their last change, which the journal then holds.

    A note that says what it said keeps its time, so that edits made in Anki stay there. One that
    changed is newer than before, whatever the clock says; one never seen before is as new as now.

    Raises:
        StoreError: What was exported cannot be recorded.
    """
    last, newest = _exported(ledger)
    stamped = []
    changed = []
    for note in notes:
        digest = _digest(note)
        before = last.get(note.guid)
        if before is None or before.digest != digest:
            modified = max(int(now.timestamp()), newest.get(note.guid, 0) + 1)
            before = Exported(note.guid, digest, modified)
            changed.append(before)
        stamped.append(note._replace(modified=before.modified))
    # Without the record the next export calls these notes new, which costs edits in Anki at worst:
    # no reason to give no package where nothing can be kept.
    if ledger.journal.refusal is None and changed:
        with ledger.journal.transaction():
            for each in changed:
                ledger.record(each, now)
    return tuple(stamped)


def _exported(ledger: Ledger) -> tuple[dict[str, Exported], dict[str, int]]:
    """What each note said last, and the latest time that any device gave it."""
    last: dict[str, Exported] = {}
    newest: dict[str, int] = {}
    for event in ledger.journal.events(kinds=(Exported.kind,)):
        if isinstance(event.body, Exported):
            last[event.body.note] = event.body
            newest[event.body.note] = max(newest.get(event.body.note, 0), event.body.modified)
    return last, newest


def _digest(note: AnkiNote) -> str:
    said = json.dumps([note.type, note.fields, note.tags])
    return hashlib.sha256(said.encode()).hexdigest()
