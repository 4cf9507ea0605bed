"""Opening the reader's memory: the journal, its states, and a backup now and then."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from studytui.memory.ledger import Ledger, Progress
from studytui.memory.replay import fold_all
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store import backup, read_only, repair
from studytui.store.errors import NewerSchemaError, StoreDamagedError, StoreError
from studytui.store.journal import Journal
from studytui.study.own_backup import back_up_own, copies_archive, own_archive, return_own
from studytui.study.syncing import untaken


def open_ledger(
    directories: Directories, settings: Settings, progress: Progress | None = None
) -> Ledger:
    """Open the journal and make sure that the states belong to it and to the settings.

    Replays only after a change of code or settings; ``progress`` hears of it. Close with
    ``ledger.journal.close()``.

    Raises:
        StoreError: The journal cannot be used, or is gone while there are copies of it; says
            what to do.
    """
    refuse_accident(directories)
    journal = Journal.open(directories.journal)
    try:
        ledger = Ledger(journal, settings)
        ledger.make_current(progress)
    except BaseException:
        journal.close()
        raise
    return ledger


def refuse_accident(directories: Directories) -> None:
    """Raise where the journal is missing or empty beside copies or a log of it: an accident.

    A power cut leaves such files, and so do cloud folders and a repair that was killed. To begin
    anew unawares would divide the reader's memory in two, and lose what only the log holds.
    """
    path = directories.journal
    if not repair.holds_nothing(path):
        return
    copies = len(_copies(directories))
    kept = f"{copies} older or other copies of it are there" if copies else "its log holds events"
    if copies or repair.has_log(path):
        state = "empty" if path.exists() else "missing"
        raise StoreError(
            f"the journal is {state}, but {kept}",
            where=str(path),
            todo="Run: studytui doctor --repair (it takes all that they hold). To begin anew"
            f" instead, move {directories.backups} and {path.stem}-*.db away",
        )


def open_to_read(directories: Directories, settings: Settings, refusal: StoreError) -> Ledger:
    """What can be read of a journal that refuses to be opened; recording raises ``refusal``.

    The states are those of the last time that it could be written, whatever the settings say now.
    """
    return Ledger(read_only.open_to_read(directories.journal, refusal), settings)


_BACKED_UP = "backed-up"


def back_up_if_due(ledger: Ledger, directories: Directories, now: datetime) -> bool:
    """Copy the journal if the newest copy is old or much came since; whether it copied.

    What the reader wrote, cards, notes and copies of snippets, is copied with it, and by itself
    when it changed.
    """
    copied = _journal_is_due(ledger, directories, now)
    if copied:
        _back_up(ledger, directories, now)
    if copied or _own_is_due(directories, now):
        back_up_own(directories, now)
    return copied


def back_up_before(ledger: Ledger, directories: Directories, now: datetime) -> None:
    """Copy the journal before a merge, unless the newest copy is as it stands; likewise what the
    reader wrote."""
    journal = ledger.journal
    copied = int(journal.setting(_BACKED_UP) or 0)
    if journal.refusal is None and journal.count() != copied:
        _back_up(ledger, directories, now)
    back_up_own(directories, now)


def _journal_is_due(ledger: Ledger, directories: Directories, now: datetime) -> bool:
    journal = ledger.journal
    if journal.refusal is not None or journal.is_empty:
        return False
    since = journal.count() - int(journal.setting(_BACKED_UP) or 0)
    return backup.is_due(directories.backups, now, since)


def _own_is_due(directories: Directories, now: datetime) -> bool:
    made = own_archive(directories).made() + copies_archive(directories).made()
    newest = max((each.made for each in made), default=None)
    return newest is None or not timedelta() <= now - newest < backup.EVERY_BUSY


def _back_up(ledger: Ledger, directories: Directories, now: datetime) -> None:
    journal = ledger.journal
    journal.set_setting(_BACKED_UP, str(journal.count()))
    journal.back_up(directories.backups / backup.name_of(now))
    backup.thin(directories.backups, now)


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
    try:
        refuse_accident(directories)
    except StoreError as error:
        return Examined(path, 0, 0, copies, (error.what,), (), error.todo)
    if not path.exists():
        notes = ("there is no journal yet: nothing has been recorded",)
        return Examined(path, 0, 0, copies, (), notes)
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
        told = _notes(ledger, directories, now)
        if told and not advice:
            advice = told[-1].advice
        said = tuple(note.says for note in told)
        return Examined(path, journal.count(), len(states), copies, tuple(wrong), said, advice)


@dataclass(frozen=True, slots=True)
class _Note:
    says: str
    advice: str = ""


def _notes(ledger: Ledger, directories: Directories, now: datetime) -> list[_Note]:
    """What is worth a word though nothing is broken."""
    notes = []
    if warning := ledger.clock_warning(now):
        notes.append(_Note(warning))
    for copy, count in repair.missing(directories.journal, _copies(directories)).items():
        what = f"{copy.name} holds {count} events that the journal does not"
        notes.append(_Note(what, "Run: studytui doctor --repair (it adds them)"))
    if (left := untaken(ledger.journal, now)) is not None:
        what = f"{left.folder} holds {left.events} events of yours that the journal does not"
        notes.append(_Note(what, f"Run: studytui sync {left.folder} (it adds them)"))
    if early := len(ledger.from_the_future(now)):
        what = f"{early} grades lie in the future: the clock was wrong when they were given"
        notes.append(
            _Note(
                what, "Run: studytui doctor --repair (it dates them now, and their cards with it)"
            )
        )
    return notes


def _copies(directories: Directories) -> list[Path]:
    """Everything beside the journal that may hold events of it: backups, and files put aside."""
    aside = sorted(directories.data.glob(f"{directories.journal.stem}-*.db"))
    return [*(copy.path for copy in backup.backups(directories.backups)), *aside]


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
    """Unite the journal with its backups, rebuild it if it is damaged, replay the states.

    Says what was done.
    """
    path = directories.journal
    said = []
    copies = _copies(directories)
    try:
        if not repair.holds_nothing(path):
            damage = repair.findings(path)
        else:
            damage = ["only its log is left"] if repair.has_log(path) else []
    except NewerSchemaError:
        raise
    except StoreDamagedError as error:
        damage = [error.what]
    if damage:
        done = repair.repair(path, copies, now)
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
    elif copies:
        said.append(f"{repair.unite(path, copies)} events were added from backups.")
    with Journal.open(path) as journal:
        ledger = Ledger(journal, settings)
        ledger.rebuild(progress)
        said.append(f"The states of the cards were replayed from {journal.count()} events.")
        if brought := ledger.bring_back(now):
            said.append(f"{brought} grades from the future were dated now.")
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
    done = repair.restore(directories.journal, chosen, now)
    said = [f"{chosen.name} is the journal now."]
    if done.kept:
        said.append(f"What was there is kept as {done.kept}.")
    if done.taken_back:
        said.append(
            f"{done.taken_back} events that had come from elsewhere since are taken back: no repair"
            f" unites them again. To have them after all: studytui doctor --restore {done.kept}"
        )
    made = {copy.path: copy.made for copy in copies}
    # One's own cards are copied when they change, and so may be newer than the newest journal.
    came = return_own(directories, None if chosen == newest else made.get(chosen))
    if came.blocks:
        said.append(f"Of your own, {came.blocks} cards and notes came back.")
    if came.copies:
        said.append(f"{came.copies} of your copies of snippets came back.")
    if came.kept:
        said.append(f"{came.kept} that you have changed since stay as they are.")
    return "\n".join(said)
