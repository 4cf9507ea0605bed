"""Robbins-Monro: a mean in one pass, and a root found from noisy values alone.

Part 1 averages a stream without keeping it: m <- m + (x - m) / k is the mean itself.
Part 2 looks for the root of g(w) = tanh(w - root), seeing only g(w) plus noise, with three step
sequences. 1/k sums to infinity but its squares do not: it arrives and settles. A constant step
arrives and keeps shaking. 1/k^2 sums to pi^2/6: since |g| < 1, it cannot on average get further.

References
  H. Robbins, S. Monro: A Stochastic Approximation Method, Annals of Math. Statistics 22, 1951.
  A. Dvoretzky: On Stochastic Approximation, Berkeley Symposium, 1956.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import typer
from tqdm import tqdm

Floats = npt.NDArray[np.float64]


def mean_in_one_pass(generator: np.random.Generator, count: int) -> None:
    """Average a stream of numbers; fail unless it equals the mean of the stored numbers."""
    numbers = generator.exponential(scale=3.0, size=count)
    mean = 0.0
    print(f"{'numbers seen':>12} {'one-pass mean':>14} {'stored mean':>12}")
    for k, x in enumerate(numbers, start=1):
        mean += (x - mean) / k
        if k in (1, 10, 100, 1_000, count):
            print(f"{k:12d} {mean:14.6f} {numbers[:k].mean():12.6f}")
        assert k > 1 or mean == x, "the first step of size 1 must forget the start"
    assert abs(mean - numbers.mean()) < 1e-10, "the recursion is the mean: this cannot differ"


def find_root(
    step_size: Callable[[int], float],
    start: float,
    root: float,
    noise: float,
    steps: int,
    paths: int,
    generator: np.random.Generator,
    name: str,
) -> Floats:
    """Iterates w_{k+1} = w_k - a_k (g(w_k) + noise) of many paths at once, (steps + 1, paths)."""
    w = np.full(paths, start)
    track = np.empty((steps + 1, paths))
    track[0] = w
    for k in tqdm(range(1, steps + 1), desc=name, leave=False):
        observed = np.tanh(w - root) + noise * generator.standard_normal(paths)
        w = w - step_size(k) * observed
        track[k] = w
    return track


def main(
    start: Annotated[float, typer.Option(help="Where the search begins.", min=-8, max=8)] = 5.0,
    root: Annotated[float, typer.Option(help="The root to be found.", min=-8, max=8)] = 1.0,
    noise: Annotated[float, typer.Option(help="Noise of each value.", min=0, max=5)] = 1.0,
    constant: Annotated[float, typer.Option(help="The constant step.", min=0.001, max=1)] = 0.2,
    steps: Annotated[int, typer.Option(help="Steps of each path.", min=10, max=100_000)] = 10_000,
    paths: Annotated[int, typer.Option(help="Independent paths.", min=2, max=2_000)] = 200,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Average a stream in one pass, then find a root under noise with three step sequences."""
    generator = np.random.default_rng(seed)
    mean_in_one_pass(generator, count=10_000)

    schedules: dict[str, Callable[[int], float]] = {
        "1/k": lambda k: 1 / k,
        f"{constant:g}": lambda k: constant,
        "1/k^2": lambda k: 1 / k**2,
    }
    # Near the root g has slope 1. Then 1/k leaves the error of a mean of k values, and a constant
    # step a balances (1-a)^2 v + a^2 noise^2 = v.
    theory = [
        f"{noise / math.sqrt(steps):.4f} = noise / sqrt(k)",
        f"{noise * math.sqrt(constant / (2 - constant)):.4f} = noise * sqrt(a / (2 - a))",
        f"on average at least {max(0.0, abs(start - root) - math.pi**2 / 6):.4f}",
    ]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8))
    print(f"\nerror after {steps} steps, {paths} paths from {start:g} to {root:g}, noise {noise:g}")
    print(f"{'step':>6} {'error (rms)':>12} {'of the mean path':>19}   theory")
    for (name, schedule), expected in zip(schedules.items(), theory, strict=True):
        track = find_root(schedule, start, root, noise, steps, paths, generator, name)
        errors = np.sqrt(((track - root) ** 2).mean(axis=1))
        bias, spread = abs(track[-1].mean() - root), track[-1].std() / math.sqrt(paths)
        print(f"{name:>6} {errors[-1]:12.4f} {bias:10.4f} ± {spread:.4f}   {expected}")
        left.plot(np.arange(1, steps + 2), track[:, 0], label=f"step {name}", linewidth=0.9)
        right.loglog(np.arange(1, steps + 1), errors[1:], label=f"step {name}")
        if name == "1/k^2":
            # |E[w_K] - start| <= sum of a_k; the noise of the mean path adds five deviations.
            reach = math.pi**2 / 6 + 5 * noise * math.sqrt(math.pi**4 / 90 / paths)
            assert abs(track[-1].mean() - start) < reach, "1/k^2 moved further than it can"
    left.axhline(root, color="black", linewidth=0.7, linestyle=":")
    left.set(title="one path of each", xlabel="value number k", ylabel="w", xscale="log")
    right.set(title=f"error of {paths} paths", xlabel="step k", ylabel="root-mean-square error")
    left.legend()
    right.legend()
    figure.suptitle("The root of a function that is seen through noise")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
