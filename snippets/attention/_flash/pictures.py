"""The race as a table and as plots: time and memory over n, and the roofline."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from rich.console import Console
from rich.table import Table

from _flash.contenders import NAIVE
from _flash.race import Machine, Result, speedup


def print_race(results: list[Result]) -> None:
    """One table a length."""
    console = Console(highlight=False)
    for n in sorted({result.shape.n for result in results}):
        mine = [result for result in results if result.shape.n == n]
        naive = next((r for r in mine if r.method == NAIVE and r.seconds), None)
        first = mine[0].shape
        table = Table(
            title=f"n = {n:,}, {first.batch} x {first.heads} heads, d = {first.d}"
            + (", causal" if mine[0].causal else ""),
            title_justify="left",
        )
        table.add_column("method")
        for heading in ("ms", "TFLOP/s", "x naive", "extra MB"):
            table.add_column(heading, justify="right")
        for result in mine:
            if result.refused:
                table.add_row(result.method, "-", "-", "-", "-")
                continue
            table.add_row(
                result.method,
                f"{1e3 * result.median:.2f}",
                f"{result.flops / 1e12:.3g}",
                f"{speedup(naive, result):.2f}" if naive else "-",
                f"{result.extra / 2**20:.1f}",
            )
        console.print(table)
        for result in mine:
            if result.refused:
                console.print(f"{result.method}: {result.refused}", style="dim", markup=False)


def plot_race(results: list[Result], machine: Machine, element_bytes: int) -> None:
    """Three plots side by side."""
    figure, (time_axis, memory_axis, roof_axis) = plt.subplots(1, 3, figsize=(13, 4.2))
    for method in dict.fromkeys(r.method for r in results if r.seconds):
        mine = [r for r in results if r.method == method and r.seconds]
        lengths = [r.shape.n for r in mine]
        (line,) = time_axis.loglog(lengths, [1e3 * r.median for r in mine], "o-", label=method)
        colour = line.get_color()
        memory_axis.loglog(lengths, [max(r.extra, 1024) / 2**20 for r in mine], "o-", color=colour)
        intensity = [_intensity(r, element_bytes) for r in mine]
        roof_axis.loglog(intensity, [r.flops / 1e12 for r in mine], "o", color=colour)
    _roof(roof_axis, machine)
    lengths = sorted({result.shape.n for result in results})
    for axis in (time_axis, memory_axis):
        axis.set_xticks(lengths, [f"{n:,}" for n in lengths])
        axis.minorticks_off()
    time_axis.set(xlabel="n", ylabel="milliseconds", title="time")
    memory_axis.set(xlabel="n", ylabel="MB beyond q, k, v, out", title="extra memory")
    time_axis.legend(fontsize=7)
    figure.suptitle("Attention: the same result by different ways")
    figure.tight_layout()
    plt.show()


def _intensity(result: Result, element_bytes: int) -> float:
    """Floating-point operations for each byte that must go through main memory."""
    shape = result.shape
    vectors = 2 * (shape.heads + shape.kv_heads) * shape.batch * shape.n * shape.d
    # Naive: scores written and read by the softmax, weights written and read by the product.
    matrix = 4 * shape.batch * shape.heads * shape.n**2 if result.method == NAIVE else 0
    return shape.flops(result.causal) / (element_bytes * (vectors + matrix))


def _roof(axis: Any, machine: Machine) -> None:
    """The most that the machine can do at each intensity."""
    ridge = machine.flops / machine.bandwidth
    intensities = [1.0, ridge, max(2 * ridge, 1e4)]
    roof = [min(machine.flops, machine.bandwidth * each) / 1e12 for each in intensities]
    axis.loglog(intensities, roof, color="gray")
    axis.set(
        xlabel="operations a byte",
        ylabel="TFLOP/s",
        title=f"roofline, {machine.name}: {machine.flops / 1e12:.3g} TFLOP/s, "
        f"{machine.bandwidth / 1e9:.0f} GB/s",
    )
    axis.title.set_fontsize(9)
