"""Time and memory of each contender, measured side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from _flash.contenders import NAIVE, Attention, Shape, works
from _flash.memory import peak_bytes

# Who holds all scores, and how many bytes of them are worth the memory and the wait.
HOLD_ALL = (NAIVE, "SDPA math")
SCORE_BYTES = {"cuda": 16e9, "cpu": 1.6e9}


@dataclass(frozen=True)
class Result:
    """One method at one length. ``seconds`` of each round; ``extra`` is bytes beyond q, k, v, out.

    ``refused`` is why the method did not run, else empty.
    """

    method: str
    shape: Shape
    causal: bool
    seconds: tuple[float, ...] = ()
    extra: int = 0
    refused: str = ""

    @property
    def median(self) -> float:
        """Seconds of a middling round."""
        return statistics.median(self.seconds)

    @property
    def flops(self) -> float:
        """Useful floating-point operations a second, forward."""
        return self.shape.flops(self.causal) / self.median


def race(
    methods: Mapping[str, Attention],
    shape: Shape,
    device: torch.device,
    dtype: torch.dtype,
    causal: bool,
    rounds: int,
) -> list[Result]:
    """Every method ``rounds`` times, in turns, so that all meet the same machine."""
    q, k, v = shape.inputs(device, dtype)
    score_bytes = shape.batch * shape.heads * shape.n**2 * dtype.itemsize
    refused = {}
    for name, method in methods.items():
        if name in HOLD_ALL and score_bytes > SCORE_BYTES[device.type]:
            refused[name] = "too large to be worth it"
        else:
            refused[name] = works(method, q, k, v, causal)
    running = {name: method for name, method in methods.items() if not refused[name]}
    seconds: dict[str, list[float]] = {name: [] for name in running}
    order = list(running.items())
    for turn in range(rounds):
        first = turn % max(1, len(order))  # whoever comes first may have it easier
        for name, method in order[first:] + order[:first]:
            call = _call(method, q, k, v, causal)
            seconds[name].append(seconds_of(call, device))
    out = q.numel() * q.element_size()
    return [
        Result(
            name,
            shape,
            causal,
            tuple(seconds[name]),
            max(0, peak_bytes(_call(methods[name], q, k, v, causal), device) - out),
        )
        if name in running
        else Result(name, shape, causal, refused=refused[name])
        for name in methods
    ]


def _call(method: Attention, *arguments: object) -> Callable[[], object]:
    return lambda: method(*arguments)  # type: ignore[arg-type]


def speedup(baseline: Result, other: Result) -> float:
    """How many times faster ``other`` is: median over rounds, each against its neighbour."""
    pairs = zip(baseline.seconds, other.seconds, strict=True)
    return statistics.median(theirs / ours for theirs, ours in pairs)


def seconds_of(call: Callable[[], object], device: torch.device) -> float:
    """Wall time on a CPU; on a GPU the time of its own clock, over enough calls to be sure."""
    if device.type != "cuda":
        start = time.perf_counter()
        call()
        return time.perf_counter() - start
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    repeats = 10
    begin.record()
    for _ in range(repeats):
        call()
    end.record()
    torch.cuda.synchronize()
    return float(begin.elapsed_time(end)) / 1e3 / repeats


@dataclass(frozen=True)
class Machine:
    """What the hardware reaches: operations and bytes a second, measured here."""

    name: str
    flops: float
    bandwidth: float


def measure_machine(device: torch.device, dtype: torch.dtype) -> Machine:
    """A large matrix product, and a copy that fits no cache; the best of a few."""
    size, length = (8192, 1 << 30) if device.type == "cuda" else (1536, 1 << 27)
    left = torch.randn(size, size, device=device).to(dtype)
    right = torch.randn(size, size, device=device).to(dtype)
    source = torch.ones(length, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    matmul = min(seconds_of(lambda: left @ right, device) for _ in range(4))
    copy = min(seconds_of(lambda: target.copy_(source), device) for _ in range(4))
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "this CPU"
    return Machine(name, 2 * size**3 / matmul, 2 * length / copy)
