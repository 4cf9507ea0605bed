"""Opening the reader's memory: the journal, its states, and a backup now and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studytui.memory.ledger import Ledger
from studytui.memory.replay import fold_all
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store import backup, repair
from studytui.store.errors import StoreDamagedError, StoreError
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


@dataclass(frozen=True, slots=True)
class Examined:
    """How the reader's memory is. ``wrong`` is empty if all is well; ``advice`` says what to do."""

    journal: Path
    events: int
    cards: int
    backups: tuple[backup.Backup, ...]
    wrong: tuple[str, ...]
    notes: tuple[str, ...]
    advice: str = ""


def examine(directories: Directories, settings: Settings, now: datetime) -> Examined:
    """Check the journal from end to end, its backups, its states and the clock.

    Raises:
        NewerSchemaError: A newer studytui wrote the journal.
    """
    copies = tuple(backup.backups(directories.backups))
    path = directories.journal
    if not path.exists():
        notes = ("there is no journal yet: nothing has been recorded",)
        if copies:
            notes = ("the journal is missing, but there are backups",)
        advice = "Run: studytui doctor --restore latest" if copies else ""
        return Examined(path, 0, 0, copies, (), notes, advice)
    try:
        wrong = repair.findings(path)
    except StoreDamagedError as error:
        return Examined(path, 0, 0, copies, (error.what,), (), error.todo)
    if wrong:
        advice = "Run: studytui doctor --repair (it keeps the damaged file and saves what it can)"
        return Examined(path, 0, 0, copies, tuple(wrong), (), advice)
    with Journal.open(path) as journal:
        ledger = Ledger(journal, settings)
        ledger.make_current()
        states = dict(journal.states.all())
        if states != dict(fold_all(journal.replay_rows(), ledger.scheduler)):
            advice = "Run: studytui doctor --repair"
            wrong = ["the states of some cards do not follow from the journal"]
        else:
            advice = ""
        warning = ledger.clock_warning(now)
        return Examined(
            path,
            journal.count(),
            len(states),
            copies,
            tuple(wrong),
            (warning,) if warning else (),
            advice,
        )


def mend(directories: Directories, settings: Settings, now: datetime) -> str:
    """Repair the journal if it is damaged, replay the states in any case; says what was done."""
    path = directories.journal
    said = []
    try:
        damage = repair.findings(path) if path.exists() else []
    except StoreDamagedError as error:
        damage = [error.what]
    if damage or not path.exists():
        done = repair.repair(path, backup.backups(directories.backups), now)
        said.append(
            f"{done.from_journal} events saved from the damaged file, {done.from_backups} more"
            " from backups."
        )
        if done.unreadable:
            said.append(
                f"{done.unreadable} events of the damaged file could not be read; those that are"
                " in no backup may still be on another device: studytui sync."
            )
        if done.kept:
            said.append(f"The damaged file is kept as {done.kept}.")
    with Journal.open(path) as journal:
        Ledger(journal, settings).rebuild()
        said.append(f"The states of the cards were replayed from {journal.count()} events.")
    return "\n".join(said)


def put_back(directories: Directories, wanted: str, now: datetime) -> str:
    """Go back to a backup: ``latest``, or a file name or path; says what was done."""
    copies = backup.backups(directories.backups)
    by_name = {copy.path.name: copy.path for copy in copies}
    newest = copies[0].path if wanted == "latest" and copies else None
    chosen = newest or by_name.get(wanted, Path(wanted))
    if not chosen.is_file():
        names = ", ".join(by_name) or "there are none"
        raise StoreError(f"there is no backup {wanted}", todo=f"Backups: {names}")
    kept = repair.restore(directories.journal, chosen, now)
    where = f" What was there is kept as {kept}." if kept else ""
    return f"{chosen.name} is the journal now.{where}"
