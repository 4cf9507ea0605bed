"""HiPPO-LegS: a signal of any length held in N numbers, updated sample by sample, and rebuilt.

Part 1 holds the on-line recurrence against the projection that it stands for: with the exact step
they agree to rounding, with one bilinear step nearly, and forward Euler passes through huge numbers
on the way. Part 2 compresses a signal with a jump; the error is sqrt(sqrt(1 - x0^2) / (2 pi N)) for
a unit jump at x0. Part 3 draws error against N: a jump costs a root, a smooth signal far less.

References
  A. Gu, T. Dao, S. Ermon, A. Rudra, C. Re: HiPPO: Recurrent Memory with Optimal Polynomial
    Projections, 2020, arXiv:2008.07669.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor


def legs(n: int) -> tuple[Tensor, Tensor]:
    """A (n x n) and B (n) of c'(t) = -A c/t + B f/t, in float64; degrees count from 0."""
    # exercise: write down A and B of LegS
    # Degree i stands in row i. Below the diagonal: roots; on it and above: whole numbers.
    # solution
    b = (2 * torch.arange(n, dtype=torch.float64) + 1).sqrt()
    a = torch.outer(b, b).tril(-1) + torch.diag(torch.arange(1, n + 1, dtype=torch.float64))
    return a, b
    # end


def bilinear_step(coefficients: Tensor, value: float, k: int) -> Tensor:
    """The coefficients after sample number k + 1: c'(t) = (-A c + B f)/t over one step, bilinear.

    ``k``: samples seen so far, at least 1; t is taken as k over the whole step of length 1.
    """
    # exercise: take one bilinear step
    # The slope at both ends counts half. The new coefficients stand on both sides: solve.
    # solution
    a, b = legs(len(coefficients))
    one = torch.eye(len(coefficients), dtype=torch.float64)
    right = (one - a / (2 * k)) @ coefficients + b * value / k
    return torch.linalg.solve_triangular(one + a / (2 * k), right[:, None], upper=False)[:, 0]
    # end


def by_integral(n: int) -> tuple[Tensor, Tensor]:
    """A and B from their meaning, without the formula: how projections of Legendre sums change.

    Row i comes from t dc_i/dt = f(t) sqrt(2i+1) - sum_k A_ik c_k, tried on f = each basis function
    of the moment t = 1; the integrals of polynomials are exact by Gauss-Legendre quadrature.
    """
    nodes, weights = gauss(n + 1)
    basis, slopes = legendre(nodes, n), legendre_slopes(nodes, n)
    b = (2 * torch.arange(n, dtype=torch.float64) + 1).sqrt()
    # d/dt of P_i(2s/t - 1) at t = 1 is -(x + 1) P_i'(x); the factor 1/t of c_i gives another -1.
    change = (basis + (nodes + 1) * slopes) * weights / 2
    return (b[:, None] * change) @ (basis * b[:, None]).T, b


def gauss(points: int) -> tuple[Tensor, Tensor]:
    """Nodes and weights of Gauss-Legendre quadrature on [-1, 1], from Golub and Welsch's matrix."""
    i = torch.arange(1, points, dtype=torch.float64)
    off = i / (4 * i * i - 1).sqrt()
    nodes, vectors = torch.linalg.eigh(torch.diag(off, 1) + torch.diag(off, -1))
    return nodes, 2 * vectors[0].square()


def legendre(x: Tensor, n: int) -> Tensor:
    """P_0 ... P_{n-1} at x, by the three-term recurrence; (n, len(x))."""
    rows = [torch.ones_like(x), x]
    for i in range(1, n):
        rows.append(((2 * i + 1) * x * rows[i] - i * rows[i - 1]) / (i + 1))
    return torch.stack(rows[:n])


def legendre_slopes(x: Tensor, n: int) -> Tensor:
    """Derivatives of P_0 ... P_{n-1} at x: P'_{i+1} = P'_{i-1} + (2i + 1) P_i."""
    values, rows = legendre(x, n), [torch.zeros_like(x), torch.ones_like(x)]
    for i in range(1, n):
        rows.append(rows[i - 1] + (2 * i + 1) * values[i])
    return torch.stack(rows[:n])


def check_legs(seed: int = 0) -> None:
    """Judge legs by the integrals that define it, and by what a constant signal must do."""
    for n in (1, 2, 3, 6):
        case = {"n": n}
        came, should = legs(n)[1], by_integral(n)[1]
        assert came.shape == (n,), "B must have n entries"
        assert torch.allclose(came, should), "B differs"
        came, should = legs(n)[0], by_integral(n)[0]
        assert came.shape == (n, n), "A must be n x n"
        assert torch.allclose(came, should, atol=1e-9), "A differs from its integrals"


def check_bilinear_step(seed: int = 0) -> None:
    """Judge bilinear_step: the trapezoid's equation holds, and a long smooth signal is kept."""
    generator = torch.Generator().manual_seed(seed)
    for n, k in ((1, 1), (2, 1), (2, 2), (3, 5), (6, 3), (8, 40)):
        a, b = by_integral(n)
        old = torch.randn(n, generator=generator, dtype=torch.float64)
        value = float(torch.randn((), generator=generator))
        case = {"coefficients": old, "value": value, "k": k}
        came = bilinear_step(old, value, k)
        assert came.shape == old.shape, "the new coefficients have another shape"
        slope = [(-a @ c + b * value) / k for c in (old, came)]
        should = old + (slope[0] + slope[1]) / 2
        assert torch.allclose(came, should, atol=1e-9), (
            "the mean of both slopes does not lead there"
        )
    samples = torch.sin(7 * (torch.arange(400, dtype=torch.float64) + 0.5) / 400)
    coefficients = torch.zeros(8, dtype=torch.float64)
    coefficients[0] = samples[0]
    for k, sample in enumerate(samples[1:].tolist(), 1):
        coefficients = bilinear_step(coefficients, sample, k)
    case = {"samples": "sin(7 t), 400 of them", "n": 8}
    came, should = coefficients, projection(samples, 8)
    assert torch.allclose(came, should, atol=0.02), "a smooth signal is not kept"


def exact_step(coefficients: Tensor, value: float, k: int) -> Tensor:
    """The solution of the equation for a signal that is `value` from t = k to k + 1."""
    a, _ = legs(len(coefficients))
    rest = torch.zeros_like(coefficients)
    rest[0] = value  # where a constant signal rests, since A e_0 = B
    return rest + torch.linalg.matrix_exp(-a * math.log((k + 1) / k)) @ (coefficients - rest)


def euler_step(coefficients: Tensor, value: float, k: int) -> Tensor:
    """Forward Euler from k to k + 1, with t = k + 1."""
    a, b = legs(len(coefficients))
    return coefficients + (b * value - a @ coefficients) / (k + 1)


def states(samples: Tensor, n: int, step=exact_step) -> Iterator[Tensor]:
    """The n coefficients after each sample; only the newest are kept here."""
    coefficients = torch.zeros(n, dtype=torch.float64)
    coefficients[0] = samples[0]
    yield coefficients
    for k, sample in enumerate(samples[1:].tolist(), 1):
        coefficients = step(coefficients, sample, k)
        yield coefficients


def compress(samples: Tensor, n: int, step=exact_step) -> Tensor:
    """The coefficients after the last sample."""
    *_, last = states(samples, n, step)
    return last


def projection(samples: Tensor, n: int) -> Tensor:
    """The coefficients of the staircase of samples by exact integrals of Legendre polynomials."""
    edges = torch.linspace(-1, 1, len(samples) + 1, dtype=torch.float64)
    values = legendre(edges, n + 1)
    degree = torch.arange(1, n, dtype=torch.float64)[:, None]
    below = torch.cat([values[:1] * 0, values[: n - 1]])[1:]
    integrals = torch.cat([edges[None], (values[2 : n + 1] - below) / (2 * degree + 1)])[:n]
    roots = (2 * torch.arange(n, dtype=torch.float64) + 1).sqrt()
    return roots * (integrals.diff(dim=1) @ samples) / 2


def rebuild(coefficients: Tensor, points: int) -> Tensor:
    """The signal that the coefficients stand for, at the middles of so many equal pieces."""
    x = (2 * torch.arange(points, dtype=torch.float64) + 1) / points - 1
    n = len(coefficients)
    roots = (2 * torch.arange(n, dtype=torch.float64) + 1).sqrt()
    return (coefficients * roots) @ legendre(x, n)


def error_of(samples: Tensor, coefficients: Tensor) -> float:
    """Root-mean-square error of the best polynomial, by Parseval: mean f^2 - |c|^2."""
    return float((samples.square().mean() - coefficients.square().sum()).clamp(min=0)) ** 0.5


def jump_signal(length: int, generator: torch.Generator) -> tuple[Tensor, float]:
    """A step from 0 to 1 at a random sample in the middle half; its place in (-1, 1)."""
    place = int(torch.randint(length // 4, 3 * length // 4, (), generator=generator))
    samples = torch.zeros(length, dtype=torch.float64)
    samples[place:] = 1
    return samples, 2 * place / length - 1


def compare_steps(n: int, generator: torch.Generator) -> None:
    """Error of the coefficients after 100 samples of noise, and of a sine, for three steps."""
    noise = torch.randn(100, generator=generator, dtype=torch.float64)
    sine = torch.sin(7 * (torch.arange(100, dtype=torch.float64) + 0.5) / 100)
    print(f"relative error of {n} coefficients after 100 samples")
    print("              noise      sine   largest on the way")
    for name, step in (("exact", exact_step), ("bilinear", bilinear_step), ("Euler", euler_step)):
        row = []
        for samples in (noise, sine):
            should = projection(samples, n)
            row.append(float((compress(samples, n, step) - should).norm() / should.norm()))
        largest = max(float(c.norm()) for c in states(sine, n, step))
        print(f"  {name:<9} {row[0]:9.1e} {row[1]:9.1e} {largest:9.1e}")
        assert name != "exact" or max(row) < 1e-8


def jump_errors(length: int, generator: torch.Generator) -> list[tuple[int, float, float]]:
    """Error of a jump against theory for N = 4 ... 64."""
    samples, place = jump_signal(length, generator)
    print(f"\na unit jump at x0 = {place:+.2f}, {length} samples")
    print("    N    theory   measured   (theory holds within 12 %, better for larger N)")
    rows = []
    for n in (4, 8, 16, 32, 64):
        theory = (math.sqrt(1 - place**2) / (2 * math.pi * n)) ** 0.5
        measured = error_of(samples, compress(samples, n) if n <= 32 else projection(samples, n))
        rows.append((n, theory, measured))
        print(f"{n:5d} {theory:9.4f} {measured:10.4f}")
        assert abs(measured / theory - 1) < 0.12
    return rows


def draw(samples: Tensor, rows: list[tuple[int, float, float]]) -> None:
    """Left: a signal and what is rebuilt of it. Right: error against N."""
    figure, (signal, errors) = plt.subplots(1, 2, figsize=(11, 4))
    middles = (torch.arange(len(samples)) + 0.5) / len(samples)
    signal.plot(middles, samples, color="gray", linewidth=1, label="signal")
    for n in (4, 16, 64):
        signal.plot(middles, rebuild(projection(samples, n), len(samples)), label=f"N = {n}")
    signal.legend()
    smooth = torch.exp(torch.sin(9 * middles.double()))
    counts = [row[0] for row in rows]
    errors.plot(counts, [row[1] for row in rows], linestyle="--", label="jump, theory")
    errors.plot(counts, [row[2] for row in rows], marker="o", label="jump")
    smooth_errors = [error_of(smooth, projection(smooth, n)) for n in counts]
    errors.plot(counts, smooth_errors, marker="s", label="smooth (down to the staircase)")
    errors.set_xscale("log", base=2)
    errors.set_yscale("log")
    errors.set_xlabel("N")
    errors.set_ylabel("root-mean-square error")
    errors.legend()
    figure.tight_layout()
    plt.show()


def main(
    length: Annotated[int, typer.Option(min=200, max=2000, help="Samples of the signal")] = 400,
    coefficients: Annotated[int, typer.Option(min=2, max=64, help="N of part 1")] = 32,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Compare steps, measure the error of a jump, rebuild a signal."""
    generator = torch.Generator().manual_seed(seed)
    a, b = legs(4)
    print("A for N = 4, and B")
    for row, entry in zip(a.tolist(), b.tolist(), strict=True):
        print("  " + "".join(f"{value:8.3f}" for value in row) + f"   |{entry:7.3f}")
    compare_steps(coefficients, generator)
    rows = jump_errors(length, generator)
    middles = (torch.arange(length, dtype=torch.float64) + 0.5) / length
    draw(torch.sin(9 * middles) + (middles > 0.6), rows)


if __name__ == "__main__":
    typer.run(main)
