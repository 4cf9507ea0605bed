"""A journal that cannot be written is read as far as it goes, and refuses everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.store.errors import StoreError
from studytui.store.events import Moment, Review
from studytui.store.journal import Journal
from studytui.store.read_only import open_to_read

NOON = Moment(1_772_366_400_000, 60, 739_676)
REFUSAL = StoreError("the folder is gone", where="there", todo="Bring it back")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "journal.db"
    with Journal.open(path) as journal:
        journal.append(Review("a", 3), NOON)
    return path


def test_what_is_there_is_read_and_nothing_is_taken(path: Path) -> None:
    before = path.read_bytes()
    with open_to_read(path, REFUSAL) as journal:
        assert journal.count() == 1
        assert [event.body for event in journal.history("a")] == [Review("a", 3)]
        with pytest.raises(StoreError, match="not recorded: the folder is gone") as refused:
            journal.append(Review("a", 3), NOON)
        assert (refused.value.where, refused.value.todo) == ("there", "Bring it back")
        with pytest.raises(StoreError, match="not recorded"):
            journal.set_setting("states", "new")
        assert journal.count() == 1
    assert path.read_bytes() == before


def test_events_that_still_stand_in_the_log_are_read(path: Path) -> None:
    with Journal.open(path) as writing:
        writing.append(Review("b", 3), NOON)
        with open_to_read(path, REFUSAL) as journal:
            assert journal.count() == 2


@pytest.mark.parametrize("content", [None, b"rubbish " * 1000, b""])
def test_without_a_sound_file_it_is_empty(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "journal.db"
    if content is not None:
        path.write_bytes(content)
    with open_to_read(path, REFUSAL) as journal:
        assert journal.count() == 0
        assert journal.states.waiting(739_676) == []
        with pytest.raises(StoreError, match="not recorded"):
            journal.append(Review("a", 3), NOON)
    assert (path.read_bytes() if path.exists() else None) == content
