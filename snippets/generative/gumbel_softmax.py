"""Gumbel-max, Gumbel-softmax, and what each way to estimate a gradient costs in bias and variance.

Part 1 draws classes as argmax(log w + Gumbel noise) and holds their frequencies against w / sum w.
Part 2 estimates the gradient of E[f(y)] for a discrete y: by a sum over the classes, by the score
function, by Gumbel-softmax at many temperatures, and straight through. f(y) = (v y - 0.45)^2, where
v places the classes evenly from 0 to 1. Part 3 estimates d/d mu of E[z^2], z ~ N(mu, sigma^2), by
the path and by the score function, with and without a baseline; theory stands beside each variance.

References
  E. Jang, S. Gu, B. Poole: Categorical Reparameterization with Gumbel-Softmax, arXiv:1611.01144.
  C. J. Maddison, A. Mnih, Y. W. Teh: The Concrete Distribution, 2016, arXiv:1611.00712.
  S. Mohamed et al.: Monte Carlo Gradient Estimation in Machine Learning, 2019, arXiv:1906.10652.
"""

from __future__ import annotations

import math
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from matplotlib.axes import Axes
from torch import Tensor
from tqdm import tqdm

TARGET = 0.45
UNIFORMS = (0.8, 0.4, 0.2)  # of the worked example


def gumbel(uniform: Tensor) -> Tensor:
    """Standard Gumbel noise by inverse transform: F(x) = exp(-exp(-x)), so x = -log(-log u)."""
    # 0 would become minus infinity. The clamp moves one draw of 2^53 in double precision.
    return -torch.log(-torch.log(uniform.clamp_min(torch.finfo(uniform.dtype).tiny)))


def straight_through(logits: Tensor, uniform: Tensor, tau: float) -> Tensor:
    """One-hot samples with the gradient of the softened ones.

    logits, uniform: (..., K), uniform in (0, 1). The result has the same shape; its values are
    exactly 0 and 1, its gradient is that of softmax((logits + Gumbel noise) / tau).
    """
    # exercise: forward a one-hot sample of softmax(logits), backward the gradient of the soft one
    # The noise is made of `uniform`. Values must be exactly 0 and 1, not merely close to them.
    # solution
    noise = -torch.log(-torch.log(uniform))
    soft = ((logits + noise) / tau).softmax(-1)
    hard = torch.nn.functional.one_hot(soft.argmax(-1), logits.shape[-1])
    return hard + (soft - soft.detach())
    # end


def check(seed: int = 0) -> None:
    """Judge straight_through: one-hot, the right class, the soft gradient, the frequencies."""
    generator = torch.Generator().manual_seed(seed)

    def uniform(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, dtype=torch.float64) * 0.98 + 0.01

    cases = [(torch.tensor([1.0, 2.0, 5.0]).double().log(), torch.tensor(UNIFORMS).double(), 1.0)]
    for shape, scale, tau in (((2,), 1, 1.0), ((3,), 1, 0.2), ((2, 4), 3, 5.0), ((5, 7), 100, 0.1)):
        logits = scale * torch.randn(shape, generator=generator, dtype=torch.float64)
        cases.append((logits, uniform(*shape), tau))
    for logits, u, tau in cases:
        case = {"logits": logits, "uniform": u, "tau": tau}
        leaf = logits.clone().requires_grad_()
        y = straight_through(leaf, u, tau)
        came, should = tuple(y.shape), tuple(logits.shape)
        assert came == should, "the shape differs from that of the logits"
        came = y.detach()
        bids = logits - torch.log(-torch.log(u))
        should = torch.nn.functional.one_hot(bids.argmax(-1), logits.shape[-1]).to(came.dtype)
        assert bool(((came == 0) | (came == 1)).all()), "values must be exactly 0 or 1"
        assert torch.equal(came, should), "the 1 belongs to the highest bid, log weight plus noise"
        weights = torch.randn(logits.shape, generator=generator, dtype=torch.float64)
        assert y.requires_grad, "no gradient reaches the logits"
        (came,) = torch.autograd.grad((weights * y).sum(), leaf)
        twin = logits.clone().requires_grad_()
        (should,) = torch.autograd.grad(
            (weights * (bids - logits + twin).div(tau).softmax(-1)).sum(), twin
        )
        assert torch.allclose(came, should, atol=1e-12), (
            "the gradient is not that of the soft sample"
        )
    logits, many = torch.tensor([1.0, 2.0, 5.0]).double().log(), 20_000
    u = torch.rand(many, 3, generator=generator, dtype=torch.float64).clamp(1e-300)
    case = {"logits": logits, "draws": many}
    came, should = straight_through(logits.expand(many, 3), u, 0.5).mean(0), logits.softmax(0)
    error = (should * (1 - should) / many).sqrt()
    assert bool(((came - should).abs() < 4 * error).all()), (
        "frequencies differ from softmax(logits)"
    )


def follow(weights: Tensor) -> None:
    """Print one draw by hand: bids, the class that wins, softened samples."""
    noise = gumbel(torch.tensor(UNIFORMS, dtype=torch.float64))
    bids = weights.log() + noise
    print("one draw by hand, weights 1, 2, 5\nclass uniform   noise     bid", end="")
    print("   tau=1  tau=0.1   tau=10")
    soft = [(bids / tau).softmax(0) for tau in (1.0, 0.1, 10.0)]
    for k, u in enumerate(UNIFORMS):
        row = "".join(f"{float(y[k]):9.4f}" for y in soft)
        print(f"{k:5d}{u:8.1f}{float(noise[k]):8.4f}{float(bids[k]):8.4f}{row}")


def draw_classes(weights: Tensor, samples: int, generator: torch.Generator, axis: Axes) -> None:
    """Compare frequencies of argmax(log w + G) with w / sum w; fail beyond 5 errors."""
    p = weights.log().softmax(0)  # the sum of large weights may overflow
    u = torch.rand(samples, len(p), generator=generator, dtype=torch.float64)
    classes = (weights.log() + gumbel(u)).argmax(1)
    frequency = torch.bincount(classes, minlength=len(p)) / samples
    error = 3 * (p * (1 - p) / samples).sqrt()
    print(f"\nGumbel-max, {samples} draws\n{'class':>5} {'p':>8} {'frequency':>10} {'3 errors':>9}")
    for k, row in enumerate(zip(p.tolist(), frequency.tolist(), error.tolist(), strict=True)):
        print(f"{k:5d} {row[0]:8.4f} {row[1]:10.4f} {row[2]:9.4f}")
    # A class so rare that it is drawn a few times at most is not normal: allow it ten draws.
    assert bool(((frequency - p).abs() < 5 / 3 * error + 10 / samples).all()), (
        "frequencies do not follow p"
    )
    axis.bar(range(len(p)), p.numpy(), color="lightgray", label="p")
    axis.errorbar(range(len(p)), frequency, error, fmt="o", capsize=4, label="drawn, ± 3 errors")
    axis.set(title="argmax(log w + G)", xlabel="class")
    axis.legend()


def f(y: Tensor) -> Tensor:
    """The loss of one-hot or softened y, (..., K) to (...)."""
    return ((y * torch.linspace(0, 1, y.shape[-1], dtype=y.dtype)).sum(-1) - TARGET) ** 2


def gradients(weights: Tensor, samples: int, generator: torch.Generator) -> dict[str, Tensor]:
    """One-sample estimates of d E[f] / d log w, (samples, K), by name; `sum` is exact, (1, K)."""
    logits = weights.log()
    p = logits.softmax(0)
    leaf = logits.clone().requires_grad_()
    (exact,) = torch.autograd.grad((leaf.softmax(0) * f(torch.eye(len(p)).double())).sum(), leaf)
    found = {"sum": exact[None]}
    u = torch.rand(samples, len(p), generator=generator, dtype=torch.float64)
    noise = gumbel(u)
    onehot = torch.nn.functional.one_hot((logits + noise).argmax(1), len(p)).double()
    # Score function: f(y) d/d logits log p(y) = f(y) (y - p). It needs no derivative of f.
    found["score"] = f(onehot)[:, None] * (onehot - p)
    mean = (p * f(torch.eye(len(p)).double())).sum()
    found["score, baseline"] = (f(onehot) - mean)[:, None] * (onehot - p)
    names = {f"tau {tau:g}": tau for tau in (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)}
    for name, tau in tqdm(names.items(), desc="temperatures", leave=False):
        each = logits.expand(samples, -1).clone().requires_grad_()
        (found[name],) = torch.autograd.grad(f(((each + noise) / tau).softmax(1)).sum(), each)
    each = logits.expand(samples, -1).clone().requires_grad_()
    u = u.clamp_min(torch.finfo(torch.float64).tiny)
    (through,) = torch.autograd.grad(f(straight_through(each, u, 1.0)).sum(), each)
    return found | {"straight, tau 1": through}


def compare_discrete(weights: Tensor, samples: int, generator: torch.Generator, axis: Axes) -> None:
    """Print and draw bias and variance of each estimator of the discrete gradient."""
    found = gradients(weights, samples, generator)
    exact = found["sum"][0]
    print(f"\ngradient of E[f(y)], {samples} samples; its length is {float(exact.norm()):.4f}")
    print(f"{'estimator':>16} {'bias':>9} {'its error':>10} {'variance':>10}")
    curves: dict[str, list[float]] = {"tau": [], "bias": [], "variance": []}
    for name, each in found.items():
        bias = float((each.mean(0) - exact).norm())
        variance = float((each - each.mean(0)).square().sum(1).mean())
        print(f"{name:>16} {bias:9.5f} {math.sqrt(variance / samples):10.5f} {variance:10.6f}")
        if name.startswith("tau"):
            values = (float(name[4:]), bias, variance)
            for curve, value in zip(curves.values(), values, strict=True):
                curve.append(value)
        if name.startswith("score"):
            style = ":" if name == "score" else "--"
            axis.axhline(variance, color="gray", linestyle=style, label=f"variance, {name}")
    axis.loglog(curves["tau"], curves["bias"], "o-", label="bias")
    axis.loglog(curves["tau"], curves["variance"], "s-", label="variance")
    axis.set(title="gradient of E[f(y)] by Gumbel-softmax", xlabel="tau")
    axis.legend(fontsize=7)


def variance_of(each: Tensor) -> tuple[float, float]:
    """Sample variance and three of its standard errors."""
    square = (each - each.mean()).square()
    return float(square.mean()), 3 * float(square.std()) / math.sqrt(len(each))


def compare_gaussian(mu: float, samples: int, generator: torch.Generator, axis: Axes) -> None:
    """Measure three estimators of d/d mu E[z^2] for shrinking sigma; fail if theory is missed."""
    print(f"\ngradient of E[z^2] in mu = {mu:g}: variance, measured +- 3 errors")
    names = ("path", "score", "score, baseline")
    print(f"{'sigma':>6} {'estimator':>16} {'measured':>22} {'theory':>10}")
    lines: dict[str, list[float]] = {name: [] for name in names}
    sigmas = (2.0, 1.0, 0.5, 0.1)
    for sigma in sigmas:
        noise = torch.randn(samples, generator=generator, dtype=torch.float64)
        z = mu + sigma * noise
        baseline = mu**2 + sigma**2
        each = (2 * z, z**2 * noise / sigma, (z**2 - baseline) * noise / sigma)
        theory = (
            4 * sigma**2,
            mu**4 / sigma**2 + 14 * mu**2 + 15 * sigma**2,
            8 * mu**2 + 10 * sigma**2,
        )
        for name, estimates, expected in zip(names, each, theory, strict=True):
            variance, error = variance_of(estimates)
            lines[name].append(variance)
            print(f"{sigma:6g} {name:>16} {variance:11.3f} +- {error:7.3f} {expected:10.3f}")
            assert abs(variance - expected) < 3 * error, "theory and measurement do not fit"
    for name, measured in lines.items():
        axis.loglog(sigmas, measured, "o-", label=name)
    axis.set(title=f"variance of d/dμ E[z²], μ = {mu:g}", xlabel="σ")
    axis.legend()


def main(
    weights: Annotated[str, typer.Option(help="2 to 8 positive weights.")] = "1,2,5",
    mu: Annotated[float, typer.Option(help="Mean of the Gaussian.", min=-10, max=10)] = 3.0,
    samples: Annotated[int, typer.Option(help="Draws.", min=10_000, max=500_000)] = 50_000,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Check Gumbel-max, then compare gradient estimators for a discrete and a normal variable."""
    try:
        values = torch.tensor([float(x) for x in weights.split(",")], dtype=torch.float64)
    except ValueError as error:
        raise typer.BadParameter(f"{error} in the weights") from error
    if not 2 <= len(values) <= 8 or not bool(((values > 0) & values.isfinite()).all()):
        raise typer.BadParameter("give 2 to 8 positive weights, separated by commas")
    generator = torch.Generator().manual_seed(seed)
    figure, axes = plt.subplots(1, 3, figsize=(13, 3.8))
    follow(torch.tensor([1.0, 2.0, 5.0], dtype=torch.float64))
    draw_classes(values, samples, generator, axes[0])
    compare_discrete(values, samples, generator, axes[1])
    compare_gaussian(mu, samples, generator, axes[2])
    figure.suptitle("Gumbel-max, Gumbel-softmax, and the cost of gradient estimators")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
