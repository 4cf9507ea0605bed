"""Backups: whole, timed, and thinned with age."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from studytui.store import backup
from studytui.store.events import Moment, Review
from studytui.store.journal import Journal

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def make(folder: Path, *ages: timedelta) -> None:
    folder.mkdir(exist_ok=True)
    for age in ages:
        (folder / backup.name_of(NOW - age)).touch()


def test_a_backup_stands_alone_and_holds_everything(tmp_path: Path) -> None:
    target = tmp_path / "backups" / backup.name_of(NOW)
    with Journal.open(tmp_path / "journal.db") as journal:
        journal.append(Review("a", 3), Moment(1_767_268_800_000, 0, 739_617))
        journal.back_up(target)
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT subject FROM journal").fetchall() == [("a",)]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_files_of_other_names_are_not_ours(tmp_path: Path) -> None:
    make(tmp_path, timedelta(hours=3))
    (tmp_path / "journal-of-a-journey.db").touch()
    (tmp_path / "journal-2026-06-01.db").touch()
    assert [found.made for found in backup.backups(tmp_path)] == [NOW - timedelta(hours=3)]


def test_a_backup_is_due_after_a_day_or_when_the_clock_went_back(tmp_path: Path) -> None:
    assert backup.is_due(tmp_path, NOW)
    make(tmp_path, timedelta(hours=3))
    assert not backup.is_due(tmp_path, NOW)
    assert backup.is_due(tmp_path, NOW + timedelta(hours=18))
    assert backup.is_due(tmp_path, NOW - timedelta(days=1))


def test_thinning_keeps_days_then_weeks_then_months(tmp_path: Path) -> None:
    for day in range(400):
        make(tmp_path, timedelta(days=day), timedelta(days=day, hours=6))
        backup.thin(tmp_path, NOW - timedelta(days=day))
    backup.thin(tmp_path, NOW)
    ages = [(NOW - found.made) / timedelta(days=1) for found in backup.backups(tmp_path)]
    assert sum(age < 2 for age in ages) == 4
    assert 11 <= sum(2 <= age < 14 for age in ages) <= 13
    assert 10 <= sum(14 <= age < 90 for age in ages) <= 12
    assert 10 <= sum(age >= 90 for age in ages) <= 12


def test_backups_made_day_by_day_still_reach_back_a_year(tmp_path: Path) -> None:
    start = NOW - timedelta(days=400)
    for day in range(400):
        now = start + timedelta(days=day)
        if backup.is_due(tmp_path, now):
            (tmp_path / backup.name_of(now)).touch()
            backup.thin(tmp_path, now)
    oldest = backup.backups(tmp_path)[-1]
    assert NOW - oldest.made > timedelta(days=330)
    assert len(backup.backups(tmp_path)) < 45
