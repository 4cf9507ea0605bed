"""A peer that dies, hangs or fails: a clear error in time, and nothing left behind."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.patience import wait_until
from tests.snippets import ring_work
from tests.snippets.parts import part
from tests.snippets.scripts import run
from tests.snippets.test_ring_allreduce import NAME, start


def leftovers() -> set[str]:
    memory = Path("/dev/shm")
    found = {str(path) for path in Path(tempfile.gettempdir()).glob("ring-*")}
    return found | ({str(path) for path in memory.iterdir()} if memory.is_dir() else set())


@pytest.mark.parametrize("transport", ["messages", "shared"])
def test_a_killed_rank_is_named_at_once(transport: str) -> None:
    lost = part("engineering", "_ring.ranks").RankDiedError
    with pytest.raises(lost) as caught:  # whoever waited for the time limit would not come back
        start(ring_work.endless, 3, (transport, 3600.0, 1, "kill"), seconds=3600.0)
    assert "rank 1 was killed by SIGKILL" in str(caught.value)
    # Whoever of its neighbours is late may see the other one leave first.
    assert re.search(r"rank [02]: my neighbour, rank 1, is gone", str(caught.value))


@pytest.mark.parametrize("transport", ["messages", "shared"])
def test_a_silent_rank_ends_in_an_error_at_the_time_limit(transport: str) -> None:
    lost = part("engineering", "_ring.ranks").RankDiedError
    with pytest.raises(lost, match="past the time limit"):
        start(ring_work.endless, 3, (transport, 2.0, 1, "stop"), seconds=2.0)


@pytest.mark.parametrize("transport", ["messages", "shared"])
def test_a_wrong_buffer_is_no_lost_neighbour(transport: str) -> None:
    lost = part("engineering", "_ring.ranks").RankDiedError
    with pytest.raises(lost, match="ValueError: a buffer with gaps") as caught:
        start(ring_work.with_gaps, 2, (transport,))
    assert "neighbour" not in str(caught.value)


def test_what_gloo_says_of_other_things_is_passed_on() -> None:
    messages = part("engineering", "_ring.messages")
    lost = part("engineering", "_ring.peers").PeerLostError
    other = RuntimeError("Invalid scalar type")
    assert messages.told(0, 1, other) is other
    for words in ("Connection closed by peer [127.0.0.1]:3", "Timed out waiting 20000ms"):
        assert isinstance(messages.told(0, 1, RuntimeError(words)), lost)


def test_a_rank_that_fails_tells_why() -> None:
    lost = part("engineering", "_ring.ranks").RankDiedError
    with pytest.raises(lost, match="rank 2: ValueError: a mistake in the work itself"):
        start(ring_work.endless, 3, ("shared", 20.0, 2, "raise"))


def test_a_rank_that_leaves_is_noticed() -> None:
    lost = part("engineering", "_ring.ranks").RankDiedError
    with pytest.raises(lost, match="rank 1 was ended by itself with exit code 7"):
        start(ring_work.leave_early, 2, (7,))


def test_nothing_is_left_after_a_death(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A folder for temporary files of its own: other tests run beside this one.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = leftovers()
    lost = part("engineering", "_ring.ranks").RankDiedError
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    with pytest.raises(lost):
        start(ring_work.endless, 3, ("shared", 20.0, 0, "kill"))
    # /dev/shm is everybody's: others' segments come and go.
    wait_until(lambda: leftovers() <= before, lambda: leftovers() - before)
    now = {child.pid for child in psutil.Process().children(recursive=True)}
    assert len(now - children) <= 2  # at most the fork server and its tracker, just started


def test_ranks_are_processes_of_their_own() -> None:
    ids = start(ring_work.process_ids, 3)
    assert len({*ids, os.getpid()}) == 4
    assert not any(psutil.pid_exists(pid) for pid in ids)


def test_the_reader_can_watch_a_rank_die() -> None:
    answer = run(NAME, "--ranks", "3", "--kill", "1", "--transport", "shared")
    assert answer.returncode == 1
    assert "rank 1 was killed by SIGKILL" in answer.stderr
    assert re.search(r"rank [02]: my neighbour, rank 1, is gone", answer.stderr)
