"""The ring: its arithmetic in one process, and real processes that sum to the bit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studytui.run.signature import read_snippet
from tests.examples import examples
from tests.snippets import ring_work
from tests.snippets.parts import part
from tests.snippets.scripts import SNIPPETS, run, without_solution

NAME = "engineering/ring_allreduce"
SIZES = (0, 1, 2, 5, 1000, 4099)
# A server that has imported torch and computed nothing: its children start in milliseconds.
METHOD = "forkserver" if sys.platform == "linux" else "spawn"


def start(work: Any, ranks: int, arguments: tuple[Any, ...] = (), seconds: float = 20.0) -> Any:
    launcher = part("engineering", "_ring.ranks")
    if METHOD == "forkserver":
        torch.multiprocessing.set_forkserver_preload(["torch", "torch.distributed"])
    return launcher.start_ranks(work, ranks, arguments, "cpu", seconds, METHOD)


@given(st.integers(0, 10_000), st.integers(0, 500), st.integers(1, 40))
@examples(100)
def test_chunks_cover_everything_and_are_even(first: int, length: int, ranks: int) -> None:
    cut = part("engineering", "_ring.plan").chunks(first, first + length, ranks)
    assert [x for each in cut for x in range(each.start, each.stop)] == list(
        range(first, first + length)
    )
    sizes = {each.stop - each.start for each in cut}
    assert len(cut) == ranks
    assert max(sizes) - min(sizes) <= 1


@given(st.integers(0, 300), st.integers(1, 8), st.integers(1, 400))
@examples(50)
def test_the_expected_sum_adds_every_part_once(size: int, ranks: int, block: int) -> None:
    parts = [torch.arange(size) * 10**rank for rank in range(ranks)]
    total = part("engineering", "_ring.plan").expected_sum(parts, block)
    assert torch.equal(total, torch.arange(size) * (10**ranks - 1) // 9)


def test_the_order_of_a_sum_is_the_order_of_the_ring() -> None:
    # In float32 1 disappears beside 2**25, unless the large numbers cancel first.
    parts = [torch.tensor([x, x]) for x in (1.0, 2.0**25, -(2.0**25))]
    total = part("engineering", "_ring.plan").expected_sum(parts, block=2)
    # Two elements on three ranks: chunk 0 starts on rank 0, chunk 1 on rank 1.
    assert total.tolist() == [0.0, 1.0]


@pytest.mark.parametrize("ranks", [1, 2, 3, 5])
def test_sums_are_exact_to_the_bit(ranks: int) -> None:
    # Segments of 256 bytes: many blocks, several segments a chunk, at little cost.
    assert start(ring_work.sums, ranks, (SIZES, 256)) == []


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="nothing to take away")
def test_sums_are_exact_without_files_in_memory() -> None:
    assert start(ring_work.sums_as_on_macos, 3, (SIZES, 256)) == []


def test_the_textbook_ring_sums_any_size() -> None:
    assert start(ring_work.textbook, 3, (SIZES,))


def test_the_model_is_found_again_from_its_own_times() -> None:
    race = part("engineering", "_ring.race")
    sizes = [4096 * 8**power for power in range(5)]
    times = [race.model_time(size, 4, 3e-5, 1 / 2e9) for size in sizes]
    timings = [race.Timing("x", size, 4, (t,)) for size, t in zip(sizes, times, strict=True)]
    latency, slowness = race.fit_model(timings, "x")
    assert latency == pytest.approx(3e-5)
    assert 1 / slowness == pytest.approx(2e9)


def test_bus_bandwidth_is_that_of_nccl_tests() -> None:
    race = part("engineering", "_ring.race")
    # 1 GB on 8 ranks in 10 ms: algorithm bandwidth 100 GB/s, times 2 * 7 / 8.
    assert race.bus_bandwidth(10**9, 8, 0.01) == pytest.approx(175e9)


def test_the_chunks_are_drawn_on_their_way() -> None:
    answer = run(NAME, "--ranks", "3", "--show", "steps")
    assert answer.returncode == 0, answer.stderr
    lines = answer.stdout.splitlines()
    assert "  rank 1  →ab   b    b   " in lines  # hop 1: a came from rank 0
    assert "hop 4, all-gather" in lines
    last = lines[lines.index("hop 4, all-gather") + 1 :][:3]
    assert all(line.count("abc") == 3 for line in last)
    assert "4 hops; each rank sent 4 of 3 chunks, 1.33333 times its buffer" in answer.stdout


def test_the_race_prints_bandwidth_model_and_bound() -> None:
    answer = run(NAME, "--ranks", "2", "--megabytes", "0.25", "--show", "race", "--rounds", "2")
    assert answer.returncode == 0, answer.stderr
    for words in (
        "ring, messages",
        "ring, shared memory",
        "bus GB/s",
        "memory: adding 1",
        "model t =",
        "miss",
    ):
        assert words in answer.stdout


def test_a_rank_that_is_not_there_cannot_be_killed() -> None:
    answer = run(NAME, "--ranks", "2", "--kill", "7")
    assert answer.returncode == 1
    assert "--kill 7: there are 2 ranks, 0 to 1" in answer.stderr


def test_the_exercise_without_its_solution_fails_and_with_it_passes() -> None:
    part("engineering", "ring_allreduce").check()
    with pytest.raises(NotImplementedError):
        without_solution(NAME)["check"]()


def test_it_declares_itself_to_the_runner() -> None:
    snippet = read_snippet(SNIPPETS / f"{NAME}.py")
    assert snippet.ranks == 4
    assert {"ranks", "megabytes", "transport"} <= {each.name for each in snippet.parameters}


@pytest.mark.slow
def test_it_is_a_rank_under_torchrun() -> None:
    command = [str(Path(sys.executable).with_name("torchrun")), "--nproc-per-node", "2"]
    command += ["--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0"]
    command += [str(SNIPPETS / f"{NAME}.py"), "--show", "steps"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.count("every bit as it must be") == 1  # one rank speaks for all


def test_the_quicker_way_to_fill_a_slot_is_found_and_found_again() -> None:
    quicker = part("engineering", "_ring.mailbox").Quicker()

    def chosen(cost: dict[str, float], turns: int) -> list[str]:
        ways = []
        for _ in range(turns):
            ways.append(quicker.way())
            quicker.took(ways[-1], cost[ways[-1]])
        return ways

    near, far = {"last": 1.0, "longest": 3.0}, {"last": 9.0, "longest": 3.0}
    assert set(chosen(near, 100)) == {"last", "longest"}  # unknown at first: both are tried
    for cost, best in ((near, "last"), (far, "longest"), (near, "last")):
        chosen(cost, 600)  # the cores have moved
        ways = chosen(cost, 600)
        assert 2 <= len(ways) - ways.count(best) <= 6  # tried again, seldom


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be chosen here")
@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_ranks_share_out_the_cores(ranks: int) -> None:
    every = sorted(os.sched_getaffinity(0))
    of_ranks = start(ring_work.cores, ranks)
    assert all(of_ranks)
    if ranks <= len(every):
        assert sorted(core for cores in of_ranks for core in cores) == every
    else:
        assert [len(cores) for cores in of_ranks] == [1] * ranks
        assert {core for cores in of_ranks for core in cores} == set(every)
        assert of_ranks == sorted(of_ranks)  # neighbours side by side
