"""Classifier-free guidance with exact scores: fidelity up, variety down, and what is sampled.

Part 1, two Gaussians: the guided probability flow ends with the variance r^(2 (1 + w)), not
with that of the tilted density. Part 2, three classes in the plane that overlap: samples of one
class for growing w. Their mean overshoots the class's mean, and their spread shrinks.

References
  J. Ho, T. Salimans: Classifier-Free Diffusion Guidance, 2022, arXiv:2207.12598.
  A. Bradley, P. Nakkiran: Classifier-Free Guidance is a Predictor-Corrector, 2024,
  arXiv:2408.09000.
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

Score = Callable[[Tensor, float], Tensor]
CENTRES = torch.tensor([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]])
VARIANCE = 1.0
HIGHEST, LOWEST = 40.0, 0.01


def guided(conditional: Tensor, unconditional: Tensor, w: float) -> Tensor:
    """Guided prediction, of equal shapes; w = 0 is no guidance (the scale of code is 1 + w)."""
    # exercise: move from the unconditional prediction past the conditional one
    # w = 0 gives the conditional, w = -1 the unconditional prediction.
    # solution
    return conditional + w * (conditional - unconditional)
    # end


def tilted(mean: float, variance: float, w: float) -> tuple[float, float] | None:
    """Mean and variance of the density cond^(1+w) / uncond^w, or None if it is no density.

    cond: N(mean, variance); uncond: N(0, 1).
    """
    # exercise: add the precisions with their powers; when can the product not be normalised?
    # A normal density to the power k has k times its precision.
    # solution
    precision = (1 + w) / variance - w
    if precision <= 0:
        return None
    return (1 + w) * mean / variance / precision, 1 / precision
    # end


def check_guided(seed: int = 0) -> None:
    """Judge guided: by hand, both ends, and that it acts alike on noise and on scores."""
    one = torch.tensor([1.0])
    for w, should in ((0.0, 4.0), (1.0, 9.0), (-1.0, -1.0), (6.5, 36.5)):
        case = {"conditional": 4.0, "unconditional": -1.0, "w": w}
        came = float(guided(4 * one, -one, w))
        assert abs(came - should) < 1e-5, "the worked example is another"
    generator = torch.Generator().manual_seed(seed)
    for shape in ((1,), (3,), (2, 3)):
        c, u = torch.randn(2, *shape, generator=generator)
        x, sigma = torch.randn(shape, generator=generator), 0.5
        case = {"conditional": c, "unconditional": u, "w": 2.0}
        came, should = guided(c, u, 2.0), 3 * c - 2 * u
        assert torch.allclose(came, should), "differs from (1 + w) cond - w uncond"
        came = (guided(x + sigma**2 * c, x + sigma**2 * u, 2.0) - x) / sigma**2
        assert torch.allclose(came, should, atol=1e-5), "denoisers must be guided as scores are"


def check_tilted(seed: int = 0) -> None:
    """Judge tilted: by hand, no guidance, no density, and the score of the product."""
    for mean, variance, w, should in (
        (2.0, 0.25, 0.0, (2.0, 0.25)), (2.0, 0.25, 1.0, (16 / 7, 1 / 7)),
        (2.0, 0.25, 4.0, (2.5, 0.0625)), (1.0, 1.0, 3.0, (4.0, 1.0)),
        (1.0, 2.0, 0.5, (3.0, 4.0)), (1.0, 2.0, 1.0, None), (1.0, 2.0, 3.0, None),
    ):  # fmt: skip
        case = {"mean": mean, "variance": variance, "w": w}
        came = tilted(mean, variance, w)
        assert (came is None) == (should is None), "when is there no density?"
        if came is not None and should is not None:
            gap = max(abs(a - b) for a, b in zip(came, should, strict=True))
            assert gap < 1e-9, "mean or variance is another"
    generator = torch.Generator().manual_seed(seed)
    for _ in range(5):
        mean, variance, w = torch.rand(3, generator=generator).tolist()
        variance = 0.1 + 0.8 * variance
        x = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
        product = -(1 + w) * (x - mean) ** 2 / (2 * variance) + w * x**2 / 2
        (slope,) = torch.autograd.grad(product, x)
        case = {"mean": mean, "variance": variance, "w": w}
        found = tilted(mean, variance, w)
        assert found is not None, "here there is a density"
        came, should = -(0.7 - found[0]) / found[1], float(slope)
        assert abs(came - should) < 1e-6, "another score than the product of the densities"


def levels(count: int, high: float, low: float) -> list[float]:
    """Noise levels, evenly spaced in sigma^(1/7)."""
    a, b = high ** (1 / 7), low ** (1 / 7)
    return [(a + i / (count - 1) * (b - a)) ** 7 for i in range(count)]


def flow(score: Score, x: Tensor, ladder: list[float]) -> Tensor:
    """The probability flow dx/dsigma = -sigma score, by Heun's method."""
    for level, following in itertools.pairwise(ladder):
        h = following - level
        first = -level * score(x, level)
        second = -following * score(x + h * first, following)
        x = x + h / 2 * (first + second)
    return x


def gaussians(count: int, generator: torch.Generator) -> None:
    """Uncond N(0, 1), cond N(2, 1/4): the flow's variance, theory, and the tilted density's."""
    ladder = levels(240, 200.0, 0.002)
    print("conditional N(2, 0.25), unconditional N(0, 1): variance of guided samples")
    print("    w    mean   theory of the flow   samples (+- 3 standard errors)   tilted density")
    for w in (0.0, 1.0, 2.0, 4.0):
        start = 200 * torch.randn(count, generator=generator, dtype=torch.float64)
        x = flow(
            lambda v, s, w=w: guided((2 - v) / (0.25 + s * s), -v / (1 + s * s), w), start, ladder
        )
        theory = 0.25 ** (1 + w)
        error = 3 * theory * (2 / count) ** 0.5
        found = tilted(2.0, 0.25, w)
        print(f"  {w:3.0f} {float(x.mean()):7.3f} {theory:20.5f}"
              f" {float(x.var()):14.5f} +- {error:.5f}"
              f" {found[1] if found else math.nan:21.5f}")  # fmt: skip


def class_score(x: Tensor, sigma: float) -> Tensor:
    """Score of the first class at the level, (n, 2)."""
    return (CENTRES[0] - x) / (VARIANCE + sigma**2)


def all_score(x: Tensor, sigma: float) -> Tensor:
    """Score of the equal mixture of all classes at the level, (n, 2)."""
    away = CENTRES - x[:, None]
    total = VARIANCE + sigma**2
    weight = (-away.square().sum(-1) / (2 * total)).softmax(-1)
    return (weight[:, :, None] * away).sum(1) / total


def chance(x: Tensor) -> Tensor:
    """Posterior probability of the first class at x, (n,)."""
    return (-(CENTRES - x[:, None]).square().sum(-1) / (2 * VARIANCE)).softmax(-1)[:, 0]


def main(
    points: Annotated[int, typer.Option(min=200, max=20_000, help="Samples for each w")] = 1500,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Guide with exact scores and compare with two theories."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(seed)
    gaussians(20_000, generator)
    ladder = levels(60, HIGHEST, LOWEST)
    start = HIGHEST * torch.randn(points, 2, generator=generator)
    print("\nthree classes in the plane, the first around (2, 0) with deviation 1")
    print("    w    mean x   spread x   spread y   chance of the class")
    figure, panels = plt.subplots(1, 5, figsize=(15, 3.4), sharex=True, sharey=True)
    for w, panel in zip((0.0, 1.0, 2.0, 4.0, 8.0), panels, strict=True):
        x = flow(lambda v, s, w=w: guided(class_score(v, s), all_score(v, s), w), start, ladder)
        sx, sy = x.std(0).tolist()
        print(f"  {w:3.0f} {float(x[:, 0].mean()):9.2f} {sx:10.2f} {sy:10.2f}"
              f" {float(chance(x).mean()):14.3f}")  # fmt: skip
        panel.scatter(*x.T, s=2)
        panel.scatter(*CENTRES.T, color="tab:red")
        panel.set_title(f"w = {w:.0f}")
    interval = flow(
        lambda v, s: guided(class_score(v, s), all_score(v, s), 4.0 if 0.3 < s < 2 else 0.0),
        start, ladder,
    )  # fmt: skip
    sx, sy = interval.std(0).tolist()
    print(f"    4 {float(interval[:, 0].mean()):9.2f} {sx:10.2f} {sy:10.2f}"
          f" {float(chance(interval).mean()):14.3f}   guided for 0.3 < sigma < 2 only")  # fmt: skip
    mean, error = 2 - 2 / (1 + HIGHEST**2) ** 0.5, 4 / points**0.5
    print(f"  (expected without guidance: mean {mean:.2f}, spreads 1, within {error:.2f})")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
