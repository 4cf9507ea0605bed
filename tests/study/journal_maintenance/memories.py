"""A memory of 300 grades: when they were given, how many are there, and a disk that fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store.journal import Journal

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SETTINGS = Settings()
CARDS = 300
TODAY_MS = 1_772_474_400_000
"""``NOW``; day 739_677."""


def grades(where: Directories) -> int:
    with Journal.open(where.journal) as journal:
        return journal.count()


def corrupt(path: Path, first: int, last: int) -> None:
    """Overwrite some pages, as a failing disk does."""
    content = bytearray(path.read_bytes())
    for page in range(first, last):
        content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(content)
