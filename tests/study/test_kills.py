"""Whatever is killed at whatever moment loses no grade that its reader could know to be saved.

``python -m benchmarks kills --times 2000`` does the same more often.
"""

from __future__ import annotations

import sys

import pytest

from benchmarks.kills import MODES, kill

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals and fork")

KILLS = 8


@pytest.mark.parametrize("mode", MODES)
def test_kills_lose_nothing(mode: str) -> None:
    done = kill(mode, KILLS, seed=7)
    assert done["lost"] == 0
    assert done["wrong"] == []
    # A grade may be on the disk before it is seen: at most one for each kill.
    assert done["unseen"] <= KILLS
    assert done["acknowledged"] >= KILLS, "the kills came too early to say anything"
