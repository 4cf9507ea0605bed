"""What is wrong with a memory, and what the reader is told of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.settings import MemorySettings, Settings
from studytui.store.journal import Journal
from studytui.study.journal_maintenance import (
    examine,
    mend,
    open_ledger,
)
from studytui.study.syncing import sync
from tests.study.journal_maintenance.memories import CARDS, LATER, NOW, SETTINGS, grades


def synced(where: Directories, folder: Path, now: datetime) -> int:
    """Sync with a folder in which all devices are the reader's; how many events came."""
    ledger = open_ledger(where, SETTINGS)
    try:
        return sync(ledger, folder, now, lambda strangers: True).taken
    finally:
        ledger.journal.close()


def test_a_sound_memory(where: Directories) -> None:
    found = examine(where, SETTINGS, NOW + timedelta(hours=1))
    assert (found.events, found.cards, found.wrong, found.notes) == (CARDS, CARDS, (), ())
    assert len(found.backups) == 1


def test_nothing_recorded_yet(tmp_path: Path) -> None:
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    found = examine(where, SETTINGS, NOW)
    assert found.wrong == ()
    assert "no journal yet" in found.notes[0]
    assert not where.data.exists()


def test_a_home_that_cannot_be_written_is_wrong_even_if_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    home = tmp_path / "file" / "home"
    found = examine(Directories(home / "data", home / "config", home / "cache"), SETTINGS, NOW)
    assert found.wrong == (f"nothing can be kept: {tmp_path / 'file'} cannot be written",)
    assert "STUDYTUI_HOME" in found.advice


def test_a_clock_that_was_set_back_is_told(where: Directories) -> None:
    found = examine(where, SETTINGS, NOW - timedelta(days=2))
    assert "set back" in found.notes[0]


def test_what_a_shared_folder_holds_more_than_the_journal_is_told(
    where: Directories, tmp_path: Path
) -> None:
    (shared := tmp_path / "shared").mkdir()
    synced(where, shared, LATER)
    assert examine(where, SETTINGS, LATER).notes == ()
    # Both are lost, the journal and its backups; only what was left for other devices is there.
    for path in (where.journal, *where.backups.iterdir()):
        path.unlink()
    open_ledger(where, SETTINGS).journal.close()
    found = examine(where, SETTINGS, LATER)
    assert found.notes == (f"{shared} holds {CARDS} events of yours that the journal does not",)
    assert f"studytui sync {shared}" in found.advice
    assert synced(where, shared, LATER) == CARDS
    assert examine(where, SETTINGS, LATER).notes == ()


def test_a_friend_s_events_in_a_shared_folder_are_not_missed(
    where: Directories, tmp_path: Path
) -> None:
    (shared := tmp_path / "shared").mkdir()
    synced(where, shared, LATER)
    friend = Directories(
        tmp_path / "f" / "data", tmp_path / "f" / "config", tmp_path / "f" / "cache"
    )
    ledger = open_ledger(friend, SETTINGS)
    ledger.grade("card/1", Rating.GOOD, LATER, retention=0.9, factor=None)
    sync(ledger, shared, LATER, lambda strangers: True)
    ledger.journal.close()
    assert examine(where, SETTINGS, LATER).notes == ()


def test_a_wrong_cache_is_found_and_replayed(where: Directories) -> None:
    with Journal.open(where.journal) as journal:
        journal.query("UPDATE states SET stability = 99 WHERE card = 'card/7'")
    found = examine(where, SETTINGS, NOW)
    assert found.wrong == ("the states of some cards do not follow from the journal",)
    mend(where, SETTINGS, NOW)
    assert examine(where, SETTINGS, NOW).wrong == ()


def test_other_settings_replay_the_states_once(where: Directories) -> None:
    other = Settings(memory=MemorySettings(learning_steps=()))
    told: list[tuple[int, int]] = []
    ledger = open_ledger(where, other, lambda done, total: told.append((done, total)))
    assert told == [(0, CARDS), (CARDS, CARDS)]
    assert ledger.state("card/1").interval > 0
    assert ledger.is_current
    ledger.journal.close()
    told.clear()
    open_ledger(where, other, lambda *seen: told.append(seen)).journal.close()
    assert told == [], "nothing is told where nothing is replayed"


def test_a_missing_guard_is_found(where: Directories) -> None:
    with Journal.open(where.journal) as journal:
        journal.query("DROP TRIGGER journal_no_delete")
    assert "journal_no_delete is missing" in examine(where, SETTINGS, NOW).wrong[0]
    mend(where, SETTINGS, NOW)
    assert examine(where, SETTINGS, NOW).wrong == ()
    assert grades(where) == CARDS
