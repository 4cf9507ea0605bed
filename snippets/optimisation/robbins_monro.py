"""Robbins-Monro on a line: four step sequences, the rate that the slope decides, and averaging.

Part 1 follows four samples through four step sequences, and their variance in one pass.
Part 2 seeks the root of g(w) = slope (w - root) from values with noise. 1/k and 1/(k+1) arrive and
settle, a constant step keeps shaking, 1/(k+1)^2 stalls on the way. Part 3 takes steps c/k with the
best c, twice it, and a tenth of it, then larger steps whose iterates are averaged. On a line the
mean square error obeys a recursion, so that theory is exact and stands beside every measurement.

References
  H. Robbins, S. Monro: A Stochastic Approximation Method, Annals of Math. Statistics 22, 1951.
  B. T. Polyak, A. B. Juditsky: Acceleration of Stochastic Approximation by Averaging, 1992.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import typer
from matplotlib.axes import Axes
from tqdm import tqdm

Floats = npt.NDArray[np.float64]
StepSize = Callable[[int], float]  # of observation number k, from 1


def observe(count: int, mean: float, variance: float, x: float) -> tuple[int, float, float]:
    """Count, mean and variance of a stream after one more number.

    The variance is the mean squared distance from the mean. Before the first number all are 0.
    """
    # exercise: update count, mean and variance by the new number x, without any stored numbers
    # They must stay exact for numbers that lie close together and far from zero.
    # solution
    count += 1
    surprise = x - mean
    mean += surprise / count
    variance += (surprise * (x - mean) - variance) / count
    return count, mean, variance
    # end


def check(seed: int = 0) -> None:
    """Hold every prefix of small streams against numpy, then streams far from zero."""
    generator = np.random.default_rng(seed)
    streams = [[3.0], [2.0, 6.0], [2.0, 6.0, 4.0, 8.0], [-5.0] * 4, [0.0, 0.0, 9.0]]
    streams += [generator.integers(-9, 10, size).astype(float).tolist() for size in (3, 5, 8)]
    streams += [(1e8 + generator.integers(0, 4, size)).tolist() for size in (2, 5, 1000)]
    for stream in streams:
        state = 0, 0.0, 0.0
        for seen, x in enumerate(stream, start=1):
            case = {"count": state[0], "mean": state[1], "variance": state[2], "x": x}
            state = observe(**case)
            numbers = np.array(stream[:seen])
            came, should = state[0], seen
            assert came == should, "the count is wrong"
            came, should = state[1], float(numbers.mean())
            assert math.isclose(came, should, rel_tol=1e-12, abs_tol=1e-12), "the mean differs"
            came, should = state[2], float(numbers.var())
            assert math.isclose(came, should, rel_tol=1e-6, abs_tol=1e-9), "the variance differs"


def follow(samples: list[float], start: float, schedules: dict[str, StepSize]) -> None:
    """Print where each step sequence takes the estimate, and the variance in one pass."""
    print(f"samples from a start of {start:g}\n{'k':>2} {'x':>4}", end="")
    print("".join(f"{name:>10}" for name in schedules) + f"{'variance':>10}")
    estimates = dict.fromkeys(schedules, start)
    state = 0, 0.0, 0.0
    for k, x in enumerate(samples, start=1):
        state = observe(*state, x)
        for name, step_size in schedules.items():
            estimates[name] -= step_size(k) * (estimates[name] - x)
        row = "".join(f"{estimate:10.4f}" for estimate in estimates.values())
        print(f"{k:2d} {x:4g}{row}{state[2]:10.4f}")


@dataclass(frozen=True)
class Line:
    """A root-finding problem g(w) = slope (w - root), its start, and the noise of each value."""

    slope: float
    root: float
    start: float
    noise: float


def predict(line: Line, step_size: StepSize, steps: int, average: bool = False) -> Floats:
    """Exact root-mean-square error after each step, of the iterate or of the mean of iterates.

    The recursion carries E[e^2], E[e S] and E[S^2], where S sums the errors e so far.
    """
    square, mixed, summed = (line.start - line.root) ** 2, 0.0, 0.0
    errors = np.empty(steps)
    for k in range(1, steps + 1):
        a = step_size(k)
        kept = 1 - a * line.slope
        square, mixed = kept**2 * square + (a * line.noise) ** 2, kept * mixed
        summed, mixed = summed + 2 * mixed + square, mixed + square
        errors[k - 1] = math.sqrt(summed) / k if average else math.sqrt(square)
    return errors


@dataclass(frozen=True)
class Race:
    """What many paths gave: root-mean-square errors per step, one path, and the last error bar."""

    errors: Floats  # (steps,)
    path: Floats  # (steps + 1,)
    bar: float  # three standard errors of errors[-1]


def race(
    line: Line,
    step_size: StepSize,
    steps: int,
    paths: int,
    generator: np.random.Generator,
    average: bool = False,
) -> Race:
    """Iterate w_k = w_{k-1} - a_k (g(w_{k-1}) + noise) on many paths at once."""
    w = np.full(paths, line.start)
    total = np.zeros(paths)
    path, errors = np.empty(steps + 1), np.empty(steps)
    path[0] = line.start
    for k in tqdm(range(1, steps + 1), desc="paths", leave=False):
        observed = line.slope * (w - line.root) + line.noise * generator.standard_normal(paths)
        w = w - step_size(k) * observed
        total += w
        result = total / k if average else w
        squares = (result - line.root) ** 2
        path[k], errors[k - 1] = result[0], math.sqrt(squares.mean())
    rms = float(errors[-1])
    bar = 3 * float(squares.std()) / math.sqrt(paths) / (2 * rms) if rms > 0 else 0.0
    return Race(errors, path, bar)


def compare(name: str, run: Race, theory: Floats, axis: Axes) -> None:
    """Print and draw one race beside its theory; fail if they are further apart than chance."""
    steps = len(theory)
    rms, expected = run.errors[-1], theory[-1]
    print(f"{name:>14} {rms:12.5f} +- {run.bar:.5f} {expected:12.5f}")
    assert abs(rms - expected) <= 2 * run.bar + 1e-9, "theory and measurement do not fit"
    (drawn,) = axis.loglog(np.arange(1, steps + 1), run.errors, label=f"step {name}")
    axis.loglog(np.arange(1, steps + 1), theory, ":", color="black", linewidth=0.8)
    drawn.set_linewidth(1.6)


def main(
    start: Annotated[float, typer.Option(help="Where the search begins.", min=-50, max=50)] = 10.0,
    root: Annotated[float, typer.Option(help="The root to be found.", min=-50, max=50)] = 5.0,
    noise: Annotated[float, typer.Option(help="Noise of each value.", min=0, max=10)] = 2.0,
    slope: Annotated[float, typer.Option(help="Slope of g, part 2.", min=0.05, max=2)] = 1.0,
    constant: Annotated[float, typer.Option(help="The constant step.", min=0.001, max=0.9)] = 0.2,
    steps: Annotated[int, typer.Option(help="Steps of each path.", min=10, max=50_000)] = 4_000,
    paths: Annotated[int, typer.Option(help="Independent paths.", min=50, max=5_000)] = 1_000,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Follow four samples by hand, then race step sequences against their exact theory."""
    generator = np.random.default_rng(seed)
    schedules: dict[str, StepSize] = {
        "1/k": lambda k: 1 / k,
        "1/(k+1)": lambda k: 1 / (k + 1),
        f"{constant:g}": lambda k: constant,
        "1/(k+1)^2": lambda k: 1 / (k + 1) ** 2,
    }
    follow([2.0, 6.0, 4.0, 8.0], 10.0, schedules)

    line = Line(slope, root, start, noise)
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 3.8))
    print(f"\nerror (rms) after {steps} steps, {paths} paths from {start:g} to {root:g}")
    print(f"{'step':>14} {'measured +- 3 errors':>23} {'theory':>12}")
    for name, step_size in schedules.items():
        run = race(line, step_size, steps, paths, generator)
        compare(name, run, predict(line, step_size, steps), middle)
        left.plot(np.arange(1, steps + 1), run.path[1:], label=f"step {name}", linewidth=0.9)

    flat = Line(0.5, root, start, noise)
    far: dict[str, tuple[StepSize, bool]] = {
        "2/k, the best": (lambda k: 2 / k, False),
        "4/k": (lambda k: 4 / k, False),
        "0.2/k": (lambda k: 0.2 / k, False),
        "k^-0.75, mean": (lambda k: k**-0.75, True),
    }
    print(f"\nthe same with slope {flat.slope:g}; the bound is {noise / 0.5 / steps**0.5:.5f}")
    print(f"{'step':>14} {'measured +- 3 errors':>23} {'theory':>12}")
    for name, (step_size, average) in far.items():
        run = race(flat, step_size, steps, paths, generator, average)
        compare(name, run, predict(flat, step_size, steps, average), right)
    left.axhline(root, color="black", linewidth=0.7, linestyle=":")
    left.set(title="one path of each", xlabel="observation k", ylabel="w", xscale="log")
    middle.set(title=f"slope {slope:g}", xlabel="observation k", ylabel="rms error")
    right.set(title=f"slope {flat.slope:g}", xlabel="observation k")
    if noise == 0 and start == root:
        for axis in (middle, right):
            axis.set_yscale("linear")  # every error is zero, which has no logarithm
    for axis in (left, middle, right):
        axis.legend(fontsize=8)
    figure.suptitle("A root that is seen through noise (dotted: exact theory)")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
