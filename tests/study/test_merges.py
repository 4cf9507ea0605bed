"""Devices that are used as people do end in one memory, however their syncs are interrupted.

``python -m benchmarks merges`` does the same with more seeds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.merges import merged


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("seed", range(4))
def test_random_histories_of_several_devices_end_in_one_memory(seed: int, tmp_path: Path) -> None:
    assert merged(seed, tmp_path) == []
