"""Opening the reader's memory: the journal, its states, and a backup now and then."""

from __future__ import annotations

from datetime import datetime

from studytui.memory.ledger import Ledger
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store import backup
from studytui.store.journal import Journal


def open_ledger(directories: Directories, settings: Settings) -> Ledger:
    """Open the journal and make sure that the states belong to it and to the settings.

    Replays only after a change of code or settings. Close with ``ledger.journal.close()``.

    Raises:
        StoreError: The journal cannot be used; says what to do.
    """
    journal = Journal.open(directories.journal)
    try:
        ledger = Ledger(journal, settings)
        ledger.make_current()
    except BaseException:
        journal.close()
        raise
    return ledger


def back_up_if_due(ledger: Ledger, directories: Directories, now: datetime) -> bool:
    """Copy the journal if the newest copy is old, and thin the older ones; whether it copied."""
    folder = directories.backups
    if not backup.is_due(folder, now) or ledger.journal.last_order() < 0:
        return False
    ledger.journal.back_up(folder / backup.name_of(now))
    backup.thin(folder, now)
    return True
