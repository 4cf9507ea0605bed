"""An older journal becomes one of today, after a backup, with every event kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from studytui.memory.ledger import Ledger
from studytui.settings import Settings
from studytui.store import schema
from studytui.store.errors import StoreError
from studytui.store.events import Moment, ReadingPlace, Review
from studytui.store.journal import Journal

FORMAT_1 = Path(__file__).with_name("format_1.sql").read_text(encoding="utf-8")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FORMAT_1)
    return path


def test_format_1_becomes_today_s(old: Path) -> None:
    with Journal.open(old) as journal:
        assert journal.device == "000102030405060708090a0b0c0d0e0f"
        events = list(journal.events())
        assert [event.body for event in events] == [
            Review("adam-t1-step", 3, 5000, "abc"),
            Review("adam-t1-step", 4, 3000, "abc"),
            ReadingPlace("adam-and-adamw", 40, 0.5),
        ]
        assert [event.order_ms for event in events] == [
            1_767_268_800_000,
            1_767_441_600_000,
            1_767_441_700_000,
        ]
        ledger = Ledger(journal, Settings())
        assert not ledger.is_current
        ledger.make_current()
        assert journal.states.get("adam-t1-step").reps == 2
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            journal.query("DELETE FROM journal")
        journal.append(Review("adam-t1-step", 3), Moment(1_767_500_000_000, 60, 739_620))
        assert journal.query("SELECT max(seq) FROM journal") == [(6,)]


def test_the_old_file_is_backed_up_first(old: Path) -> None:
    Journal.open(old).close()
    copy = old.with_name("journal-before-format-3.db")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM journal").fetchone() == (3,)


def test_a_migration_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TRIGGER journal_no_delete")
        connection.execute("DELETE FROM journal")
        raise sqlite3.OperationalError("power cut")

    monkeypatch.setitem(schema.MIGRATIONS, 1, fail)
    with pytest.raises(StoreError, match="power cut"):
        Journal.open(old)
    monkeypatch.undo()
    with Journal.open(old) as journal:
        assert journal.count() == 3
