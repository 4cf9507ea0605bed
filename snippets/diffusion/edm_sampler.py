"""Euler and Heun on an exact denoiser: order one and order two, and theory for Gaussian data.

The equation dx/dsigma = (x - D(x; sigma)) / sigma runs from sigma = 80 down to 0.002 on the levels
of the rho schedule. For Gaussian data each step multiplies x by a known number, so the error of N
levels is a closed product; runs stand beside it. For a mixture of two normal laws the error is
taken against a very fine Heun run, and its slope in N is the method's order.

References
  T. Karras, M. Aittala, T. Aila, S. Laine: Elucidating the Design Space of Diffusion-Based
  Generative Models, 2022, arXiv:2206.00364.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor

Denoiser = Callable[[Tensor, float], Tensor]
LOWEST, HIGHEST = 0.002, 80.0
SHARES, CENTRES = torch.tensor([0.4, 0.6]).double(), torch.tensor([-1.0, 0.8]).double()
SPREADS = torch.tensor([0.2, 0.3]).double()


def precondition(
    network: Callable[[Tensor, Tensor], Tensor], x: Tensor, sigma: Tensor, spread: float
) -> Tensor:
    """The denoiser D(x; sigma) = c_skip x + c_out network(c_in x, c_noise), shape of x.

    network(scaled input, c_noise): c_noise is log(sigma) / 4, shape (n,); x: (n, d) noised data;
    sigma: (n,), a level for each row; spread: the data's deviation.
    """
    # exercise: scale the input to unit variance, skip, and scale the output
    # c_skip = spread^2 / (sigma^2 + spread^2); c_in and c_out have a root in them.
    # solution
    level = sigma[:, None]
    total = level.square() + spread**2
    skip, out, scale = spread**2 / total, level * spread / total.sqrt(), 1 / total.sqrt()
    return skip * x + out * network(scale * x, sigma.log() / 4)
    # end


def check_precondition(seed: int = 0) -> None:
    """Judge precondition: the parts one at a time, a level for each row, and unit variances."""
    x, sigma = torch.tensor([[2.0, -1.0], [3.0, 0.5]]), torch.tensor([0.5, 2.0])
    total = sigma.square()[:, None] + 0.25
    seen: list[tuple[Tensor, Tensor]] = []

    def spy(scaled: Tensor, noise: Tensor) -> Tensor:
        seen.append((scaled, noise))
        return torch.zeros_like(scaled)

    case = {"x": x, "sigma": sigma, "spread": 0.5, "network": "0"}
    came, should = precondition(spy, x, sigma, 0.5), 0.25 / total * x
    assert came.shape == should.shape, "the result has the shape of x"
    assert torch.allclose(came, should), "with a silent network only the skip is left"
    came, should = seen[0][0], x / total.sqrt()
    assert torch.allclose(came, should), "the input must be scaled to unit variance"
    came, should = seen[0][1], sigma.log() / 4
    assert torch.allclose(came, should), "the network is told log(sigma) / 4"
    case = {"x": 0 * x, "sigma": sigma, "spread": 0.5, "network": "1"}
    came = precondition(lambda s, n: torch.ones_like(s), 0 * x, sigma, 0.5)
    should = (sigma[:, None] * 0.5 / total.sqrt()).expand_as(x)
    assert torch.allclose(came, should), "the network's output has another factor"
    generator = torch.Generator().manual_seed(seed)
    for spread, level in ((0.5, 0.1), (0.5, 2.0), (2.0, 1.0)):
        clean = spread * torch.randn(20_000, 1, generator=generator)
        noised = clean + level * torch.randn(20_000, 1, generator=generator)
        case = {"spread": spread, "sigma": level}
        levels = torch.full((20_000,), level)
        precondition(spy, noised, levels, spread)
        came, should = float(seen[-1][0].var()), 1.0
        assert abs(came - should) < 0.05, "the network's input must have unit variance"
        out = precondition(lambda s, n: torch.ones_like(s), 0 * noised, levels, spread)
        skipped = precondition(spy, noised, levels, spread)
        came = float(((clean - skipped) / out).var())
        assert abs(came - should) < 0.05, "what the network must learn has unit variance"


def heun_step(denoise: Denoiser, x: Tensor, level: float, following: float) -> Tensor:
    """One step of Heun's method from sigma = level to sigma = following, which may be 0.

    denoise(x, sigma): the denoiser; x: any shape.
    """
    # exercise: an Euler step, corrected by the slope at its end; at 0 there is no slope
    # The slope is (x - D(x; sigma)) / sigma.
    # solution
    slope = (x - denoise(x, level)) / level
    euler = x + (following - level) * slope
    if following == 0:
        return euler
    end = (euler - denoise(euler, following)) / following
    return x + (following - level) * (slope + end) / 2
    # end


def check_heun_step(seed: int = 0) -> None:
    """Judge heun_step: by hand, the last step, the closed product for Gaussian data, the order."""
    x = torch.tensor([3.0], dtype=torch.float64)
    case = {"x": 3.0, "level": 2.0, "following": 1.0, "denoiser": "x / (1 + sigma^2)"}
    came, should = float(heun_step(lambda v, s: v / (1 + s * s), x, 2.0, 1.0)), 1.95
    assert abs(came - should) < 1e-9, "the worked example ends elsewhere"
    asked: list[float] = []

    def spy(v: Tensor, s: float) -> Tensor:
        asked.append(s)
        return v / (1 + s * s)

    case = {"x": 3.0, "level": 2.0, "following": 0.0}
    came, should = float(heun_step(spy, x, 2.0, 0.0)), 0.6
    assert 0.0 not in asked, "at sigma = 0 the denoiser must not be asked"
    assert abs(came - should) < 1e-9, "a step to zero lands on the denoiser's output"
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(4, generator=generator, dtype=torch.float64)
    case = {"x": x, "level": 1.0, "following": 1.0}
    assert torch.allclose(heun_step(spy, x, 1.0, 1.0), x), "a step of no length changes nothing"
    gaps = []
    for count in (64, 128):
        levels, value = schedule(count), x
        for level, following in itertools.pairwise(levels):
            value = heun_step(lambda v, s: v * 0.25 / (0.25 + s * s), value, level, following)
        case = {"data": "N(0, 0.25)", "levels": count}
        came, should = value, x * product(count, "Heun")
        assert torch.allclose(came, should), "differs from the closed product for Gaussian data"
        gaps.append(abs(float(value[0] / x[0]) / exact_factor() - 1))
    came, should = gaps[0] / gaps[1], 4.0
    assert abs(came - should) < 0.4, "twice the levels must quarter the error"


def schedule(count: int, rho: float = 7.0) -> list[float]:
    """The noise levels from HIGHEST to LOWEST, evenly spaced in sigma^(1/rho)."""
    high, low = HIGHEST ** (1 / rho), LOWEST ** (1 / rho)
    return [(high + i / (count - 1) * (low - high)) ** rho for i in range(count)]


def product(count: int, kind: str, spread: float = 0.5) -> float:
    """By what a run over the schedule multiplies x, for data N(0, spread^2)."""
    total = 1.0
    for level, following in itertools.pairwise(schedule(count)):
        h = following - level
        start = level / (level**2 + spread**2)  # slope per x
        end = following / (following**2 + spread**2)
        euler = 1 + h * start
        total *= euler if kind == "Euler" else 1 + h * (start + end * euler) / 2
    return total


def exact_factor(spread: float = 0.5) -> float:
    """By what the exact equation multiplies x."""
    return math.sqrt((LOWEST**2 + spread**2) / (HIGHEST**2 + spread**2))


def mixture_denoiser(x: Tensor, sigma: float) -> Tensor:
    """The mean of the clean value given the noised x: (n,), for the mixture."""
    variances = SPREADS.square() + sigma**2
    away = x[:, None] - CENTRES
    weight = ((SHARES / variances.sqrt()).log() - away.square() / (2 * variances)).softmax(-1)
    means = CENTRES + SPREADS.square() / variances * away
    return (weight * means).sum(-1)


def run(denoise: Denoiser, x: Tensor, count: int, kind: str, rho: float = 7.0) -> Tensor:
    """Sample over the levels of the schedule."""
    for level, following in itertools.pairwise(schedule(count, rho)):
        if kind == "Heun":
            x = heun_step(denoise, x, level, following)
        else:
            x = x + (following - level) * (x - denoise(x, level)) / level
    return x


def main(
    starts: Annotated[int, typer.Option(min=50, max=20_000, help="Starting points")] = 500,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of the starts")] = 0,
) -> None:
    """Errors beside theory for Gaussian data, orders for a mixture, and schedules."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(seed)
    x = HIGHEST * torch.randn(starts, generator=generator, dtype=torch.float64)
    print("Gaussian data, relative error in percent: closed product, and run")
    for count in (18, 36, 72):
        line = f"  {count:3d} levels"
        for kind in ("Euler", "Heun"):
            theory = 100 * (product(count, kind) / exact_factor() - 1)
            value = run(lambda v, s: v * 0.25 / (0.25 + s * s), x[:1], count, kind)
            seen = 100 * (float(value / x[:1]) / exact_factor() - 1)
            line += f"   {kind} {theory:8.3f} {seen:8.3f}"
        print(line)
    reference = run(mixture_denoiser, x, 2000, "Heun")
    counts = (8, 16, 32, 64, 128, 256)
    errors = {kind: [float((run(mixture_denoiser, x, n, kind) - reference).abs().median())
                     for n in counts] for kind in ("Euler", "Heun")}  # fmt: skip
    print("\nmixture: median error by number of levels")
    print("  levels " + " ".join(f"{n:9d}" for n in counts))
    for kind, order in (("Euler", 1), ("Heun", 2)):
        slope = math.log2(errors[kind][-2] / errors[kind][-1])
        print(f"  {kind:6s} " + " ".join(f"{e:9.5f}" for e in errors[kind]), end="")
        print(f"   slope {slope:.2f}, order {order}")
    print("  (expected: slopes within 0.15 of the order)")
    rhos = (1, 3, 7, 20)
    by_rho = [float((run(mixture_denoiser, x, 18, "Heun", rho) - reference).abs().median())
              for rho in rhos]  # fmt: skip
    print("\nHeun at 18 levels by rho:  "
          + "   ".join(f"{rho}: {e:.4f}" for rho, e in zip(rhos, by_rho, strict=True)))  # fmt: skip
    figure, (orders, paths) = plt.subplots(1, 2, figsize=(11, 4.2))
    for kind, factor in (("Euler", 1), ("Heun", 2)):
        orders.loglog([factor * n for n in counts], errors[kind], marker="o", label=kind)
    ticks = [n for n in counts if n > 8] + [512]
    orders.set_xticks(ticks, [str(n) for n in ticks])
    orders.minorticks_off()
    orders.set_xlabel("network evaluations")
    orders.set_ylabel("median error")
    orders.legend()
    track, v = [], x[:40]
    levels = schedule(200)
    for level, following in itertools.pairwise(levels):
        track.append(v)
        v = heun_step(mixture_denoiser, v, level, following)
    paths.plot(levels[:-1], torch.stack(track), lw=0.5, color="tab:gray")
    paths.set_xlim(3, 0)
    paths.set_ylim(-4, 4)
    paths.set_xlabel("sigma")
    paths.set_title("paths bend where sigma is near the data's spread")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
