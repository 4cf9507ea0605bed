"""A noise-conditional score network on two far islands, and two laws of score matching measured.

Data: a fifth of the points around (-5, -5), the others around (5, 5). A network learns the score at
eight levels of noise by the denoising loss; it is compared with the exact score, and annealed
Langevin sampling with plain Langevin. Two laws stand beside measurements: the floor below which the
denoising loss cannot fall, and the variance at which Langevin steps of finite length settle.

References
  P. Vincent: A Connection Between Score Matching and Denoising Autoencoders, 2011.
  Y. Song, S. Ermon: Generative Modeling by Estimating Gradients of the Data Distribution, 2019,
  arXiv:1907.05600.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from tqdm import tqdm

CENTRES = torch.tensor([[-5.0, -5.0], [5.0, 5.0]])
SHARES = torch.tensor([0.2, 0.8])
LEVELS = torch.logspace(1, -0.30103, 8)  # from 10 to 0.5
Score = Callable[[Tensor, Tensor], Tensor]


def dsm_loss(score: Score, x: Tensor, sigma: Tensor, z: Tensor) -> Tensor:
    """The denoising loss, weighted by the variance of the noise; a scalar.

    score: maps points (n, d) and noise levels (n,) to scores (n, d); x: clean points (n, d);
    sigma: one level for each point, (n,); z: standard normal, (n, d). The mean over points of
    sigma^2 |score(x + sigma z, sigma) - target|^2, summed over coordinates.
    """
    # exercise: noise the points, compare the score there with the score of the noise's kernel
    # The kernel is normal around x with deviation sigma; write its score by z.
    # solution
    spread = sigma[:, None]
    residual = score(x + spread * z, sigma) + z / spread
    return (spread * residual).square().sum(-1).mean()
    # end


def check(seed: int = 0) -> None:
    """Judge dsm_loss: one point by hand, a level for each point, the floor and its minimum."""
    x, sigma, z = torch.tensor([[1.0]]), torch.tensor([0.5]), torch.tensor([[0.6]])
    case = {"x": 1.0, "sigma": 0.5, "z": 0.6, "score": "-y / 1.25"}
    came = float(dsm_loss(lambda y, s: -y / 1.25, x, sigma, z))
    should = 0.25 * (-1.04 + 1.2) ** 2
    assert abs(came - should) < 1e-6, "the worked example has another loss"
    x, sigma = torch.zeros(2, 2), torch.tensor([0.5, 2.0])
    z = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    case = {"x": "zeros", "sigma": sigma, "z": z, "score": "0"}
    came, should = float(dsm_loss(lambda y, s: torch.zeros_like(y), x, sigma, z)), 1.5
    assert abs(came - should) < 1e-6, "with the weight, a score of zero costs |z|^2 at any level"
    seen: list[tuple[Tensor, Tensor]] = []

    def spy(y: Tensor, s: Tensor) -> Tensor:
        seen.append((y, s))
        return torch.zeros_like(y)

    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    x, sigma, z = normal(3, 2), normal(3).exp(), normal(3, 2)
    case = {"x": x, "sigma": sigma, "z": z}
    dsm_loss(spy, x, sigma, z)
    came, should = seen[0][0], x + sigma[:, None] * z
    assert torch.allclose(came, should), "the score must be asked at the noised points"
    assert torch.equal(seen[0][1], sigma), "the score must be told the level of each point"
    slope = torch.tensor(-0.3, dtype=torch.float64, requires_grad=True)
    loss = dsm_loss(lambda y, s: slope * y, x, sigma, z)
    assert loss.requires_grad, "the loss must pass gradients to the score"
    count, variance, size = 40_000, 2.0, 2
    x, z = variance**0.5 * normal(count, size), normal(count, size)
    levels = torch.full((count,), 1.5, dtype=torch.float64)
    case = {"data": "N(0, 2) in two dimensions", "sigma": 1.5}
    total = variance + 1.5**2
    came = float(dsm_loss(lambda y, s: -y / total, x, levels, z))
    should = size * variance / total
    assert abs(came - should) < 0.03, "the true score must have the loss d v / (v + sigma^2)"
    for factor in (0.7, 1.3):
        worse = float(dsm_loss(lambda y, s, f=factor: -f * y / total, x, levels, z))
        assert worse > came + 0.02, "a wrong score must cost more than the true one"


class Network(nn.Module):
    """Score network for the plane: input scaled by the noised spread, output divided by sigma."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(3, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 2)
        )

    def forward(self, x: Tensor, sigma: Tensor) -> Tensor:
        """x: (n, 2); sigma: (n,). Scores (n, 2)."""
        spread = sigma[:, None]
        scaled = x / (26 + spread.square()).sqrt()
        return self.layers(torch.cat([scaled, spread.log()], -1)) / spread


def data(count: int, generator: torch.Generator) -> Tensor:
    """Points of the mixture, unit variance around each centre, (count, 2)."""
    island = torch.multinomial(SHARES, count, replacement=True, generator=generator)
    return CENTRES[island] + torch.randn(count, 2, generator=generator)


def exact_score(x: Tensor, sigma: Tensor) -> Tensor:
    """Score of the noised mixture at x: (n, 2) and levels (n,), (n, 2)."""
    variance = 1 + sigma.square()[:, None]
    away = CENTRES - x[:, None]  # (n, 2 islands, 2)
    weight = (SHARES.log() - away.square().sum(-1) / (2 * variance)).softmax(-1)
    return (weight[:, :, None] * away).sum(1) / variance


def train(steps: int, generator: torch.Generator) -> Network:
    """Minimise the denoising loss, a random level for each point."""
    network = Network()
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in tqdm(range(steps), leave=False):
        x = data(512, generator)
        sigma = LEVELS[torch.randint(len(LEVELS), (512,), generator=generator)]
        loss = dsm_loss(network, x, sigma, torch.randn(512, 2, generator=generator))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network


@torch.no_grad()
def langevin(
    score: Score, levels: Tensor, walkers: int, generator: torch.Generator, rounds: int = 30
) -> Tensor:
    """Some Langevin steps of length 0.1 sigma^2 at each level, from a wide square, (n, 2)."""
    x = 16 * torch.rand(walkers, 2, generator=generator) - 8
    for level in levels:
        sigma = level.expand(walkers)
        step = 0.1 * level.square()
        for _ in range(rounds):
            noise = torch.randn(x.shape, generator=generator)
            x = x + step * score(x, sigma) + (2 * step).sqrt() * noise
    return x


def laws(generator: torch.Generator) -> None:
    """Floor of the loss on Gaussian data and variance of Langevin steps, three standard errors."""
    count = 200_000
    x = torch.randn(count, 1, generator=generator)
    z = torch.randn(count, 1, generator=generator)
    print("floor of the denoising loss, data N(0, 1): v / (v + sigma^2)")
    for level in (0.5, 1.0, 2.0):
        total = 1 + level**2
        noised = x + level * z
        losses = (level * (-noised / total + z / level)).square()
        error = 3 * float(losses.std()) / count**0.5
        print(f"  sigma {level}:  {1 / total:.4f}   measured {float(losses.mean()):.4f} "
              f"+- {error:.4f}")  # fmt: skip
    print("variance of Langevin steps on N(0, 1): 1 / (1 - h / 2), not 1")
    for step in (0.1, 0.5, 1.0):
        walkers = torch.randn(20_000, generator=generator)
        for _ in range(200 if step < 0.5 else 40):
            noise = torch.randn(20_000, generator=generator)
            walkers = walkers - step * walkers + (2 * step) ** 0.5 * noise
        theory = 1 / (1 - step / 2)
        error = 3 * theory * (2 / 20_000) ** 0.5
        print(f"  h {step}:      {theory:.4f}   measured {float(walkers.var()):.4f} +- {error:.4f}")


@torch.no_grad()
def draw(network: Network, samples: Tensor, plain: Tensor) -> None:
    """The learned field at a high and a low level, and samples of both ways."""
    figure, panels = plt.subplots(1, 4, figsize=(15, 3.9))
    axis = torch.linspace(-8, 8, 15)
    grid = torch.cartesian_prod(axis, axis)
    for level, panel in ((LEVELS[0], panels[0]), (LEVELS[-1], panels[1])):
        arrows = network(grid, level.expand(len(grid)))
        arrows = arrows / (1e-6 + arrows.norm(dim=1, keepdim=True)).sqrt()
        panel.quiver(*grid.T, *arrows.T)
        panel.scatter(*CENTRES.T, color="tab:red", zorder=3)
        panel.set_title(f"learned score, sigma {float(level):.1f}")
    for points, name, panel in ((plain, "plain Langevin", panels[2]),
                                (samples, "annealed Langevin", panels[3])):  # fmt: skip
        panel.scatter(*points[:1500].T, s=2)
        panel.set_xlim(-9, 9)
        panel.set_ylim(-9, 9)
        panel.set_title(name)
    figure.tight_layout()
    plt.show()


def main(
    steps: Annotated[int, typer.Option(min=20, max=20_000, help="Steps of training")] = 1200,
    rounds: Annotated[int, typer.Option(min=1, max=1000, help="Langevin steps a level")] = 30,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Learn the score of two islands, sample both ways, and measure two laws."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    network = train(steps, generator)
    print("learned against exact score: sigma^2 times the square error, by level")
    errors = []
    with torch.no_grad():
        for level in LEVELS:
            sigma = level.expand(4000)
            x = data(4000, generator) + level * torch.randn(4000, 2, generator=generator)
            gap = level * (network(x, sigma) - exact_score(x, sigma))
            errors.append(float(gap.square().sum(-1).mean()))
    print("  sigma " + " ".join(f"{float(level):6.2f}" for level in LEVELS))
    print("  error " + " ".join(f"{error:6.3f}" for error in errors))
    lowest = LEVELS[-1:].repeat(len(LEVELS))
    annealed = langevin(network, LEVELS, 4000, generator, rounds)
    annealed_exact = langevin(exact_score, LEVELS, 4000, generator, rounds)
    plain = langevin(network, lowest, 4000, generator, rounds)
    plain_exact = langevin(exact_score, lowest, 4000, generator, rounds)
    print("share of samples near (5, 5); the data have 0.8")
    for name, points in (("annealed, learned score", annealed),
                         ("annealed, exact score", annealed_exact),
                         ("plain, learned score", plain),
                         ("plain, exact score", plain_exact)):  # fmt: skip
        print(f"  {name:24s} {float((points.sum(1) > 0).float().mean()):.3f}")
    laws(generator)
    draw(network, annealed, plain)


if __name__ == "__main__":
    typer.run(main)
