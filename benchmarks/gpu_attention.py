"""FlashAttention on a GPU beside torch's best: ``python -m benchmarks.gpu_attention [--write]``.

One run: correctness against float64, then forward and backward in bf16 for d = 128 and 64, causal
and not, n from 1k to 16k, 16k tokens in all, each contender in turn by the GPU's own clock (median
of rounds, random inputs, everything warm). ``--write`` records the table with its command and the
machine under ``benchmarks/results/``. Without a CUDA GPU it says so and gives no figures.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, at_least, at_most, report

ROOT = Path(__file__).parents[1]
TOKENS = 16_384
LENGTHS = (1024, 2048, 4096, 8192, 16_384)
ROUNDS = 9
FLOORS = {
    ("forward", 128, False): (460, 580),
    ("forward", 128, True): (370, 550),
    ("forward", 64, False): (400, 450),
    ("backward", 128, False): (450, 540),
}
"""TFLOP/s on an H200 by pass, d and causal: the least that is asked for, and what is good."""


def measure() -> list[Figure]:
    """Figures for the issue's lengths, 8k and 16k; none without a GPU."""
    if not _gpu():
        print("no CUDA GPU here: attention on a GPU is not measured", flush=True)
        return []
    figures = [at_most("relative error beside float64, bf16", _error(), "", 2e-2)]
    for row in _table():
        if row["n"] < 8192:
            continue
        name = f"{row['pass']}, d = {row['d']}{', causal' if row['causal'] else ''}, n = {row['n']}"
        best, theirs = row["best"]
        ours = row["times"]["ours"]
        target = 1.0 if row["pass"] == "forward" else 0.9
        how = f"{row['flops'] / ours / 1e12:.0f} TFLOP/s beside {best}: "
        how += f"{row['flops'] / theirs / 1e12:.0f}"
        figures.append(at_least(name, theirs / ours, "x", target, how))
        floor, good = FLOORS.get((row["pass"], row["d"], row["causal"]), (0, 0))
        if floor and "H200" in _name():
            speed = row["flops"] / ours / 1e12
            figures.append(at_least(f"  {name}", speed, "TFLOP/s", floor, f"good: {good}"))
    return figures


def _gpu() -> bool:
    import torch

    folder = str(ROOT / "snippets" / "attention")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return torch.cuda.is_available()


def _name() -> str:
    import torch

    return torch.cuda.get_device_name()


def _error() -> float:
    """The largest relative error of output and gradients over awkward problems."""
    import torch
    from _flash.contenders import naive_attention
    from _flash.dispatch import flash_attention

    worst = 0.0
    for d in (64, 128):
        for causal in (False, True):
            for heads, kv_heads, n in ((4, 4, 1024), (8, 2, 777), (2, 1, 1)):
                sizes = ((2, heads, n, d), (2, kv_heads, n, d), (2, kv_heads, n, d))
                q, k, v = (
                    torch.randn(size, device="cuda", dtype=torch.bfloat16).requires_grad_()
                    for size in sizes
                )
                out = flash_attention(q, k, v, causal)
                grad = torch.randn_like(out)
                got = (out, *torch.autograd.grad(out, (q, k, v), grad))
                exact = [x.detach().double().requires_grad_() for x in (q, k, v)]
                reference = naive_attention(*exact, causal)
                wanted = (reference, *torch.autograd.grad(reference, exact, grad.double()))
                for a, b in zip(got, wanted, strict=True):
                    # Of a single query the exact gradients of q and k are zero.
                    worst = max(worst, ((a.double() - b).norm() / (b.norm() + 1e-2)).item())
    return worst


def _table() -> list[dict[str, Any]]:
    rows = []
    for d in (128, 64):
        for causal in (False, True):
            for n in LENGTHS:
                rows += _race(d, causal, n)
    return rows


def _race(d: int, causal: bool, n: int) -> list[dict[str, Any]]:
    """Seconds of every contender that takes the problem, forward and backward."""
    import torch
    from _flash.contenders import NAIVE, TILED, Shape, contenders, works

    device = torch.device("cuda")
    shape = Shape(TOKENS // n, 2048 // d, 2048 // d, n, d)
    q, k, v = (x.requires_grad_() for x in shape.inputs(device, torch.bfloat16))
    methods = {
        name: method
        for name, method in contenders(device).items()
        if name not in (NAIVE, TILED, "SDPA math") and not works(method, q, k, v, causal)
    }
    grad = torch.randn_like(q)
    outputs = {name: method(q, k, v, causal) for name, method in methods.items()}
    passes: dict[str, dict[str, Callable[[], object]]] = {
        "forward": {
            name: lambda method=method: _without_gradient(method, q, k, v, causal)
            for name, method in methods.items()
        },
        "backward": {
            name: lambda out=out: torch.autograd.grad(out, (q, k, v), grad, retain_graph=True)
            for name, out in outputs.items()
        },
    }
    rows = []
    for which, calls in passes.items():
        times = _in_turns(calls)
        peers = {name: t for name, t in times.items() if name.startswith("SDPA")}
        best = min(peers, key=peers.__getitem__)
        flops = shape.flops(causal, backward=which == "backward")
        rows.append(
            {
                "pass": which,
                "d": d,
                "causal": causal,
                "n": n,
                "flops": flops,
                "times": times,
                "best": (best, peers[best]),
            }
        )
    return rows


def _without_gradient(method: Callable[..., object], *arguments: object) -> object:
    import torch

    with torch.no_grad():
        return method(*arguments)


def _in_turns(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds of each call; the first round, which compiles and tunes, is left out."""
    import torch
    from _flash.race import seconds_of

    seconds: dict[str, list[float]] = {name: [] for name in calls}
    order = list(calls.items())
    for turn in range(ROUNDS + 1):
        first = turn % len(order)
        for name, call in order[first:] + order[:first]:
            taken = seconds_of(call, torch.device("cuda"))
            if turn:
                seconds[name].append(taken)
    return {name: statistics.median(each) for name, each in seconds.items()}


def _record(error: float, rows: list[dict[str, Any]]) -> Path:
    """Write the whole table, TFLOP/s, with what it was measured on."""
    import torch
    import triton

    machine = torch.cuda.get_device_name()
    names = list(dict.fromkeys(name for row in rows for name in row["times"]))
    lines = [
        f"# Attention on {machine}",
        "",
        f"`python -m benchmarks.gpu_attention --write`, {datetime.now(UTC):%Y-%m-%d}, torch "
        f"{torch.__version__}, Triton {triton.__version__}. bf16, {TOKENS:,} tokens, 2,048 / d "
        f"heads; TFLOP/s, median of {ROUNDS} rounds in turns. Relative error beside float64: "
        f"{error:.1e}.",
        "",
        "| pass | d | causal | n | " + " | ".join(names) + " |",
        "|---" * (4 + len(names)) + "|",
    ]
    for row in rows:
        speeds = (
            f"{row['flops'] / row['times'][name] / 1e12:.0f}" if name in row["times"] else "-"
            for name in names
        )
        cells = [row["pass"], str(row["d"]), "yes" if row["causal"] else "no", f"{row['n']:,}"]
        lines.append("| " + " | ".join([*cells, *speeds]) + " |")
    path = ROOT / "benchmarks" / "results" / "gpu_attention.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    if "--write" in sys.argv and _gpu():
        print(f"written: {_record(_error(), _table())}")
    else:
        report(measure(), as_json="--json" in sys.argv)
