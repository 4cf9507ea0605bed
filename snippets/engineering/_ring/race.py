"""Timing collectives, and what the numbers mean.

nccl-tests' *bus bandwidth* is 2(N-1)/N * S / t: what each rank must send, whatever the method, per
second. It can be compared with the speed of the hardware, whatever N is.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from _ring.ranks import Group

SMALLEST = 4096


@dataclass(frozen=True)
class Timing:
    """Seconds of each round of one method at one size (bytes); a round's slowest rank counts."""

    method: str
    size: int
    ranks: int
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Seconds of a middling round."""
        return statistics.median(self.seconds)

    @property
    def bus(self) -> float:
        """Bus bandwidth in bytes a second."""
        return bus_bandwidth(self.size, self.ranks, self.median)


def bus_bandwidth(size: int, ranks: int, seconds: float) -> float:
    """2(N-1)/N * S / t, in bytes a second."""
    return 2 * (ranks - 1) / ranks * size / seconds


def speedup(baseline: Timing, other: Timing) -> float:
    """How many times faster ``other`` is: the median over rounds, each against its neighbour.

    Rounds are interleaved, so whatever else the machine does disturbs both sides alike.
    """
    pairs = zip(baseline.seconds, other.seconds, strict=True)
    return statistics.median(theirs / ours for theirs, ours in pairs)


def race(
    group: Group,
    methods: Mapping[str, Callable[[Tensor], object]],
    largest: int,
    rounds: int,
    smallest: int = SMALLEST,
) -> list[Timing]:
    """Time every method on float32 buffers of ``smallest`` to ``largest`` bytes, times 8.

    Rounds begin with another method each: whoever comes first in a round is up to 15 % faster.
    """
    sizes = [largest]
    while sizes[-1] // 8 >= smallest:
        sizes.append(sizes[-1] // 8)
    timings = []
    for size in reversed(sizes):
        buffer = torch.empty(max(1, size // 4), device=group.device)
        repeats = max(1, min(20, (1 << 20) // size))
        taken: dict[str, list[float]] = {name: [] for name in methods}
        for turn in range(rounds + 1):
            for name, method in _rotated(methods, turn):
                buffer.fill_(1.0)
                dist.barrier()
                start = _now(group)
                for _ in range(repeats):
                    method(buffer)
                seconds = (_now(group) - start) / repeats
                if turn:  # the first one is for warming up
                    taken[name].append(seconds)
        for name, mine in taken.items():
            timings.append(Timing(name, size, group.ranks, _slowest(group, mine)))
    return timings


def _rotated(methods: Mapping[str, Any], turn: int) -> list[tuple[str, Any]]:
    first = turn % len(methods)
    order = list(methods.items())
    return order[first:] + order[:first]


def _now(group: Group) -> float:
    if group.device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def _slowest(group: Group, mine: list[float]) -> tuple[float, ...]:
    times = torch.tensor(mine, dtype=torch.float64, device=group.device)
    dist.all_reduce(times, op=dist.ReduceOp.MAX)
    return tuple(times.tolist())


def in_place_time(group: Group, size: int, rounds: int = 5) -> float:
    """Seconds for all ranks to add 1 to ``size`` bytes in place, all at once.

    An all-reduce must read every number and write every sum, and so does this: a yardstick.
    """
    buffer = torch.ones(max(1, size // 4), device=group.device)
    taken = []
    for _ in range(rounds):
        dist.barrier()
        start = _now(group)
        buffer.add_(1.0)
        taken.append(_now(group) - start)
    return statistics.median(_slowest(group, taken))


def fit_model(timings: list[Timing], method: str) -> tuple[float, float]:
    """Latency a (seconds) and slowness 1/B (seconds a byte) of t = 2(N-1) (a + S/(N B)).

    Least squares of the relative error over all sizes; neither can be negative.
    """
    of_method = [timing for timing in timings if timing.method == method]
    ranks = of_method[0].ranks
    hops = 2 * (ranks - 1)
    measured = torch.tensor([t.median for t in of_method], dtype=torch.float64)
    sizes = torch.tensor([t.size for t in of_method], dtype=torch.float64)
    columns = torch.stack([torch.ones_like(sizes), sizes / ranks], dim=1) * hops / measured[:, None]
    ones = torch.ones(len(of_method), 1, dtype=torch.float64)
    latency, slowness = torch.linalg.lstsq(columns, ones).solution.flatten().tolist()
    if latency < 0 or slowness < 0 or len(of_method) == 1:
        # One term alone explains the times best.
        latency, slowness = (
            (0.0, _alone(columns[:, 1])) if latency < 0 else (_alone(columns[:, 0]), 0.0)
        )
    return latency, slowness


def _alone(column: Tensor) -> float:
    return float(column.sum() / column.square().sum())


def model_time(size: int, ranks: int, latency: float, slowness: float) -> float:
    """Seconds of 2(N-1) hops of S/N bytes."""
    return 2 * (ranks - 1) * (latency + size / ranks * slowness)
