"""A journal that is damaged, cut off or gone is repaired, and nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.store.errors import StoreDamagedError, StoreError
from studytui.store.events import Review
from studytui.store.journal import Journal
from studytui.study.journal_maintenance import (
    examine,
    mend,
    open_ledger,
    put_back,
)
from tests.study.journal_maintenance.memories import CARDS, NOW, SETTINGS, corrupt, grades


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


@pytest.mark.parametrize("accident", ["missing", "empty", "begun anew"])
def test_a_journal_that_is_gone_beside_backups_is_told_and_comes_back(
    where: Directories, accident: str
) -> None:
    with Journal.open(where.journal) as journal:
        device = journal.device
    where.journal.unlink()
    if accident == "empty":
        where.journal.touch()
    elif accident == "begun anew":
        Journal.open(where.journal).close()
    with pytest.raises(StoreError, match="but 1 older or other copies of it are there"):
        open_ledger(where, SETTINGS)
    found = examine(where, SETTINGS, NOW)
    assert "doctor --repair" in found.advice
    assert found.wrong
    assert "200 events were added from backups" in mend(where, SETTINGS, NOW)
    assert grades(where) == 200
    assert examine(where, SETTINGS, NOW).wrong == ()
    with Journal.open(where.journal) as journal:
        assert journal.device == device


def test_a_repair_that_was_killed_leaves_no_fresh_start(where: Directories) -> None:
    """Between putting the damaged file aside and the new one in its place: nothing is there."""
    for copy in where.backups.iterdir():
        copy.unlink()
    where.journal.rename(where.data / "journal-damaged-20260302T180000Z.db")
    (where.data / ".repair-left").mkdir()
    with pytest.raises(StoreError, match="the journal is missing"):
        open_ledger(where, SETTINGS)
    mend(where, SETTINGS, NOW)
    assert grades(where) == CARDS
    assert not list(where.data.glob(".repair-*"))


@pytest.mark.parametrize("accident", ["missing", "empty"])
def test_what_only_the_log_holds_comes_back(tmp_path: Path, accident: str) -> None:
    """SQLite deletes a log that stands beside an empty database."""
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    ledger = open_ledger(where, SETTINGS)
    ledger.grade("card/1", Rating.GOOD, NOW, retention=0.9, factor=0.5)
    device = ledger.journal.device
    log = where.data / "journal.db-wal"
    kept = log.read_bytes()
    ledger.journal.close()
    where.journal.unlink()
    if accident == "empty":
        where.journal.touch()
    log.write_bytes(kept)
    with pytest.raises(StoreError, match=f"the journal is {accident}, but its log holds events"):
        open_ledger(where, SETTINGS)
    assert examine(where, SETTINGS, NOW).wrong
    assert log.read_bytes() == kept
    mend(where, SETTINGS, NOW)
    assert grades(where) == 1
    with Journal.open(where.journal) as journal:
        assert journal.device == device


def test_a_file_put_aside_keeps_its_log(where: Directories) -> None:
    with Journal.open(where.journal) as journal:
        journal.set_setting("mark", "only in the log")
        log, whole = (where.data / f"journal.db{end}" for end in ("-wal", ""))
        kept, pages = log.read_bytes(), whole.read_bytes()
    log.write_bytes(kept)
    where.journal.write_bytes(pages)
    put_back(where, "latest", NOW)
    (aside,) = where.data.glob("journal-replaced-*.db")
    assert not log.exists()
    with Journal.open(aside) as journal:
        assert journal.setting("mark") == "only in the log"


def test_a_repair_unites_what_was_put_aside_with_what_came_since(where: Directories) -> None:
    put_back(where, "latest", NOW)
    ledger = open_ledger(where, SETTINGS)
    ledger.grade("card/new", Rating.GOOD, NOW + timedelta(days=1), retention=0.9, factor=0.5)
    ledger.journal.close()
    found = examine(where, SETTINGS, NOW + timedelta(days=1))
    assert any("100 events that the journal does not" in note for note in found.notes)
    mend(where, SETTINGS, NOW + timedelta(days=1))
    assert grades(where) == CARDS + 1
    assert examine(where, SETTINGS, NOW + timedelta(days=1)).notes == ()


@pytest.mark.parametrize("damage", ["header", "zeros", "noise"])
def test_a_damaged_first_page_costs_nothing(where: Directories, damage: str) -> None:
    for copy in where.backups.iterdir():
        copy.unlink()
    content = bytearray(where.journal.read_bytes())
    length = 100 if damage == "header" else 4096
    noise = bytes((7 * place + 13) % 251 for place in range(length))
    content[:length] = noise if damage == "noise" else bytes(length)
    where.journal.write_bytes(content)
    assert examine(where, SETTINGS, NOW).wrong
    mend(where, SETTINGS, NOW)
    assert grades(where) == CARDS
    assert examine(where, SETTINGS, NOW).wrong == ()


def test_a_repair_keeps_rows_that_other_devices_would_refuse(where: Directories) -> None:
    """Events of an older studytui, or of a device whose clock was far off."""
    with closing(sqlite3.connect(where.journal)) as base:
        base.execute("DROP TRIGGER journal_no_update")
        base.execute("UPDATE journal SET instant_ms = -1000000000000000 WHERE seq = 1")
        base.execute("UPDATE journal SET order_ms = 9007199254740992 WHERE seq = 2")
        base.commit()
    said = mend(where, SETTINGS, NOW)
    assert "could not be read" not in said
    assert grades(where) == CARDS


@pytest.mark.parametrize(
    "damage",
    ["retention = 0.0", "retention = -1e300", "grade = 9", "day = 1 << 62", "factor = 7.0"],
)
def test_a_row_that_nobody_wrote_costs_no_other(where: Directories, damage: str) -> None:
    """A cut page that was written over leaves such rows; found by killing repairs."""
    with closing(sqlite3.connect(where.journal)) as base:
        base.execute("DROP TRIGGER journal_no_update")
        base.execute(f"UPDATE journal SET {damage} WHERE seq IN (5, 250)")
        base.commit()
    mend(where, SETTINGS, NOW)
    assert examine(where, SETTINGS, NOW).wrong == ()
    assert grades(where) == CARDS
    ledger = open_ledger(where, SETTINGS)
    # The backup says what the first of them was; the second is kept, and may say nothing.
    (event,) = ledger.journal.history("card/4")
    assert isinstance(event.body, Review)
    assert (event.body.grade, event.body.retention, event.body.factor) == (3, 0.9, 0.5)
    assert ledger.state("card/4").reps == 1
    ledger.journal.close()


def test_grades_from_a_wrong_clock_are_brought_back(where: Directories) -> None:
    ledger = open_ledger(where, SETTINGS)
    late = datetime(2099, 1, 1, tzinfo=UTC)
    ledger.grade("card/1", Rating.EASY, late, retention=0.9, factor=None)
    now = NOW + timedelta(days=1)
    ledger.grade("card/2", Rating.EASY, now, retention=0.9, factor=None)
    assert ledger.state("card/1").last_day == ledger.days.day(late)
    ledger.journal.close()
    assert any("1 grades lie in the future" in note for note in examine(where, SETTINGS, now).notes)
    assert "1 grades from the future were dated now" in mend(where, SETTINGS, now)
    ledger = open_ledger(where, SETTINGS)
    assert ledger.state("card/1").last_day == ledger.days.day(now)
    assert ledger.state("card/1").reps == 2
    assert not ledger.from_the_future(now)
    ledger.journal.close()
