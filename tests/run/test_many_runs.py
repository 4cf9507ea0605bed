"""Runs one after another leave nothing: ``python -m benchmarks many_runs`` does two hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.many_runs import left_by


async def test_runs_one_after_another_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    left = await left_by(8, 4)
    assert (left.processes, left.files) == (0, ())
    assert left.descriptors <= 2, "the event loop may hold one or two more"
