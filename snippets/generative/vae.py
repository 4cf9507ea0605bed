"""A variational autoencoder: the bound, the living latents, and a sweep of beta with its theory.

Part 1 trains a small VAE on pictures of a soft spot at a random place. Of four latents two come to
life, for the pictures have two degrees of freedom. Part 2 is a linear VAE on data whose covariance
is known. Its optimum is reverse water-filling: a direction of variance L lives if L is above
beta times the decoder's variance, and carries log(L / (beta v)) / 2 nats.

References
  D. P. Kingma, M. Welling: Auto-Encoding Variational Bayes, 2013, arXiv:1312.6114.
  J. Lucas, G. Tucker, R. Grosse, M. Norouzi: Don't Blame the ELBO!, 2019, arXiv:1911.02469.
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

SIZE, LATENTS, PIXEL_NOISE = 12, 4, 0.2


def elbo(
    x: Tensor,
    mu: Tensor,
    log_var: Tensor,
    decode: Callable[[Tensor], Tensor],
    log_noise: Tensor,
    eps: Tensor,
) -> Tensor:
    """The evidence lower bound of each data point from one sample of its latent, (batch,), in nats.

    x: (batch, D); mu, log_var: (batch, d), the encoder's mean and log variance; decode: latents to
    (batch, D) means; log_noise: log variance of the decoder, a scalar; eps: (batch, d), normal.
    """
    # exercise: log-likelihood of x with its constant, minus the closed divergence from N(0, 1)
    # One number per data point: sums over the D numbers and over the d latents.
    # solution
    z = mu + (log_var / 2).exp() * eps
    square = (x - decode(z)).square() / log_noise.exp()
    likelihood = -(square + log_noise + math.log(2 * math.pi)).sum(-1) / 2
    divergence = (mu.square() + log_var.exp() - 1 - log_var).sum(-1) / 2
    return likelihood - divergence
    # end


def check(seed: int = 0) -> None:
    """Judge elbo: a worked table, the bound itself, tiny variances, no mixing of data points."""
    zero = torch.zeros((), dtype=torch.float64)
    for mean, variance, should in (  # z ~ N(0, 1), x = z + noise, x = 2; see the article
        (0.0, 1.0, -3.4189), (1.0, 1.0, -2.4189), (1.0, 0.5, -2.2655), (0.5, 0.5, -2.5155),
    ):  # fmt: skip
        mu = torch.full((2, 1), mean, dtype=torch.float64)
        log_var = torch.full((2, 1), math.log(variance), dtype=torch.float64)
        case = {"x": 2, "mu": mean, "variance": variance}
        # The points +1 and -1 have the mean and the variance of a standard normal number.
        eps = torch.tensor([[1.0], [-1.0]], dtype=torch.float64)
        x = torch.full((2, 1), 2.0, dtype=torch.float64)
        found = elbo(x, mu, log_var, lambda z: z, zero, eps)
        came, shape = tuple(found.shape), (2,)
        assert came == shape, "one number for each data point"
        came = float(found.mean())
        assert abs(came - should) < 1e-4, "the mean bound of the worked example is another"
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    for batch, width, latents in ((1, 1, 1), (2, 3, 2), (3, 5, 4)):
        x, mu, log_var, eps = (normal(batch, width), *(normal(batch, latents) for _ in range(3)))
        matrix, log_noise = normal(latents, width), normal(1)[0]
        case = {"batch": batch, "width": width, "latents": latents}
        came = elbo(x, mu, log_var, lambda z, m=matrix: z @ m, log_noise, eps)
        z = torch.distributions.Normal(mu, (log_var / 2).exp())
        prior = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
        noise = torch.distributions.Normal((mu + z.stddev * eps) @ matrix, (log_noise / 2).exp())
        divergence = torch.distributions.kl_divergence(z, prior).sum(-1)
        should = noise.log_prob(x).sum(-1) - divergence
        assert came.shape == should.shape, "one number for each data point"
        assert torch.allclose(came, should), "differs from the distributions' own formulas"
    leaf = torch.full((1, 1), -200.0, requires_grad=True)
    case = {"log_var": -200}
    found = elbo(torch.zeros(1, 1), torch.zeros(1, 1), leaf, lambda z: z, torch.zeros(()),
                 torch.ones(1, 1))  # fmt: skip
    found.sum().backward()
    came, should = float(leaf.grad), 0.5
    assert bool(torch.isfinite(found).all()), "a tiny variance must give a finite bound"
    assert abs(came - should) < 1e-6, "and a finite gradient"


class Autoencoder(nn.Module):
    """An encoder to means and log variances, a decoder to pictures, MLPs of one hidden layer."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(SIZE * SIZE, 128), nn.Tanh(), nn.Linear(128, 2 * LATENTS)
        )
        self.decoder = nn.Sequential(
            nn.Linear(LATENTS, 128), nn.Tanh(), nn.Linear(128, SIZE * SIZE), nn.Sigmoid()
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (batch, pixels). Mean and log variance of the latents, (batch, LATENTS) each."""
        mu, log_var = self.encoder(x).chunk(2, -1)
        return mu, log_var


def spots(count: int, generator: torch.Generator) -> Tensor:
    """Pictures of a soft spot (deviation 4) at random places, with noise, (count, pixels)."""
    axis = torch.arange(SIZE) + 0.5
    centre = 3 + 6 * torch.rand(count, 2, generator=generator)
    square = (axis - centre[:, :1]).square()[:, :, None] + (axis - centre[:, 1:]).square()[:, None]
    clean = (-square / 32).exp().reshape(count, -1)
    return clean + PIXEL_NOISE * torch.randn(clean.shape, generator=generator)


def train_pictures(steps: int, generator: torch.Generator) -> Autoencoder:
    """Train on fresh spots; the decoder's variance is set to the batch's mean square error."""
    model = Autoencoder()
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    for _ in tqdm(range(steps), desc="pictures", leave=False):
        x = spots(128, generator)
        mu, log_var = model(x)
        eps = torch.randn(mu.shape, generator=generator)
        with torch.no_grad():
            z = mu + (log_var / 2).exp() * eps
            log_noise = (x - model.decoder(z)).square().mean().log()
        loss = -elbo(x, mu, log_var, model.decoder, log_noise, eps).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model


def divergences(mu: Tensor, log_var: Tensor) -> Tensor:
    """Mean divergence of each latent from the prior, in nats, (latents,)."""
    return (mu.square() + log_var.exp() - 1 - log_var).mean(0) / 2


SPECTRUM = (4.0, 2.0, 1.0, 0.5, 0.25, 0.1, 0.1, 0.1)
NOISE = 0.2


def linear_vae(beta: float, steps: int, generator: torch.Generator) -> tuple[float, float, int]:
    """Train a linear VAE with expected loss; rate in nats, distortion, latents that live.

    Latents 8, data of 8 numbers with covariance diag(SPECTRUM) in random axes. The expectation over
    the latent noise is taken exactly, so nothing is random but the start.
    """
    dimension = len(SPECTRUM)
    rotation, _ = torch.linalg.qr(
        torch.randn(dimension, dimension, generator=generator, dtype=torch.float64)
    )
    covariance = rotation @ torch.diag(torch.tensor(SPECTRUM, dtype=torch.float64)) @ rotation.T
    shape = (dimension, dimension)
    encoder = 0.1 * torch.randn(shape, generator=generator, dtype=torch.float64)
    decoder = 0.1 * torch.randn(shape, generator=generator, dtype=torch.float64)
    log_var = torch.zeros(dimension, dtype=torch.float64)
    parts = [part.requires_grad_() for part in (encoder, decoder, log_var)]
    optimiser = torch.optim.Adam(parts, lr=0.02)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, steps)
    one = torch.eye(dimension, dtype=torch.float64)
    for _ in tqdm(range(steps), desc=f"beta {beta}", leave=False):
        lost = one - decoder @ encoder
        spread = (decoder.square() * log_var.exp()).sum()
        distortion = (lost @ covariance @ lost.T).trace() + spread
        latent = (encoder @ covariance @ encoder.T).diagonal()
        rates = (latent + log_var.exp() - 1 - log_var) / 2
        loss = distortion / (2 * NOISE) + beta * rates.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    living = int((rates > 0.02).sum())
    return float(rates.sum().detach()), float(distortion.detach()), living


def water_filling(beta: float) -> tuple[float, float, int]:
    """The optimum in closed form: rate, distortion, living latents."""
    level = beta * NOISE
    above = [value for value in SPECTRUM if value > level]
    rate = sum(math.log(value / level) / 2 for value in above)
    return rate, sum(min(value, level) for value in SPECTRUM), len(above)


def sweep(steps: int, generator: torch.Generator) -> list[tuple[float, float, float]]:
    """Rate and distortion over beta beside theory."""
    print("\nlinear VAE       rate in nats       distortion      living latents")
    print("  beta       theory  trained   theory  trained   theory  trained")
    rows = []
    for beta in (1.0, 2.0, 10.0):
        rate, distortion, living = water_filling(beta)
        found = linear_vae(beta, steps, generator)
        rows.append((beta, found[0], found[1]))
        print(f"{beta:6.1f} {rate:12.4f} {found[0]:8.4f} {distortion:8.3f} {found[1]:8.3f}", end="")
        print(f" {living:8d} {found[2]:8d}")
    print("(expected after 1500 steps: rates and distortions within 0.01)")
    return rows


def draw(model: Autoencoder, x: Tensor, rows: list[tuple[float, float, float]]) -> None:
    """Pictures and reconstructions, the map of the two living latents, rate against distortion."""
    with torch.no_grad():
        mu, log_var = model(x)
        rebuilt = model.decoder(mu)
        first, second = divergences(mu, log_var).argsort(descending=True)[:2].tolist()
        axis = torch.linspace(-2, 2, 7)
        z = torch.zeros(49, LATENTS)
        z[:, first], z[:, second] = axis.repeat_interleave(7), axis.repeat(7)
        grid = model.decoder(z).reshape(7, 7, SIZE, SIZE).permute(0, 2, 1, 3)
    figure, (pairs, latent, curve) = plt.subplots(1, 3, figsize=(13, 4))
    columns = [torch.cat([a.reshape(SIZE, SIZE), b.reshape(SIZE, SIZE)])
               for a, b in zip(x[:6], rebuilt[:6], strict=True)]  # fmt: skip
    pairs.imshow(torch.cat(columns, 1), cmap="gray", vmin=0, vmax=1)
    pairs.set_title("pictures, and rebuilt")
    latent.imshow(grid.reshape(7 * SIZE, 7 * SIZE), cmap="gray", vmin=0, vmax=1)
    latent.set_title("the two living latents")
    betas = [10 ** (step / 20 - 1) for step in range(55)]
    theory = [water_filling(beta) for beta in betas]
    curve.plot([row[1] for row in theory], [row[0] for row in theory], label="theory")
    curve.scatter([row[2] for row in rows], [row[1] for row in rows], label="trained")
    curve.set_xlabel("distortion")
    curve.set_ylabel("rate in nats")
    curve.legend()
    for axes in (pairs, latent):
        axes.axis("off")
    figure.tight_layout()
    plt.show()


def main(
    steps: Annotated[int, typer.Option(min=50, max=20_000, help="Steps of each training")] = 1500,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Train on spots, count living latents, and sweep beta where the optimum is known."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = train_pictures(steps, generator)
    x = spots(2000, generator)
    with torch.no_grad():
        mu, log_var = model(x)
        error = float((x - model.decoder(mu)).square().mean())
    nats = sorted(divergences(mu, log_var).tolist(), reverse=True)
    print("soft spots at a random place: divergence of each latent from the prior, in nats")
    print("  " + "  ".join(f"{value:.2f}" for value in nats))
    print(f"  mean square error {error:.5f}, of which noise {PIXEL_NOISE**2:.5f}", end="")
    print(f"; variance of the pixels {float(x.var(0).mean()):.4f}")
    draw(model, x, sweep(steps, generator))


if __name__ == "__main__":
    typer.run(main)
