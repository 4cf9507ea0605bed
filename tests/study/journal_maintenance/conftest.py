"""A memory to be looked after."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.study.journal_maintenance import (
    back_up_if_due,
    open_ledger,
)
from tests.study.journal_maintenance.memories import CARDS, NOW, SETTINGS


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
                ledger.grade(f"card/{number}", Rating.GOOD, now, retention=0.9, factor=0.5)
        if number < 200:
            assert back_up_if_due(ledger, where, NOW)
            assert not back_up_if_due(ledger, where, NOW)
    ledger.journal.close()
    return where
