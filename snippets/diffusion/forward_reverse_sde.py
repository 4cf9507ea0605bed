"""A mixture on the line torn down by the VP process and built up again with its exact score.

Forward: dx = -beta(t)/2 x dt + sqrt(beta(t)) dw from t = 0 to 1, in Euler-Maruyama steps. Backward:
the reverse process with the exact score of the noised mixture. At five times mean and variance of
the particles stand beside the exact ones. Then the discrete chain of DDPM with beta_t = beta(t)/T
is held against its limit.

References
  J. Ho, A. Jain, P. Abbeel: Denoising Diffusion Probabilistic Models, 2020, arXiv:2006.11239.
  Y. Song et al.: Score-Based Generative Modeling through Stochastic Differential Equations, 2020,
  arXiv:2011.13456.
"""

from __future__ import annotations

import math
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor

SHARES, CENTRES, SPREAD = torch.tensor([0.3, 0.7]), torch.tensor([-2.0, 1.0]), 0.4
TIMES = (0.0, 0.1, 0.25, 0.5, 1.0)
FIRST, LAST = 0.1, 20.0  # beta at t = 0 and t = 1, linear between


def marginal(betas: Tensor, t: int, x0: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of x_t given x_0 in the chain with the steps betas.

    betas: (T,), of which betas[0] is beta_1; t: 0 to T; x0: any shape. The mean has the shape of
    x0, the variance is a scalar tensor. x_t = sqrt(1 - beta_t) x_{t-1} + sqrt(beta_t) eps_t.
    """
    # exercise: what is left of x_0 after t steps, and how much noise has come in
    # Mind the index: betas[0] belongs to the first step; t = 0 means that nothing has happened.
    # solution
    kept = (1 - betas[:t]).prod()
    return kept.sqrt() * x0, 1 - kept
    # end


def check_marginal(seed: int = 0) -> None:
    """Judge marginal: by hand, t = 0, a step that forgets all, two legs of a journey."""
    betas = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)
    for t, kept in ((0, 1.0), (1, 0.9), (2, 0.72), (3, 0.504)):
        case = {"betas": betas, "t": t, "x0": 2.0}
        mean, variance = marginal(betas, t, torch.tensor(2.0, dtype=torch.float64))
        came, should = (float(mean), float(variance)), (2 * kept**0.5, 1 - kept)
        assert max(abs(a - b) for a, b in zip(came, should, strict=True)) < 1e-9, "wrong moments"
    generator = torch.Generator().manual_seed(seed)
    for steps in (2, 4, 7):
        betas = torch.rand(steps, generator=generator, dtype=torch.float64)
        x0 = torch.randn(3, generator=generator, dtype=torch.float64)
        case = {"betas": betas, "x0": x0}
        came = marginal(betas, steps, x0)
        half_mean, half_variance = marginal(betas, steps // 2, x0)
        mean, variance = marginal(betas[steps // 2 :], steps - steps // 2, half_mean)
        kept = (1 - betas[steps // 2 :]).prod()
        should = (mean, variance + kept * half_variance)
        assert came[0].shape == x0.shape, "the mean must have the shape of x0"
        assert torch.allclose(came[0], should[0]), "two legs give another mean than the whole"
        assert torch.allclose(came[1], should[1]), "two legs give another variance than the whole"
    betas = torch.tensor([0.5, 1.0, 0.0])
    case = {"betas": betas, "t": 3, "x0": 5.0}
    mean, variance = marginal(betas, 3, torch.tensor(5.0))
    came, should = (float(mean), float(variance)), (0.0, 1.0)
    assert came == should, "after a step with beta = 1 nothing of x_0 is left"


def posterior(betas: Tensor, t: int, xt: Tensor, x0: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of x_{t-1} given x_t and x_0; betas: (T,), t: 1 to T, xt, x0: one shape."""
    # exercise: the posterior of the step before, from both ends
    # At t = 1 the step before is x_0 itself, whatever beta_1 is.
    # solution
    if t == 1:
        return x0, torch.zeros_like(betas[0])
    before, beta = (1 - betas[: t - 1]).prod(), betas[t - 1]
    left = 1 - before * (1 - beta)
    mean = before.sqrt() * beta / left * x0 + (1 - beta).sqrt() * (1 - before) / left * xt
    return mean, beta * (1 - before) / left
    # end


def check_posterior(seed: int = 0) -> None:
    """Judge posterior: by hand, the ends, schedules that touch 0 and 1, conditioning."""
    betas = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)
    xt, x0 = torch.tensor([1.0]).double(), torch.tensor([2.0]).double()
    for t, should in ((1, (2.0, 0.0)), (2, (1.6747, 0.0714)), (3, (1.4988, 0.1694))):
        case = {"betas": betas, "t": t, "xt": 1.0, "x0": 2.0}
        mean, variance = posterior(betas, t, xt, x0)
        came = (float(mean), float(variance))
        assert max(abs(a - b) for a, b in zip(came, should, strict=True)) < 1e-4, "wrong moments"
    for steps, t, should in (
        ([0.0, 0.5], 1, (2.0, 0.0)),  # x_0 is given
        ([0.3, 1.0], 2, (2 * 0.7**0.5, 0.3)),  # x_t tells nothing
        ([1.0, 0.3], 2, (0.7**0.5, 0.3)),  # x_0 is forgotten
        ([0.5, 0.0], 2, (1.0, 0.0)),  # nothing happened
    ):
        case = {"betas": steps, "t": t, "xt": 1.0, "x0": 2.0}
        mean, variance = posterior(torch.tensor(steps).double(), t, xt, x0)
        came = (float(mean), float(variance))
        assert max(abs(a - b) for a, b in zip(came, should, strict=True)) < 1e-7, "a schedule's end"
    generator = torch.Generator().manual_seed(seed)
    for t in (2, 3, 5):
        betas = torch.rand(t, generator=generator, dtype=torch.float64)
        xt, x0 = torch.randn(2, 3, generator=generator, dtype=torch.float64)
        case = {"betas": betas, "t": t, "xt": xt, "x0": x0}
        kept, alpha = (1 - betas[: t - 1]).prod(), 1 - betas[t - 1]
        prior_variance = 1 - kept
        total = alpha * prior_variance + betas[t - 1]
        gain = alpha.sqrt() * prior_variance / total
        should = (
            kept.sqrt() * x0 + gain * (xt - (alpha * kept).sqrt() * x0),
            prior_variance - gain**2 * total,
        )
        came = posterior(betas, t, xt, x0)
        assert came[0].shape == x0.shape, "the mean must have the shape of x0"
        assert torch.allclose(came[0], should[0]), "differs from Gaussian conditioning, the mean"
        assert torch.allclose(came[1], should[1]), (
            "differs from Gaussian conditioning, the variance"
        )


def beta(t: float) -> float:
    """The schedule."""
    return FIRST + (LAST - FIRST) * t


def signal(t: float) -> tuple[float, float]:
    """What multiplies x_0 at time t, and the variance of the noise that has come in."""
    integral = FIRST * t + (LAST - FIRST) * t * t / 2
    return math.exp(-integral / 2), -math.expm1(-integral)


def exact_score(x: Tensor, t: float) -> Tensor:
    """Score of the noised mixture at x: (n,)."""
    m, v = signal(t)
    variance = m * m * SPREAD**2 + v
    away = m * CENTRES - x[:, None]
    weight = (SHARES.log() - away.square() / (2 * variance)).softmax(-1)
    return (weight * away).sum(-1) / variance


def mixture_moments(t: float) -> tuple[float, float]:
    """Exact mean and variance of the process at time t."""
    m, v = signal(t)
    mean = float((SHARES * CENTRES).sum())
    spread = float((SHARES * (CENTRES - mean).square()).sum()) + SPREAD**2
    return m * mean, m * m * spread + v


def forward(x: Tensor, steps: int, generator: torch.Generator) -> dict[float, Tensor]:
    """Euler-Maruyama from t = 0 to 1; the particles at the five times."""
    seen, h = {0.0: x}, 1 / steps
    for k in range(steps):
        rate = beta((k + 0.5) * h)
        noise = torch.randn(x.shape, generator=generator)
        x = x - rate / 2 * x * h + math.sqrt(rate * h) * noise
        for time in TIMES:
            if k + 1 == round(time * steps):
                seen[time] = x
    return seen


def backward(x: Tensor, steps: int, generator: torch.Generator) -> dict[float, Tensor]:
    """The reverse process from t = 1 to 0 with the exact score; the particles at the five times."""
    seen, h = {1.0: x}, 1 / steps
    for k in range(steps, 0, -1):
        rate = beta((k - 0.5) * h)
        drift = -rate / 2 * x - rate * exact_score(x, k * h)
        noise = torch.randn(x.shape, generator=generator)
        x = x - drift * h + math.sqrt(rate * h) * noise
        for time in TIMES:
            if k - 1 == round(time * steps):
                seen[time] = x
    return seen


def draw(down: dict[float, Tensor], up: dict[float, Tensor]) -> None:
    """Histograms at the five times, torn down above, built up below."""
    figure, rows = plt.subplots(2, len(TIMES), figsize=(14, 5), sharex=True)
    for name, seen, row in (("down", down, rows[0]), ("up", up, rows[1])):
        for time, panel in zip(TIMES, row, strict=True):
            panel.hist(seen[time].numpy(), bins=60, range=(-4, 4), density=True)
            panel.set_title(f"{name}, t = {time}")
    figure.tight_layout()
    plt.show()


def main(
    steps: Annotated[int, typer.Option(min=40, max=5000, help="Steps each way")] = 500,
    particles: Annotated[int, typer.Option(min=1000, max=200_000, help="Particles")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Tear down and build up, and hold the chain against its limit."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(seed)
    island = torch.multinomial(SHARES, particles, replacement=True, generator=generator)
    x = CENTRES[island] + SPREAD * torch.randn(particles, generator=generator)
    down = forward(x, steps, generator)
    up = backward(torch.randn(particles, generator=generator), steps, generator)
    print(f"{particles} particles, {steps} steps each way")
    print("   t    mean: exact    down      up     variance: exact   down     up")
    for time in TIMES:
        mean, variance = mixture_moments(time)
        print(f"  {time:4.2f}  {mean:9.4f} {float(down[time].mean()):9.4f} "
              f"{float(up[time].mean()):8.4f} {variance:14.4f} {float(down[time].var()):9.4f} "
              f"{float(up[time].var()):8.4f}")  # fmt: skip
    of_mean = max(4 * float(seen.std()) / particles**0.5 for seen in down.values())
    of_variance = max(4 * float((seen - seen.mean()).square().std()) / particles**0.5
                      for seen in down.values())  # fmt: skip
    print(f"  four standard errors of the draw: mean {of_mean:.3f}, variance {of_variance:.3f};")
    print("  the finite step adds an error of its own")
    print("\nshare of the signal's power that is left at the end: chain of T steps")
    for count in (100, 1000, 10_000):
        betas = torch.tensor([beta((k + 1) / count) / count for k in range(count)]).double()
        left = 1 - float(marginal(betas, count, torch.ones(()).double())[1])
        print(f"  T = {count:6d}   {left:.3e}")
    print(f"  limit        {signal(1.0)[0] ** 2:.3e}")
    draw(down, up)


if __name__ == "__main__":
    typer.run(main)
