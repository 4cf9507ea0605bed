"""Reverse SDE and probability flow from the same start, with exact scores: distance and likelihood.

Part 1, a Gaussian: Euler steps of both samplers stay Gaussian, so the variance that N steps reach
is known from a recursion; many particles stand beside it. Part 2, a mixture on the line: how far
samples are from the target by number of steps. Part 3: the flow's likelihood at four places.

References
  B. D. O. Anderson: Reverse-time diffusion equation models, 1982.
  Y. Song et al.: Score-Based Generative Modeling through Stochastic Differential Equations, 2020,
  arXiv:2011.13456.
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

Field = Callable[[Tensor, float], Tensor]
SHARES, CENTRES = torch.tensor([0.3, 0.7]), torch.tensor([-1.5, 1.0])
VARIANCES = torch.tensor([0.04, 0.09])
FIRST, LAST, STOP = 0.1, 20.0, 1e-3  # beta at the ends; sampling stops shortly before the data


def reverse_sde_step(
    x: Tensor,
    t: float,
    h: float,
    drift: Field,
    g: Callable[[float], float],
    score: Field,
    z: Tensor,
) -> Tensor:
    """One Euler-Maruyama step of the reverse SDE from time t to t - h.

    x: particles, any shape; h: nonnegative; drift(x, t), g(t): of the forward process; score(x, t):
    of the density at time t; z: standard normal, as x.
    """
    # exercise: go back in time by h; all coefficients are taken at time t
    # Forward, x changes by drift h + g sqrt(h) z. Which drift undoes that, and with what noise?
    # solution
    back = drift(x, t) - g(t) ** 2 * score(x, t)
    return x - h * back + g(t) * math.sqrt(h) * z
    # end


def flow_step(
    x: Tensor, t: float, h: float, drift: Field, g: Callable[[float], float], score: Field
) -> Tensor:
    """One Euler step of the probability flow from time t to t - h; arguments as above."""
    # exercise: the deterministic step back with the same marginals
    # The flow makes no noise, so it has less to undo.
    # solution
    return x - h * (drift(x, t) - g(t) ** 2 / 2 * score(x, t))
    # end


def _case(seed: int) -> tuple[Tensor, Tensor, Callable[[float], float]]:
    generator = torch.Generator().manual_seed(seed)
    x, z = torch.randn(2, 4, generator=generator, dtype=torch.float64)
    return x, z, lambda t: 1 + t


def check_reverse_sde_step(seed: int = 0) -> None:
    """Judge reverse_sde_step: by hand, no time, signs one at a time, a Gaussian path's variance."""
    one = torch.tensor([2.0], dtype=torch.float64)
    for z, should in ((0.0, 1.6), (1.0, 2.1)):
        case = {"x": 2.0, "t": 1.0, "h": 0.25, "drift": 0, "g": 1, "score": "-x / 1.25", "z": z}
        came = float(reverse_sde_step(
            one, 1.0, 0.25, lambda x, t: 0 * x, lambda t: 1.0,
            lambda x, t: -x / (0.25 + t), torch.tensor([z]).double(),
        ))  # fmt: skip
        assert abs(came - should) < 1e-9, "the worked example ends elsewhere"
    x, z, g = _case(seed)
    case = {"x": x, "h": 0.0, "z": z}
    came = reverse_sde_step(x, 0.5, 0.0, lambda x, t: -x, g, lambda x, t: -x, z)
    assert torch.equal(came, x), "a step of no length changes nothing"
    for name, drift, score, rate, should in (
        ("drift alone", lambda x, t: t * x, lambda x, t: 0 * x, lambda t: 0.0, x - 0.1 * 0.5 * x),
        ("score alone", lambda x, t: 0 * x, lambda x, t: -t * x, g, x - 0.1 * 2.25 * 0.5 * x),
    ):
        case = {"x": x, "t": 0.5, "h": 0.1, "with": name, "z": 0}
        came = reverse_sde_step(x, 0.5, 0.1, drift, rate, score, 0 * z)
        assert torch.allclose(came, should), "wrong sign or factor"
    case = {"x": x, "t": 1.5, "h": 0.04, "z": z}
    came = reverse_sde_step(x, 1.5, 0.04, lambda x, t: 0 * x, g, lambda x, t: 0 * x, z)
    should = x + 2.5 * 0.2 * z
    assert torch.allclose(came, should), "the noise must have the deviation g sqrt(h)"
    spread, h = 4.25, 4 / 1024  # data of variance 1/4; a step is a x + b z, with these a and b
    for k in range(1024):
        a, b = (float(reverse_sde_step(
            torch.tensor(x, dtype=torch.float64), 4 - k * h, h, lambda x, t: 0 * x,
            lambda t: 1.0, lambda x, t: -x / (0.25 + t), torch.tensor(z, dtype=torch.float64),
        )) for x, z in ((1.0, 0.0), (0.0, 1.0)))  # fmt: skip
        spread = a * a * spread + b * b
    case = {"data": "N(0, 1/4)", "from": "t = 4", "steps": 1024}
    came, should = spread, 0.25
    assert abs(came - should) < 0.005, "the Gaussian path must come to the variance of the data"


def check_flow_step(seed: int = 0) -> None:
    """Judge flow_step: by hand, no time, signs, and convergence on a Gaussian path."""
    case = {"x": 2.0, "t": 1.0, "h": 0.25, "drift": 0, "g": 1, "score": "-x / 1.25"}
    one = torch.tensor([2.0], dtype=torch.float64)
    came = float(flow_step(
        one, 1.0, 0.25, lambda x, t: 0 * x, lambda t: 1.0, lambda x, t: -x / (0.25 + t)
    ))  # fmt: skip
    should = 1.8
    assert abs(came - should) < 1e-9, "the worked example ends elsewhere"
    x, _, g = _case(seed)
    case = {"x": x, "h": 0.0}
    came, should = flow_step(x, 0.5, 0.0, lambda x, t: -x, g, lambda x, t: -x), x
    assert torch.equal(came, should), "a step of no length changes nothing"
    case = {"x": x, "t": 1.5, "h": 0.1, "drift": "t x", "g": 2.5, "score": "-x"}
    came = flow_step(x, 1.5, 0.1, lambda x, t: t * x, g, lambda x, t: -x)
    should = x - 0.1 * (1.5 * x + 3.125 * x)
    assert torch.allclose(came, should), "wrong sign or factor"
    for start in (0.5, 2.0):
        gaps = []
        for steps in (64, 128):
            x, h = torch.tensor([start], dtype=torch.float64), 4 / steps
            for k in range(steps):
                x = flow_step(x, 4 - k * h, h, lambda x, t: 0 * x, lambda t: 1.0,
                              lambda x, t: -x / (0.25 + t))  # fmt: skip
            came, should = float(x), start * math.sqrt(0.25 / 4.25)
            case = {"start": start, "steps": steps}
            assert abs(came - should) < 0.05 * start, "the flow of the Gaussian path ends elsewhere"
            gaps.append(abs(came - should))
        came, should = gaps[0] / gaps[1], 2.0
        assert 1.8 < came < 2.3, "halving the step must halve the error"


def beta(t: float) -> float:
    """The VP schedule."""
    return FIRST + (LAST - FIRST) * t


def components(t: float) -> tuple[Tensor, Tensor]:
    """Means and variances of the noised mixture's two parts at time t."""
    kept = math.exp(-FIRST * t - (LAST - FIRST) * t * t / 2)
    return math.sqrt(kept) * CENTRES, kept * VARIANCES + 1 - kept


def exact_score(x: Tensor, t: float) -> Tensor:
    """Score of the noised mixture at x: (n,)."""
    means, variances = components(t)
    away = means - x[:, None]
    weight = ((SHARES / variances.sqrt()).log() - away.square() / (2 * variances)).softmax(-1)
    return (weight * away / variances).sum(-1)


def log_density(x: Tensor, t: float) -> Tensor:
    """Exact log-density of the noised mixture at x: (n,)."""
    means, variances = components(t)
    parts = (SHARES / (2 * math.pi * variances).sqrt()).log()
    return (parts - (x[:, None] - means).square() / (2 * variances)).logsumexp(-1)


def vp_drift(x: Tensor, t: float) -> Tensor:
    """Drift of the VP process."""
    return -beta(t) / 2 * x


def sample(kind: str, start: Tensor, steps: int, generator: torch.Generator) -> Tensor:
    """Run one sampler over equal steps from t = 1 to STOP."""
    x, h = start, (1 - STOP) / steps
    for k in range(steps):
        t = 1 - k * h
        if kind == "SDE":
            z = torch.randn(x.shape, generator=generator) * (k < steps - 1)  # no noise at the end
            x = reverse_sde_step(x, t, h, vp_drift, lambda t: math.sqrt(beta(t)), exact_score, z)
        else:
            x = flow_step(x, t, h, vp_drift, lambda t: math.sqrt(beta(t)), exact_score)
    return x


def target(count: int, generator: torch.Generator) -> Tensor:
    """Samples of the mixture itself, (count,)."""
    part = torch.multinomial(SHARES, count, replacement=True, generator=generator)
    return CENTRES[part] + VARIANCES[part].sqrt() * torch.randn(count, generator=generator)


def distance(x: Tensor, quantiles: Tensor) -> float:
    """Wasserstein distance of order one between particles and the target's quantiles, both (n,)."""
    return float((x.sort().values - quantiles).abs().mean())


def recursion(steps: int, kind: str) -> float:
    """Variance that Euler steps reach: f = 0, g = 1, data of variance 1/4, from t = 4 to 0."""
    h, q = 4 / steps, 4.25
    for k in range(steps):
        v = 4.25 - k * h
        q = (1 - h / v) ** 2 * q + h if kind == "SDE" else (1 - h / (2 * v)) ** 2 * q
    return q


def gaussian(seed: int) -> None:
    """Particles beside the recursion, with three standard errors."""
    count = 40_000
    generator = torch.Generator().manual_seed(seed)
    print("Gaussian, target variance 0.2500: recursion, and particles +- three standard errors")
    for steps in (4, 16, 64):
        line = f"  {steps:3d} steps "
        for kind in ("SDE", "ODE"):
            x, h = 4.25**0.5 * torch.randn(count, generator=generator), 4 / steps
            for k in range(steps):
                back = (x, 4 - k * h, h, lambda x, t: 0 * x, lambda t: 1.0,
                        lambda x, t: -x / (0.25 + t))  # fmt: skip
                x = (reverse_sde_step(*back, torch.randn(count, generator=generator))
                     if kind == "SDE" else flow_step(*back))  # fmt: skip
            theory = recursion(steps, kind)
            error = 3 * theory * (2 / count) ** 0.5
            line += f"  {kind} {theory:.4f}, {float(x.var()):.4f} +- {error:.4f}"
        print(line)


def likelihood(places: Tensor, steps: int = 200) -> Tensor:
    """Log-density of the flow's model at the places, (n,), by Heun steps and exact divergence."""

    def velocity(x: Tensor, t: float) -> Tensor:
        return vp_drift(x, t) - beta(t) / 2 * exact_score(x, t)

    def rate(x: Tensor, t: float) -> tuple[Tensor, Tensor]:
        leaf = x.detach().requires_grad_()
        value = velocity(leaf, t)
        (divergence,) = torch.autograd.grad(value.sum(), leaf)  # each place by itself
        return value.detach(), divergence

    times = (torch.linspace(STOP**0.5, 1, steps + 1) ** 2).tolist()
    x, total = places, torch.zeros_like(places)
    for before, after in itertools.pairwise(times):
        h = after - before
        v1, d1 = rate(x, before)
        v2, d2 = rate(x + h * v1, after)
        x, total = x + h / 2 * (v1 + v2), total + h / 2 * (d1 + d2)
    return -x.square() / 2 - math.log(2 * math.pi) / 2 + total


def main(
    particles: Annotated[int, typer.Option(min=500, max=50_000, help="Particles")] = 4000,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Compare both samplers with theory, with each other, and the flow's likelihood with truth."""
    torch.set_num_threads(1)
    gaussian(seed)
    generator = torch.Generator().manual_seed(seed)
    quantiles = target(200 * particles, generator).sort().values[100::200]
    true = sorted(distance(target(particles, generator), quantiles) for _ in range(20))
    start = torch.randn(particles, generator=generator)
    counts = (10, 20, 50, 100, 200)
    found = {kind: [distance(sample(kind, start, n, generator), quantiles) for n in counts]
             for kind in ("SDE", "ODE")}  # fmt: skip
    print("\nmixture: distance to the target (Wasserstein 1)")
    print("  steps " + " ".join(f"{n:7d}" for n in counts))
    for kind, values in found.items():
        print(f"  {kind}   " + " ".join(f"{value:7.4f}" for value in values))
    print(f"  (twenty true samples of {particles} are at {true[0]:.4f} to {true[-1]:.4f})")
    places = torch.tensor([-1.5, 0.0, 1.0, 1.3])
    print("\nlog-density by the flow, and exactly")
    for place, by_flow, exact in zip(places, likelihood(places), log_density(places, STOP),
                                     strict=True):  # fmt: skip
        print(f"  x = {float(place):4.1f}   {float(by_flow):8.4f}   {float(exact):8.4f}")
    print("  (expected: within 0.01)")
    figure, (lines, paths) = plt.subplots(1, 2, figsize=(11, 4.2))
    for kind, values in found.items():
        lines.loglog(counts, values, marker="o", label=kind)
    lines.axhspan(true[0], true[-1], color="lightgray", label="true samples")
    lines.set_xlabel("steps")
    lines.set_ylabel("distance")
    lines.legend()
    for kind, colour in (("SDE", "tab:blue"), ("ODE", "tab:orange")):
        x, h, track = torch.linspace(-2, 2, 9), (1 - STOP) / 400, []
        for k in range(400):
            t = 1 - k * h
            track.append(x)
            g = math.sqrt(beta(t))
            x = (flow_step(x, t, h, vp_drift, lambda t, g=g: g, exact_score) if kind == "ODE" else
                 reverse_sde_step(x, t, h, vp_drift, lambda t, g=g: g, exact_score,
                                  torch.randn(9, generator=generator)))  # fmt: skip
        paths.plot(1 - h * torch.arange(400), torch.stack(track), color=colour, lw=0.7)
    paths.invert_xaxis()
    paths.set_title("from noise (left) to data: SDE blue, flow orange")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
