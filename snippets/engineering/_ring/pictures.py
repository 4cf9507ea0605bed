"""The chunks on their way, as coloured text; the race as a table and a plot."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from _ring.race import Timing, bus_bandwidth, fit_model, model_time, speedup

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEF"
MOST_DRAWN = 8
DONE = "bold green"


def draw(report: Any) -> None:
    """Everything that a report (of ``ring_allreduce.py``) holds."""
    console = Console(highlight=False)
    if report.hops and report.ranks <= MOST_DRAWN:
        draw_hops(console, report.hops)
    if report.hops:
        sent = len(report.hops) - 1
        console.print(
            f"{sent} hops; each rank sent {sent} of {report.ranks} chunks, "
            f"{sent / report.ranks:g} times its buffer; 2(N - 1)/N = "
            f"{2 * (report.ranks - 1) / report.ranks:g}"
        )
    console.print(
        f"{report.checked} sums over {report.ranks} ranks ({report.backend}): "
        "every bit as it must be\n"
    )
    if report.timings:
        print_race(console, report.timings, report.touching)
        if report.ranks > 1:
            plot_race(report.timings, report.touching)


def letters(value: int) -> str:
    """The ranks in a sum of powers of two: 5 is ``ac``, ranks 0 and 2."""
    return "".join(letter for rank, letter in enumerate(LETTERS) if value >> rank & 1)


def draw_hops(console: Console, hops: list[list[list[int]]]) -> None:
    """One small table a hop: a row a rank, a column a chunk, in each cell whose parts are in it."""
    ranks = len(hops[0])
    everyone = 2**ranks - 1
    last = f", rank {ranks - 1} {letters(2 ** (ranks - 1))}" if ranks > 1 else ""
    console.print(f"Each rank adds a letter: rank 0 is a{last}")
    for hop, buffers in enumerate(hops):
        phase = "reduce-scatter" if hop < ranks else "all-gather"
        console.print(f"\nhop {hop}, {phase}" if hop else "at the start")
        for rank, buffer in enumerate(buffers):
            line = Text(f"  rank {rank}  ")
            for chunk, value in enumerate(buffer):
                arrived = hop > 0 and chunk == (rank - hop) % ranks
                style = DONE if value == everyone else "yellow" if value & (value - 1) else "dim"
                mark = "→" if arrived else " "
                line.append(mark, "bold magenta").append(f"{letters(value):<{ranks}} ", style)
            console.print(line)
    console.print()


def print_race(console: Console, timings: list[Timing], touching: float) -> None:
    """Times, bus bandwidth and speed-up; then the model against the largest size."""
    table = Table(title="all-reduce of float32, median of the rounds")
    for heading in ("bytes", "method", "ms", "bus GB/s", "x dist.all_reduce"):
        table.add_column(heading, justify="left" if heading == "method" else "right")
    baselines = {t.size: t for t in timings if t.method == "dist.all_reduce"}
    for timing in timings:
        table.add_row(
            f"{timing.size:,}" if timing.method == "dist.all_reduce" else "",
            timing.method,
            f"{1e3 * timing.median:.3f}",
            f"{timing.bus / 1e9:.2f}",
            f"{speedup(baselines[timing.size], timing):.2f}",
            end_section=timing.method == timings[-1].method,
        )
    console.print(table)
    largest = timings[-1].size
    ranks = timings[-1].ranks
    if ranks == 1:
        return
    console.print(
        "model t = 2(N-1) (a + S/(N B)), fitted to all sizes: the largest, modelled for\n"
        "measured, and the largest miss of any size"
    )
    for timing in timings[-len({timing.method for timing in timings}) :]:
        latency, slowness = fit_model(timings, timing.method)
        modelled = model_time(largest, ranks, latency, slowness)
        bandwidth = f"{1e-9 / slowness:5.2f} GB/s" if slowness else "not seen"
        mine = [each for each in timings if each.method == timing.method]
        misses = [model_time(t.size, ranks, latency, slowness) / t.median - 1 for t in mine]
        console.print(
            f"  {timing.method:<20} a {1e6 * latency:5.0f} us, B {bandwidth}: "
            f"{1e3 * modelled:.1f} for {1e3 * timing.median:.1f} ms, "
            f"miss {max(abs(miss) for miss in misses):.0%}"
        )
    yardstick = bus_bandwidth(largest, ranks, touching) / 1e9
    console.print(
        f"memory: adding 1 in place takes {1e3 * touching:.2f} ms on all ranks at once; an\n"
        f"all-reduce at that speed would have {yardstick:.1f} GB/s of bus bandwidth"
    )


def plot_race(timings: list[Timing], touching: float) -> None:
    """Bus bandwidth over size: measured points, model lines, the speed of memory."""
    import matplotlib.pyplot as plt

    ranks = timings[0].ranks
    figure, axis = plt.subplots(figsize=(8, 4.5))
    for method in dict.fromkeys(timing.method for timing in timings):
        mine = [timing for timing in timings if timing.method == method]
        sizes = [timing.size for timing in mine]
        (line,) = axis.loglog(sizes, [t.bus / 1e9 for t in mine], "o", label=method)
        model = fit_model(timings, method)
        curve = [bus_bandwidth(s, ranks, model_time(s, ranks, *model)) / 1e9 for s in sizes]
        axis.loglog(sizes, curve, "--", color=line.get_color(), alpha=0.6)
    yardstick = bus_bandwidth(timings[-1].size, ranks, touching) / 1e9
    axis.axhline(yardstick, color="gray", label="adding in place on all ranks")
    axis.set(
        xlabel="bytes",
        ylabel="bus bandwidth, GB/s",
        title=f"Ring all-reduce, {ranks} ranks; dashed: 2(N-1) (a + S/(N B))",
    )
    axis.legend()
    figure.tight_layout()
    plt.show()
