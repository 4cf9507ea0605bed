"""What tests of several packages share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from studytui.store.index import Index

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a shell: all that tests start would not hear Ctrl+C either.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Before anybody imports torch: threads that spin while they wait take the processor from the other
# workers, as they would from a reader (studytui sets this for all that it starts).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


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
