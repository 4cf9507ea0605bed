"""What tests of several packages share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studytui.store.index import Index


@pytest.fixture
def indexes_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every index the test opened: from Python 3.13 on, SQLite warns of each left open."""
    opened: list[Index] = []
    really_open = Index.open

    def open_and_note(path: Path | None, version: int) -> Index:
        opened.append(really_open(path, version))
        return opened[-1]

    monkeypatch.setattr(Index, "open", open_and_note)
    yield
    for index in opened:
        index.close()
