"""Files of others: nothing hangs, nothing fills the memory, and what is wrong is told."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from studytui.store.codec import LONGEST_LINE, to_line
from studytui.store.errors import StoreError
from studytui.store.events import Event, Moment, Review, new_id
from studytui.store.outside import MOST_PROBLEMS, plain_file, read_events

NOON = Moment(instant_ms=1_767_268_800_000, offset_minutes=60, day=739_617)
LATEST = NOON.instant_ms + 1
MIB = 2**20


def line() -> str:
    return to_line(Event(new_id(), new_id(), NOON, NOON.instant_ms, Review("a", 3)))


def test_a_pipe_and_an_endless_device_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "zero.jsonl").symlink_to("/dev/zero")
    for name in ("pipe.jsonl", "zero.jsonl", "."):
        with pytest.raises(StoreError, match="not a plain file"):
            read_events(tmp_path / name, LATEST, MIB)


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    with path.open("wb") as file:
        file.truncate(MIB + 1)
    with pytest.raises(StoreError, match="more than the 1 MiB"), plain_file(path, MIB):
        pass


def test_a_file_of_rubbish_is_read_no_further_than_it_takes_to_see_it(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("x\n" * 100_000 + line())
    found = read_events(path, LATEST, MIB)
    assert found.events == ()
    assert len(found.problems) == MOST_PROBLEMS + 1
    assert "not read further" in found.problems[-1].what


def test_a_line_that_is_too_long_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(f"{'y' * (LONGEST_LINE + 5)}\n\n{line()}\n")
    found = read_events(path, LATEST, 8 * MIB)
    assert [problem.line for problem in found.problems] == [1]
    assert len(found.events) == 1


def test_an_endless_line_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with path.open("wb") as file:
        file.truncate(64 * MIB)
        file.seek(0, os.SEEK_END)
        file.write(f"\n{line()}\n".encode())
    tracemalloc.start()
    try:
        found = read_events(path, LATEST, 65 * MIB)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.events) == 1
    assert {problem.line for problem in found.problems} == {1}
    assert peak < 32 * MIB
