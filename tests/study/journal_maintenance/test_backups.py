"""Copies of the journal: when they are made, and going back to one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.store.errors import StoreError
from studytui.store.events import Event, Moment, Review, new_id
from studytui.store.journal import Journal
from studytui.study.journal_maintenance import (
    back_up_before,
    back_up_if_due,
    examine,
    mend,
    open_ledger,
    put_back,
)
from tests.study.journal_maintenance.memories import CARDS, NOW, SETTINGS, TODAY_MS, corrupt, grades


def test_a_busy_day_has_more_than_one_backup(where: Directories) -> None:
    ledger = open_ledger(where, SETTINGS)
    assert back_up_if_due(ledger, where, NOW + timedelta(minutes=10)), "100 events came since"
    assert not back_up_if_due(ledger, where, NOW + timedelta(hours=5)), "nothing came since"
    ledger.grade("card/1", Rating.GOOD, NOW + timedelta(hours=5), retention=0.9, factor=0.5)
    assert back_up_if_due(ledger, where, NOW + timedelta(hours=5))
    ledger.journal.close()


def test_going_back_to_a_backup_keeps_what_was_there(where: Directories) -> None:
    said = put_back(where, "latest", NOW)
    assert grades(where) == 200
    (kept,) = where.data.glob("journal-replaced-*.db")
    assert str(kept) in said
    with Journal.open(kept) as journal:
        assert journal.count() == CARDS


def test_what_came_from_elsewhere_and_was_taken_back_stays_so(where: Directories) -> None:
    with Journal.open(where.journal) as journal:
        theirs = [
            Event(
                new_id(), "e" * 32, Moment(TODAY_MS, 0, 739_677), TODAY_MS, Review(f"x/{each}", 3)
            )
            for each in range(7)
        ]
        journal.merge(theirs)
    # A copy that was made between the merge and its taking back holds them as well.
    ledger = open_ledger(where, SETTINGS)
    back_up_before(ledger, where, NOW + timedelta(hours=1))
    ledger.journal.close()
    first = min(where.backups.glob("*.db")).name
    said = put_back(where, first, NOW + timedelta(hours=2))
    assert "7 events" in said
    (kept,) = where.data.glob("journal-replaced-*.db")
    assert f"studytui doctor --restore {kept}" in said
    mend(where, SETTINGS, NOW + timedelta(hours=3))
    assert grades(where) == CARDS
    assert examine(where, SETTINGS, NOW + timedelta(hours=3)).notes == ()
    # Not even where the journal is lost and all is made anew from copies.
    where.journal.unlink()
    mend(where, SETTINGS, NOW + timedelta(hours=3))
    assert grades(where) == CARDS
    # Taken once more, they are the reader's like all others.
    with Journal.open(where.journal) as journal:
        journal.merge(theirs)
    ledger = open_ledger(where, SETTINGS)
    back_up_before(ledger, where, NOW + timedelta(hours=4))
    ledger.journal.close()
    where.journal.write_bytes(b"")
    mend(where, SETTINGS, NOW + timedelta(hours=5))
    assert grades(where) == CARDS + 7
    put_back(where, first, NOW + timedelta(hours=6))
    put_back(where, str(kept), NOW + timedelta(hours=7))
    mend(where, SETTINGS, NOW + timedelta(hours=8))
    assert grades(where) == CARDS + 7


def test_a_backup_that_is_not_there_is_told_with_those_that_are(where: Directories) -> None:
    with pytest.raises(StoreError, match=r"Backups: journal-20260302T180000Z\.db"):
        put_back(where, "yesterday", NOW)


def test_a_damaged_backup_is_refused_and_the_journal_stays(where: Directories) -> None:
    (copy,) = where.backups.glob("*.db")
    corrupt(copy, 2, 6)
    with pytest.raises(StoreError, match="not sound"):
        put_back(where, "latest", NOW)
    assert grades(where) == CARDS
