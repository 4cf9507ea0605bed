"""Some random keys and pastes: `python -m benchmarks keys --minutes 10` sends many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.keys import SIZES, every_key, play

WRITES = 12


@pytest.mark.parametrize("size", SIZES)
async def test_random_keys_crash_nothing_and_write_nothing_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.chdir(tmp_path)
    tally = await play(tmp_path, seed=size[0], most=WRITES, sizes=(size,))
    assert tally.batches == WRITES
    assert not tally.unseen


def test_every_action_has_its_key_among_those_that_are_sent() -> None:
    assert {"ctrl+j", "slash", "X", "question_mark", "T"} <= set(every_key())
