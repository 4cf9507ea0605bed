"""Latent diffusion in small: an autoencoder, diffusion in its latents, and a prompt that is obeyed.

Pictures of 16 x 16 show a ring, a cross or a diamond. Stage 1 compresses them to 8 numbers; they
are centred and divided by their deviation, as the schedule presumes unit variance. Stage 2 learns
to predict the velocity of noised latents given a word, which is left out at random. DDIM samples
latents with guidance, and the decoder turns them into pictures. How often the prompt is obeyed is
read off by the nearest of many clean pictures.

References
  R. Rombach, A. Blattmann, D. Lorenz, P. Esser, B. Ommer: High-Resolution Image Synthesis with
  Latent Diffusion Models, 2021, arXiv:2112.10752.
"""

from __future__ import annotations

import itertools
import math
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from tqdm import tqdm

SIZE, LATENTS, WORDS = 16, 8, ("ring", "cross", "diamond")
DROPPED = 0.15  # share of prompts that are left out in training


def ddim_step(
    x: Tensor, noise: Tensor, kept: Tensor, following: Tensor, eta: float, z: Tensor
) -> Tensor:
    """One DDIM step from the signal power `kept` to `following`, larger, from the predicted noise.

    x, noise: the noised data and the predicted noise, one shape; kept, following: alpha-bar before
    and after, scalar tensors in (0, 1]; eta: 0 deterministic, 1 as DDPM; z: standard normal.
    """
    # exercise: the clean value that the noise implies, then the next noised value
    # sigma^2 = eta^2 (1 - following) / (1 - kept) (1 - kept / following); the signal power fixes
    # how much of the predicted noise is left beside the fresh one.
    # solution
    clean = (x - (1 - kept).sqrt() * noise) / kept.sqrt()
    variance = eta**2 * (1 - following) / (1 - kept) * (1 - kept / following)
    direction = (1 - following - variance).clamp(min=0).sqrt()
    return following.sqrt() * clean + direction * noise + variance.sqrt() * z
    # end


def check(seed: int = 0) -> None:
    """Judge ddim_step: by hand, the last step, DDPM's moments, kept marginals, composed steps."""

    def number(value: float) -> Tensor:
        return torch.tensor(value, dtype=torch.float64)

    one, half = number(1.0), number(0.5)
    for eta, z, should in ((0.0, 0.0, 1.0413), (1.0, 0.0, 0.9295), (1.0, 1.0, 1.3168)):
        case = {"x": 1.0, "noise": 0.5, "kept": 0.5, "following": 0.8, "eta": eta, "z": z}
        came = float(ddim_step(one, half, half, number(0.8), eta, number(z)))
        assert abs(came - should) < 1e-4, "the worked example ends elsewhere"
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    clean, noise, z = normal(4), normal(4), normal(4)
    for kept, following in ((0.5, 0.8), (0.005, 0.02), (0.9, 1.0)):
        a, b = number(kept), number(following)
        x = a.sqrt() * clean + (1 - a).sqrt() * noise
        case = {"clean": clean, "noise": noise, "kept": kept, "following": following, "eta": 0}
        came = ddim_step(x, noise, a, b, 0.0, z)
        should = b.sqrt() * clean + (1 - b).sqrt() * noise
        assert torch.allclose(came, should), "with the true noise the step stays on the true path"
        alpha = a / b
        case = {"x": x, "noise": noise, "kept": kept, "following": following, "eta": 1}
        came = ddim_step(x, noise, a, b, 1.0, 0 * z)
        weight = b.sqrt() * (1 - alpha) / (1 - a)
        should = weight * clean + alpha.sqrt() * (1 - b) / (1 - a) * x
        assert torch.allclose(came, should), "eta = 1 must have the mean of DDPM's posterior"
        came = (ddim_step(x, noise, a, b, 1.0, z) - came).square()
        should = (1 - alpha) * (1 - b) / (1 - a) * z.square()
        assert torch.allclose(came, should), "eta = 1 must have the variance of DDPM's posterior"
        case["eta"] = 0.5
        came = (ddim_step(x, noise, a, b, 0.5, z) - ddim_step(x, noise, a, b, 0.5, 0 * z)).square()
        assert torch.allclose(came, should / 4), "the fresh noise grows with eta squared"
    a, b, c = number(0.1), number(0.4), number(0.7)
    x = a.sqrt() * clean + (1 - a).sqrt() * noise
    case = {"clean": clean, "noise": noise, "kept": 0.1, "between": 0.4, "following": 0.7, "eta": 0}
    came = ddim_step(ddim_step(x, noise, a, b, 0.0, z), noise, b, c, 0.0, z)
    should = ddim_step(x, noise, a, c, 0.0, z)
    assert torch.allclose(came, should), "two steps with one noise must end where one step does"
    count, a, b = 100_000, number(0.3), number(0.6)
    for eta in (0.0, 0.5, 1.0):
        noise, z = normal(count), normal(count)
        x = a.sqrt() * 1.5 + (1 - a).sqrt() * noise
        case = {"clean": 1.5, "kept": 0.3, "following": 0.6, "eta": eta}
        came, should = float(ddim_step(x, noise, a, b, eta, z).var()), 0.4
        assert abs(came - should) < 0.008, "any eta must keep the variance 1 - following"


class Autoencoder(nn.Module):
    """Pictures (n, 256) to latents (n, 8) and back."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(SIZE**2, 128), nn.SiLU(), nn.Linear(128, LATENTS))
        self.decoder = nn.Sequential(
            nn.Linear(LATENTS, 128), nn.SiLU(), nn.Linear(128, SIZE**2), nn.Sigmoid()
        )


def draw_shapes(words: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures of the words (n,), at random places and sizes, with soft edges, (n, 256)."""
    axis = torch.arange(SIZE) + 0.5
    x, y = (8 + 2 * torch.rand(len(words), 1, 1, generator=generator) - 1 for _ in range(2))
    radius = 3 + 2 * torch.rand(len(words), 1, 1, generator=generator)
    dx, dy = (axis - x).abs(), (axis[:, None] - y).abs()
    ring = 1.2 - ((dx.square() + dy.square()).sqrt() - radius).abs()
    cross = torch.minimum(1.2 - torch.minimum(dx, dy), radius - torch.maximum(dx, dy))
    diamond = 0.5 * (radius - dx - dy)
    every = torch.stack([ring, cross, diamond], 1)
    chosen = every[torch.arange(len(words)), words]
    return torch.sigmoid(4 * chosen).flatten(1)


def first_stage(steps: int, generator: torch.Generator) -> tuple[Autoencoder, float]:
    """Train the autoencoder; it and its error on new pictures."""
    model = Autoencoder()
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in tqdm(range(steps), desc="stage 1", leave=False):
        x = draw_shapes(torch.randint(3, (128,), generator=generator), generator)
        loss = (model.decoder(model.encoder(x)) - x).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    x = draw_shapes(torch.randint(3, (1000,), generator=generator), generator)
    with torch.no_grad():
        return model, float((model.decoder(model.encoder(x)) - x).square().mean())


def signal_power(t: Tensor) -> Tensor:
    """Alpha-bar of the cosine schedule at t in [0, 1]."""
    return (0.5 * math.pi * (0.002 + 0.996 * t)).cos().square()


class Velocity(nn.Module):
    """Predicts the velocity sqrt(a) noise - sqrt(1 - a) clean of noised latents, given a word."""

    def __init__(self, width: int = 192) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(LATENTS + 8 + 4, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(),
            nn.Linear(width, LATENTS),
        )  # fmt: skip

    def forward(self, x: Tensor, t: Tensor, words: Tensor) -> Tensor:
        """x: (n, 8); t: (n,) in [0, 1]; words: (n,), 3 for none. Velocities (n, 8)."""
        waves = t[:, None] * math.pi * torch.tensor([0.5, 1.0, 2.0, 4.0])
        return self.layers(torch.cat([x, waves.sin(), waves.cos(), F.one_hot(words, 4)], 1))


def second_stage(latents: Tensor, words: Tensor, steps: int, generator: torch.Generator):
    """Train the velocity on stored latents (n, 8) of the words (n,)."""
    model = Velocity()
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in tqdm(range(steps), desc="stage 2", leave=False):
        chosen = torch.randint(len(latents), (256,), generator=generator)
        clean, t = latents[chosen], torch.rand(256, generator=generator)
        noise = torch.randn(clean.shape, generator=generator)
        none = torch.rand(256, generator=generator) < DROPPED
        a = signal_power(t)[:, None]
        noised = a.sqrt() * clean + (1 - a).sqrt() * noise
        target = a.sqrt() * noise - (1 - a).sqrt() * clean
        prompt = torch.where(none, 3, words[chosen])
        loss = (model(noised, t, prompt) - target).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return model


@torch.no_grad()
def sample(
    model: Velocity, words: Tensor, scale: float, steps: int, eta: float, seed: int
) -> list[Tensor]:
    """Latents by DDIM with guidance `scale` (1: none), (n, 8) after each step."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(len(words), LATENTS, generator=generator)
    times = torch.linspace(1, 0, steps + 1)
    seen = [x]
    for before, after in itertools.pairwise(times):
        t = before.expand(len(words))
        a = signal_power(before)
        velocity = model(x, t, words)
        if scale != 1:
            free = model(x, t, torch.full_like(words, 3))
            velocity = free + scale * (velocity - free)
        noise = a.sqrt() * velocity + (1 - a).sqrt() * x
        following = signal_power(after) if after > 0 else torch.ones(())
        z = torch.randn(x.shape, generator=generator)
        x = ddim_step(x, noise, a, following, eta, z)
        seen.append(x)
    return seen


def main(
    steps: Annotated[int, typer.Option(min=50, max=20_000, help="Steps of stage 2")] = 1600,
    sampling: Annotated[int, typer.Option(min=2, max=500, help="Steps of the sampler")] = 25,
    eta: Annotated[float, typer.Option(min=0, max=1, help="Noise of the sampler")] = 0.0,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Train both stages, sample with and without guidance, and count obeyed prompts."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    autoencoder, error = first_stage(600, generator)
    words = torch.randint(3, (4096,), generator=generator)
    pictures = draw_shapes(words, generator)
    with torch.no_grad():
        raw = autoencoder.encoder(pictures)
    mean = raw.mean(0)
    deviation = (raw - mean).std()
    latents = (raw - mean) / deviation
    print(f"256 numbers to {LATENTS}: {256 // LATENTS} times fewer")
    print(f"  error of the autoencoder {error:.4f}, variance of a pixel "
          f"{float(pictures.var(0).mean()):.4f}")  # fmt: skip
    print(f"  deviation of the latents {float(deviation):.2f}, scaled {float(latents.std()):.3f}")
    model = second_stage(latents, words, steps, generator)

    def decode(x: Tensor) -> Tensor:
        with torch.no_grad():
            return autoencoder.decoder(x * deviation + mean)

    def shapes(images: Tensor) -> Tensor:
        return words[torch.cdist(images, pictures).argmin(1)]

    prompts = torch.arange(3).repeat(100)
    figure, panels = plt.subplots(1, 4, figsize=(14, 3.8))
    print("  scale   prompt obeyed   deviation of sampled latents")
    for scale, panel in zip((1.0, 3.0), panels, strict=False):
        x = sample(model, prompts, scale, sampling, eta, seed)[-1]
        obeyed = float((shapes(decode(x)) == prompts).double().mean())
        print(f"  {scale:4.0f} {obeyed:14.3f} {float(x.std()):18.3f}")
        grid = decode(x[:9]).reshape(3, 3, SIZE, SIZE).permute(0, 2, 1, 3)
        panel.imshow(grid.reshape(48, 48), cmap="gray", vmin=0, vmax=1)
        panel.set_title(f"ring, cross, diamond; scale {scale:.0f}")
    free = sample(model, torch.full((300,), 3), 1.0, sampling, eta, seed)[-1]
    shares = torch.bincount(shapes(decode(free)), minlength=3) / 300
    print("without a prompt: " + ", ".join(f"{w} {float(s):.2f}" for w, s in
                                           zip(WORDS, shares, strict=True)), end="")  # fmt: skip
    print("   (in the data a third each)")
    steps_seen = sample(model, torch.tensor([0, 1, 2]), 3.0, sampling, eta, seed)
    chosen = [0, len(steps_seen) // 2, 3 * len(steps_seen) // 4, len(steps_seen) - 1]
    rows = torch.cat([decode(steps_seen[k]).reshape(3 * SIZE, SIZE) for k in chosen], 1)
    panels[2].imshow(rows, cmap="gray", vmin=0, vmax=1)
    panels[2].set_title("one sample of each, while denoised")
    panels[3].imshow(decode(latents[:9]).reshape(3, 3, SIZE, SIZE).permute(0, 2, 1, 3)
                     .reshape(48, 48), cmap="gray", vmin=0, vmax=1)  # fmt: skip
    panels[3].set_title("data through the autoencoder")
    for panel in panels:
        panel.axis("off")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
