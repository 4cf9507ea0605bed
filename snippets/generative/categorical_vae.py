"""A small VAE whose latent is one of four classes, trained by five gradients, judged exactly.

Data are points of the plane around four centres. The encoder gives q(c | x), the decoder a centre
for each class, one variance and a prior. With four classes the bound can be summed exactly, so that
every way to train can be compared with it and with the data's true log-density.

References
  D. P. Kingma, M. Welling: Auto-Encoding Variational Bayes, 2013, arXiv:1312.6114.
  E. Jang, S. Gu, B. Poole: Categorical Reparameterization with Gumbel-Softmax, arXiv:1611.01144.
  W. Kool, H. van Hoof, M. Welling: Buy 4 REINFORCE Samples, Get a Baseline for Free!, 2019.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from tqdm import tqdm

CENTRES = torch.tensor([[1.5, 1.5], [-1.5, 1.5], [-1.5, -1.5], [1.5, -1.5]])
SHARES = torch.tensor([0.4, 0.3, 0.2, 0.1])
CLASSES = len(CENTRES)


def draw_data(count: int, noise: float, generator: torch.Generator) -> Tensor:
    """Points around the centres, (count, 2)."""
    classes = torch.multinomial(SHARES, count, replacement=True, generator=generator)
    return CENTRES[classes] + noise * torch.randn(count, 2, generator=generator)


def true_density(x: Tensor, noise: float) -> Tensor:
    """Log-density of the data's own distribution at each point, (batch,)."""
    square = (x[:, None] - CENTRES).square().sum(-1)
    each = SHARES.log() - square / (2 * noise**2) - math.log(2 * math.pi * noise**2)
    return each.logsumexp(1)


class DiscreteVAE(nn.Module):
    """Encoder to logits of classes; a centre for each class, a prior, one variance."""

    def __init__(self, generator: torch.Generator) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, CLASSES))
        for parameter in self.encoder.parameters():  # of the run's own seed
            nn.init.normal_(parameter, std=0.3, generator=generator)
        self.prior = nn.Parameter(torch.zeros(CLASSES))
        # A small ring, so that no two centres begin at one place.
        angle = torch.arange(CLASSES) * (2 * math.pi / CLASSES) + torch.rand(1, generator=generator)
        self.centres = nn.Parameter(0.5 * torch.stack([angle.cos(), angle.sin()], 1))
        self.log_variance = nn.Parameter(torch.zeros(()))

    def likelihood(self, x: Tensor, y: Tensor) -> Tensor:
        """log p(x | y) for one-hot or softened y: (batch, 2), (..., K) to (batch or more)."""
        square = (x - y @ self.centres).square().sum(-1)
        return -square / (2 * self.log_variance.exp()) - self.log_variance - math.log(2 * math.pi)

    def per_class(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """log q(c | x), and log p(x | c) + log p(c) - log q(c | x), both (batch, K)."""
        log_q = self.encoder(x).log_softmax(1)
        likelihood = self.likelihood(x[:, None], torch.eye(CLASSES))
        return log_q, likelihood + self.prior.log_softmax(0) - log_q


def summed(model: DiscreteVAE, x: Tensor, generator: torch.Generator) -> Tensor:
    """The bound itself: a sum over all classes, no sampling."""
    log_q, terms = model.per_class(x)
    return (log_q.exp() * terms).sum(1)


def by_score(model: DiscreteVAE, x: Tensor, generator: torch.Generator) -> Tensor:
    """The score function with two samples, each the other's baseline (the gradient counts)."""
    log_q, terms = model.per_class(x)
    c = torch.multinomial(log_q.exp().detach(), 2, replacement=True, generator=generator)
    reward, score = terms.gather(1, c), log_q.gather(1, c)
    advantage = (reward - reward.flip(1)).detach()
    return (reward + advantage * score).mean(1)


def by_gumbel(tau: float, hard: bool) -> Callable[[DiscreteVAE, Tensor, torch.Generator], Tensor]:
    """Gumbel-softmax in the likelihood, straight through if `hard`; the divergence is summed."""

    def objective(model: DiscreteVAE, x: Tensor, generator: torch.Generator) -> Tensor:
        log_q = model.encoder(x).log_softmax(1)
        uniform = torch.rand(log_q.shape, generator=generator).clamp(1e-30, 1 - 1e-7)
        soft = ((log_q - torch.log(-torch.log(uniform))) / tau).softmax(1)
        onehot = nn.functional.one_hot(soft.argmax(1), CLASSES)
        y = onehot + (soft - soft.detach()) if hard else soft
        divergence = (log_q.exp() * (log_q - model.prior.log_softmax(0))).sum(1)
        return model.likelihood(x, y) - divergence

    return objective


WAYS: dict[str, Callable[[DiscreteVAE, Tensor, torch.Generator], Tensor]] = {
    "sum over classes": summed,
    "score, 2 samples": by_score,
    "Gumbel, tau 1": by_gumbel(1.0, hard=False),
    "Gumbel, tau 0.3": by_gumbel(0.3, hard=False),
    "straight, tau 1": by_gumbel(1.0, hard=True),
}


def train(name: str, steps: int, noise: float, seed: int) -> DiscreteVAE:
    """Train one model; every way sees the same start and the same data."""
    generator = torch.Generator().manual_seed(seed)
    sampler = torch.Generator().manual_seed(seed + 1)
    model = DiscreteVAE(generator)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.05, fused=True)
    data = draw_data(128 * steps, noise, generator).split(128)
    for step, x in enumerate(tqdm(data, desc=name, leave=False)):
        optimiser.param_groups[0]["lr"] = 0.05 * (1 - step / steps)
        loss = -WAYS[name](model, x, sampler).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model


def main(
    steps: Annotated[int, typer.Option(help="Steps of each way.", min=10, max=20_000)] = 400,
    noise: Annotated[float, typer.Option(help="Noise of the data.", min=0.1, max=2)] = 0.7,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Train by five gradients and print each exact bound beside the true log-density."""
    torch.set_num_threads(1)  # tensors of a few hundred numbers: threads only wait for each other
    x = draw_data(4_000, noise, torch.Generator().manual_seed(seed + 2))
    truth = true_density(x, noise)
    figure, axes = plt.subplots(1, len(WAYS), figsize=(14, 3.2), sharey=True)
    print(f"bound on 4000 test points, nats; the data's own log-density is {truth.mean():.4f}")
    print(f"{'trained by':>17} {'bound':>8} {'below the truth':>20} {'deviation':>10}")
    for axis, name in zip(axes, WAYS, strict=True):
        model = train(name, steps, noise, seed)
        with torch.no_grad():
            gap = truth - summed(model, x, torch.Generator())
            deviation = (model.log_variance / 2).exp()
        error = 3 * float(gap.std()) / len(x) ** 0.5
        bound = float((truth - gap).mean())
        print(f"{name:>17} {bound:8.4f} {float(gap.mean()):10.4f} +- {error:.4f} {deviation:10.3f}")
        axis.scatter(*x[:800].T, s=2, color="lightgray")
        axis.scatter(*model.centres.detach().T, marker="x", color="black")
        axis.set(title=f"{name}\n{bound:.3f}")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
