"""Looking after the journal: checks, repair, restore, and what the reader is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.paths import Directories
from studytui.settings import MemorySettings, Settings
from studytui.store.errors import StoreDamagedError, StoreError
from studytui.store.journal import Journal
from studytui.study.keeping import back_up_if_due, examine, mend, open_ledger, put_back

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
SETTINGS = Settings()
CARDS = 300


@pytest.fixture
def where(tmp_path: Path) -> Directories:
    """A memory of 300 grades, with one backup after the first 200."""
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    ledger = open_ledger(where, SETTINGS)
    for numbers in (range(200), range(200, CARDS)):
        # One transaction for many grades: the tests need not wait for the disk.
        with ledger.journal.transaction():
            for number in numbers:
                now = NOW + timedelta(seconds=number)
                ledger.grade(f"card/{number}", 3, now, retention=0.9, factor=0.5)
        if number < 200:
            assert back_up_if_due(ledger, where, NOW)
            assert not back_up_if_due(ledger, where, NOW)
    ledger.journal.close()
    return where


def grades(where: Directories) -> int:
    with Journal.open(where.journal) as journal:
        return journal.count()


def corrupt(path: Path, first: int, last: int) -> None:
    """Overwrite some pages, as a failing disk does."""
    content = bytearray(path.read_bytes())
    for page in range(first, last):
        content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(content)


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


def test_corrupt_pages_are_found_and_repaired_with_the_backup(where: Directories) -> None:
    pages = where.journal.stat().st_size // 4096
    corrupt(where.journal, pages // 3, pages // 2)
    found = examine(where, SETTINGS, NOW)
    assert found.wrong
    assert "doctor --repair" in found.advice
    damaged = where.journal.read_bytes()
    said = mend(where, SETTINGS, NOW)
    assert "saved from the damaged file" in said
    assert examine(where, SETTINGS, NOW).wrong == ()
    assert grades(where) >= 200
    (kept,) = where.data.glob("journal-damaged-*.db")
    assert kept.read_bytes() == damaged


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_refused_and_repaired(where: Directories, share: float) -> None:
    content = where.journal.read_bytes()
    where.journal.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(StoreDamagedError, match="cut short"):
        open_ledger(where, SETTINGS)
    assert examine(where, SETTINGS, NOW).wrong == (
        "the journal is damaged: the file has been cut short",
    )
    mend(where, SETTINGS, NOW)
    assert examine(where, SETTINGS, NOW).wrong == ()
    assert grades(where) >= 200


def test_a_file_of_rubbish_is_repaired_from_the_backup(where: Directories) -> None:
    where.journal.write_bytes(b"rubbish " * 1000)
    mend(where, SETTINGS, NOW)
    assert grades(where) == 200
    assert examine(where, SETTINGS, NOW).wrong == ()


def test_a_missing_journal_comes_back_from_the_backup(where: Directories) -> None:
    where.journal.unlink()
    assert "missing" in examine(where, SETTINGS, NOW).notes[0]
    assert "is the journal now" in put_back(where, "latest", NOW)
    assert grades(where) == 200


def test_going_back_to_a_backup_keeps_what_was_there(where: Directories) -> None:
    said = put_back(where, "latest", NOW)
    assert grades(where) == 200
    (kept,) = where.data.glob("journal-replaced-*.db")
    assert str(kept) in said
    with Journal.open(kept) as journal:
        assert journal.count() == CARDS


def test_a_backup_that_is_not_there_is_told_with_those_that_are(where: Directories) -> None:
    with pytest.raises(StoreError, match=r"Backups: journal-20260302T180000Z\.db"):
        put_back(where, "yesterday", NOW)


def test_a_damaged_backup_is_refused_and_the_journal_stays(where: Directories) -> None:
    (copy,) = where.backups.glob("*.db")
    corrupt(copy, 2, 6)
    with pytest.raises(StoreError, match="not sound"):
        put_back(where, "latest", NOW)
    assert grades(where) == CARDS


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
