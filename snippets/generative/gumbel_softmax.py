"""Gumbel-max, Gumbel-softmax, and the variance of the two ways to estimate a gradient.

Part 1 draws classes as argmax(log p + Gumbel noise) and holds their frequencies against p.
Part 2 softens the argmax to softmax((log p + G) / tau): samples near one-hot at a small tau, near
uniform at a large one, and what tau does to the gradient of E[f(y)]: bias against variance.
Part 3 estimates d/d mu of E[z^2], z ~ N(mu, sigma^2), by the pathwise and the score-function
estimator. Both have mean 2 mu; the variances are 4 sigma^2 and mu^4/sigma^2 + 14 mu^2 + 15 sigma^2.

References
  D. P. Kingma, M. Welling: Auto-Encoding Variational Bayes, 2013, arXiv:1312.6114.
  E. Jang, S. Gu, B. Poole: Categorical Reparameterization with Gumbel-Softmax, arXiv:1611.01144.
  C. J. Maddison, A. Mnih, Y. W. Teh: The Concrete Distribution, 2016, arXiv:1611.00712.
"""

from __future__ import annotations

from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from matplotlib.axes import Axes
from torch import Tensor
from tqdm import tqdm

WORTH = torch.tensor([0.9, 0.1, 0.6, 0.3, 0.0], dtype=torch.float64)  # of each class, for f below


def gumbel(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Standard Gumbel noise by inverse transform: F(x) = exp(-exp(-x)), so x = -log(-log u)."""
    uniform = torch.rand(shape, generator=generator, dtype=torch.float64)
    # rand() may return 0, whose logarithm is infinite; the clamp moves one draw in 2^53.
    return -torch.log(-torch.log(uniform.clamp_min(torch.finfo(torch.float64).tiny)))


def check_gumbel_max(logits: Tensor, samples: int, generator: torch.Generator, axis: Axes) -> None:
    """Compare frequencies of argmax(logits + G) with softmax(logits); fail beyond 5 errors."""
    p = logits.softmax(0)
    classes = (logits + gumbel((samples, len(p)), generator)).argmax(1)
    frequency = torch.bincount(classes, minlength=len(p)) / samples
    error = (p * (1 - p) / samples).sqrt()
    print(f"Gumbel-max, {samples} draws\n{'class':>5} {'p':>8} {'frequency':>10} {'2 errors':>9}")
    for k, row in enumerate(zip(p.tolist(), frequency.tolist(), error.tolist(), strict=True)):
        print(f"{k:5d} {row[0]:8.4f} {row[1]:10.4f} {2 * row[2]:9.4f}")
    assert bool(((frequency - p).abs() < 5 * error).all()), "frequencies do not follow p"
    axis.bar(range(len(p)), p.numpy(), color="lightgray", label="p")
    axis.errorbar(
        range(len(p)), frequency, 2 * error, fmt="o", capsize=4, label="drawn, ± 2 errors"
    )
    axis.set(title="argmax(log p + G)", xlabel="class")
    axis.legend()


def f(y: Tensor) -> Tensor:
    """What is to be improved: a loss of a one-hot or softened y, (..., K) to (...)."""
    return ((y * WORTH[: y.shape[-1]]).sum(-1) - 0.5) ** 2


def sweep_temperature(
    logits: Tensor, samples: int, generator: torch.Generator, one_hot: Axes, trade: Axes
) -> None:
    """Plot how one-hot samples are, and the bias and variance of the gradient, against tau."""
    leaf = logits.clone().requires_grad_()
    loss = (leaf.softmax(0) * f(torch.eye(len(logits), dtype=torch.float64))).sum()
    (exact,) = torch.autograd.grad(loss, leaf)

    noise = gumbel((samples, len(logits)), generator)
    classes = (logits + noise).argmax(1)
    onehot = torch.nn.functional.one_hot(classes, len(logits)).double()
    # Score function: f(y) d/d logits log p(y) = f(y) (y - p). It needs no derivative of f.
    score = f(onehot)[:, None] * (onehot - logits.softmax(0))
    score_error = ((score.mean(0) - exact).norm(), score.var(0).sum())

    taus = torch.logspace(-1.3, 1, 14, dtype=torch.float64)
    print(f"\n{'tau':>6} {'mean largest entry':>19} {'bias of gradient':>17} {'variance':>9}")
    largest, bias, variance = [], [], []
    for tau in tqdm(taus.tolist(), desc="temperatures", leave=False):
        each = logits.expand(samples, -1).clone().requires_grad_()  # one gradient per sample
        y = ((each + noise) / tau).softmax(1)
        (gradients,) = torch.autograd.grad(f(y).sum(), each)
        largest.append(y.detach().amax(1).mean().item())
        bias.append((gradients.mean(0) - exact).norm().item())
        variance.append(gradients.var(0).sum().item())
        print(f"{tau:6.2f} {largest[-1]:19.4f} {bias[-1]:17.5f} {variance[-1]:9.5f}")
    print(f" score {'1.0000':>19} {score_error[0]:17.5f} {score_error[1]:9.5f}")
    assert largest[0] > 0.9 > largest[-1], "a small tau must sharpen, a large one flatten"

    one_hot.semilogx(taus, largest, "o-")
    one_hot.axhline(1 / len(logits), color="gray", linestyle=":", label="uniform")
    one_hot.set(title="mean largest entry of a sample", xlabel="tau")
    one_hot.legend()
    trade.loglog(taus, bias, "o-", label="bias")
    trade.loglog(taus, variance, "s-", label="variance")
    trade.axhline(score_error[1].item(), color="gray", linestyle=":", label="variance, score")
    trade.set(title="gradient of E[f(y)] by Gumbel-softmax", xlabel="tau")
    trade.legend()


def compare_estimators(samples: int, generator: torch.Generator, axis: Axes) -> None:
    """Measure both estimators of d/d mu E[z^2] over mu, with sigma = 1."""
    print(f"\ngradient of E[z^2], sigma = 1\n{'mu':>5} {'exact':>6}", end="")
    print(f" {'pathwise':>9} {'score':>9}  variances: {'pathwise':>9} {'score':>9} {'theory':>9}")
    means = torch.linspace(0, 3, 7, dtype=torch.float64)
    measured = []
    for mu in means.tolist():
        noise = torch.randn(samples, generator=generator, dtype=torch.float64)
        z = mu + noise
        pathwise = 2 * z  # f'(z) dz/d mu
        score = z**2 * noise  # f(z) d/d mu log p(z) = f(z) (z - mu) / sigma^2
        theory = mu**4 + 14 * mu**2 + 15
        measured.append((pathwise.var().item(), score.var().item()))
        print(f"{mu:5.1f} {2 * mu:6.1f} {pathwise.mean():9.4f} {score.mean():9.4f}", end="")
        print(f"{measured[-1][0]:22.3f} {measured[-1][1]:9.3f} {theory:9.3f}")
        assert abs(score.mean() - 2 * mu) < 5 * (theory / samples) ** 0.5
        assert abs(pathwise.mean() - 2 * mu) < 5 * (4 / samples) ** 0.5
    axis.semilogy(means, [one for one, _ in measured], "o-", label="pathwise")
    axis.semilogy(means, [other for _, other in measured], "s-", label="score function")
    axis.semilogy(means, means**4 + 14 * means**2 + 15, ":", color="black", label="theory")
    axis.semilogy(means, torch.full_like(means, 4), ":", color="black")
    axis.set(title="variance of d/dμ E[z²]", xlabel="μ")
    axis.legend()


def main(
    logits: Annotated[str, typer.Option(help="Up to 5 logits.")] = "2,1,0.5,0,-1",
    samples: Annotated[int, typer.Option(help="Draws.", min=1_000, max=1_000_000)] = 50_000,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Check Gumbel-max, sweep the temperature, compare two gradient estimators."""
    try:
        scores = torch.tensor([float(x) for x in logits.split(",")], dtype=torch.float64)
    except ValueError as error:
        raise typer.BadParameter(f"{error} in the logits") from error
    if not 2 <= len(scores) <= len(WORTH):
        raise typer.BadParameter(f"give 2 to {len(WORTH)} logits, separated by commas")
    generator = torch.Generator().manual_seed(seed)
    figure, axes = plt.subplots(2, 2, figsize=(9, 6.4))
    check_gumbel_max(scores, samples, generator, axes[0, 0])
    sweep_temperature(scores, samples, generator, axes[0, 1], axes[1, 0])
    compare_estimators(samples, generator, axes[1, 1])
    figure.suptitle("Gumbel-max, Gumbel-softmax, and two gradient estimators")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
