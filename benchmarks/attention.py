"""Tiled attention on a CPU beside the naive formula: time in turns, memory in fresh processes.

n = 4096, 8 heads of 64, float32. The memory of a method is how far its process grows beyond what it
held when q, k and v were there (the operating system's high-water mark, without the output).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import Figure, at_least, at_most, report

ROOT = Path(__file__).parents[1]
SHAPE = (1, 8, 4096, 64)
ROUNDS = 7


def measure() -> list[Figure]:
    times = _child("times")
    resident = {name: _child("memory", name)["bytes"] for name in ("naive", "tiled")}
    counted = _child("counted")
    how = f"median of {ROUNDS} pairs, one run"
    return [
        at_least("tiled attention beside naive, n = 4096", times["forward"], "x", 1.8, how),
        at_least("  causal", times["causal"], "x", 1.8, "median of 3 pairs"),
        at_least("  forward and backward", times["both"], "x", 2.0, "median of 3 pairs"),
        at_most(
            "tiled attention / scaled_dot_product_attention, n = 4096",
            times["fused"],
            "x",
            1.15,
            how,
        ),
        at_most(
            "  in processor time of one thread",
            times["alone"],
            "x",
            1.15,
            f"median of {ROUNDS} pairs; other programs disturb it by the caches alone",
        ),
        at_least(
            "extra memory, naive / tiled (resident)",
            resident["naive"] / max(1, resident["tiled"]),
            "x",
            20,
            f"{resident['naive'] / 2**20:.0f} MB / {resident['tiled'] / 2**20:.1f} MB",
        ),
        at_least(
            "extra memory, naive / tiled (tensors counted)",
            counted["naive"] / counted["tiled"],
            "x",
            20,
            f"{counted['naive'] / 2**20:.0f} MB / {counted['tiled'] / 2**20:.1f} MB",
        ),
    ]


def _child(*words: str) -> dict[str, float]:
    """A fresh process, its threads set to sleep rather than spin, as the runner sets them."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.attention", *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"},
    )
    values: dict[str, float] = json.loads(answer.stdout)
    return values


def _answer(words: list[str]) -> dict[str, float]:
    sys.path.insert(0, str(ROOT / "snippets" / "attention"))
    import torch
    from _flash.contenders import naive_attention, tiled_attention
    from _flash.memory import peak_bytes

    generator = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(SHAPE, generator=generator) for _ in range(3))
    methods = {"naive": naive_attention, "tiled": tiled_attention}
    output = q.numel() * 4
    if words[0] == "memory":
        method = methods[words[1]]
        method(*(x[:, :, :64] for x in (q, k, v)))  # threads and libraries are there before
        return {"bytes": _growth(lambda: method(q, k, v)) - output}
    if words[0] == "counted":
        cpu = torch.device("cpu")
        return {
            name: peak_bytes(lambda method=method: method(q, k, v), cpu) - output
            for name, method in methods.items()
        }
    learned = [x.clone().requires_grad_() for x in (q, k, v)]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    alone = _ratio(
        lambda: methods["tiled"](q, k, v),
        lambda: torch.nn.functional.scaled_dot_product_attention(q, k, v),
        clock=time.process_time,
    )
    torch.set_num_threads(threads)
    return {
        "alone": alone,
        "forward": _ratio(*(lambda m=m: m(q, k, v) for m in methods.values())),
        "causal": _ratio(*(lambda m=m: m(q, k, v, True) for m in methods.values()), rounds=3),
        "fused": _ratio(
            lambda: methods["tiled"](q, k, v),
            lambda: torch.nn.functional.scaled_dot_product_attention(q, k, v),
        ),
        "both": _ratio(
            *(
                lambda m=m: torch.autograd.grad(m(*learned).sum(), learned)
                for m in methods.values()
            ),
            rounds=3,
        ),
    }


def _ratio(
    slow: Callable[[], object],
    fast: Callable[[], object],
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """How many times faster: the median over neighbouring pairs, the first pair left out."""
    ratios = []
    for turn in range(rounds + 1):
        seconds = {}
        for call in (slow, fast) if turn % 2 else (fast, slow):
            start = clock()
            call()
            seconds[call] = clock() - start
        ratios.append(seconds[slow] / seconds[fast])
    return statistics.median(ratios[1:])


def _growth(call: Callable[[], object]) -> int:
    """How far the process's memory rises above its present size while ``call`` runs."""
    import resource

    import psutil

    before = psutil.Process().memory_info().rss
    call()
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before


if __name__ == "__main__":
    if sys.argv[1:] and not sys.argv[1].startswith("-"):
        print(json.dumps(_answer(sys.argv[1:])))
    else:
        report(measure(), as_json="--json" in sys.argv)
