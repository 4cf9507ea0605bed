"""Opening the reader's memory: the journal, its states, and a backup now and then."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studytui.memory.ledger import Ledger, Progress
from studytui.memory.replay import fold_all
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store import backup, read_only, repair
from studytui.store.errors import NewerSchemaError, StoreDamagedError, StoreError
from studytui.store.journal import Journal


def open_ledger(
    directories: Directories, settings: Settings, progress: Progress | None = None
) -> Ledger:
    """Open the journal and make sure that the states belong to it and to the settings.

    Replays only after a change of code or settings; ``progress`` hears of it. Close with
    ``ledger.journal.close()``.

    Raises:
        StoreError: The journal cannot be used; says what to do.
    """
    journal = Journal.open(directories.journal)
    try:
        ledger = Ledger(journal, settings)
        ledger.make_current(progress)
    except BaseException:
        journal.close()
        raise
    return ledger


def open_to_read(directories: Directories, settings: Settings, refusal: StoreError) -> Ledger:
    """What can be read of a journal that refuses to be opened; recording raises ``refusal``.

    The states are those of the last time that it could be written, whatever the settings say now.
    """
    return Ledger(read_only.open_to_read(directories.journal, refusal), settings)


def back_up_if_due(ledger: Ledger, directories: Directories, now: datetime) -> bool:
    """Copy the journal if the newest copy is old, and thin the older ones; whether it copied."""
    folder = directories.backups
    if ledger.journal.refusal is not None:
        return False
    if not backup.is_due(folder, now) or ledger.journal.last_order() < 0:
        return False
    ledger.journal.back_up(folder / backup.name_of(now))
    backup.thin(folder, now)
    return True


WRITABLE = "Make it writable for you, or set STUDYTUI_HOME to a folder that is"


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


def examine(
    directories: Directories,
    settings: Settings,
    now: datetime,
    progress: Progress | None = None,
) -> Examined:
    """Check the journal from end to end, its backups, its states and the clock.

    Raises:
        NewerSchemaError: A newer studytui wrote the journal.
    """
    copies = tuple(backup.backups(directories.backups))
    path = directories.journal
    blocked = _unwritable(directories)
    if blocked is not None:
        what = f"nothing can be kept: {blocked} cannot be written"
        with read_only.open_to_read(path, StoreError(what)) as journal:
            events, cards = journal.count(), sum(1 for _ in journal.states.all())
        return Examined(path, events, cards, copies, (what,), (), WRITABLE)
    if not path.exists():
        notes = ("there is no journal yet: nothing has been recorded",)
        if copies:
            notes = ("the journal is missing, but there are backups",)
        advice = "Run: studytui doctor --restore latest" if copies else ""
        return Examined(path, 0, 0, copies, (), notes, advice)
    try:
        wrong = repair.findings(path)
    except NewerSchemaError:
        raise
    except StoreError as error:
        return Examined(path, 0, 0, copies, (error.what,), (), error.todo)
    if wrong:
        advice = "Run: studytui doctor --repair (it keeps the damaged file and saves what it can)"
        return Examined(path, 0, 0, copies, tuple(wrong), (), advice)
    with Journal.open(path) as journal:
        ledger = Ledger(journal, settings)
        ledger.make_current(progress)
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


def _unwritable(directories: Directories) -> Path | None:
    """What cannot be written of that which holds the reader's memory; None if all of it can."""
    there = os.access(directories.journal, os.F_OK)
    if there and not os.access(directories.journal, os.W_OK):
        return directories.journal
    for folder in (directories.data, directories.backups, directories.outputs):
        place = hindrance(folder)
        if place is not None:
            return place
    return None


def hindrance(folder: Path) -> Path | None:
    """What prevents files from being made in ``folder`` (it or a folder above it), or None."""
    place = next(each for each in (folder, *folder.parents) if os.access(each, os.F_OK))
    sound = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return None if sound else place


def mend(
    directories: Directories,
    settings: Settings,
    now: datetime,
    progress: Progress | None = None,
) -> str:
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
        Ledger(journal, settings).rebuild(progress)
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
