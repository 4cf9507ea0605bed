"""VQGAN's two stages on tiny pictures whose law is known: compress, then model the codes.

A picture is 4 x 4 tiles of four patterns, with pixel noise; in raster order the tiles follow a
Markov chain (stay with 0.7, else one of the three others). Stage 1 learns a patch encoder, four
codes and a decoder, by absolute error and a hinge adversary with the adaptive weight. Stage 2 is a
small causal transformer over the codes. Since the chain is known, its loss can be held against the
exact log-probability of the same pictures. The discriminator is trained from the first step; the
compressor listens to it from step 100 on.

References
  P. Esser, R. Rombach, B. Ommer: Taming Transformers for High-Resolution Image Synthesis, 2020,
  arXiv:2012.09841.
"""

from __future__ import annotations

import math
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from tqdm import tqdm

TILE, GRID, CODES, NOISE, STAY = 4, 4, 4, 0.1, 0.7
ADVERSARY_FROM = 100  # step
STRENGTH = 0.8  # of the adversary after its gradient was made as long as the other


def adaptive_weight(
    reconstruction: Tensor,
    adversarial: Tensor,
    last: Tensor,
    delta: float = 1e-4,
    most: float = 1e4,
) -> Tensor:
    """|grad reconstruction| / (|grad adversarial| + delta) at the weights `last`, a constant.

    reconstruction, adversarial: scalar losses of one graph, which can be used again afterwards;
    last: the weights of the decoder's last layer; most: upper bound. No `.grad` is filled.
    """
    # exercise: the quotient of two norms, detached, at most `most`; the graph is still needed
    # Ask for gradients at `last` alone; nothing may be written into any .grad.
    # solution
    (r,) = torch.autograd.grad(reconstruction, last, retain_graph=True)
    (g,) = torch.autograd.grad(adversarial, last, retain_graph=True)
    return (r.norm() / (g.norm() + delta)).clamp(max=most).detach()
    # end


def check(seed: int = 0) -> None:
    """Judge adaptive_weight: by hand, random layers, a zero gradient, the graph afterwards."""
    for r, g, should in (
        ((3.0, 4.0), (0.0, 0.5), 5 / 0.5001), ((1.0, 0.0), (0.0, 0.0), 1e4),
        ((0.0, 0.0), (1.0, 1.0), 0.0), ((3e5, 4e5), (0.0, 1.0), 1e4),
    ):  # fmt: skip
        weight = torch.ones(2, dtype=torch.float64, requires_grad=True)
        case = {"gradients": {"reconstruction": r, "adversarial": g}}
        found = adaptive_weight(
            (weight * torch.tensor(r, dtype=torch.float64)).sum(),
            (weight * torch.tensor(g, dtype=torch.float64)).sum(),
            weight,
        )
        came = float(found.detach())
        assert math.isclose(came, should, rel_tol=1e-6, abs_tol=1e-9), "the weight is another"
        assert not found.requires_grad, "the weight must count as a constant"
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    for inner, outer in ((1, 1), (2, 3), (5, 2)):
        first = normal(3, inner).requires_grad_()
        last = normal(inner, outer).requires_grad_()
        x, target = normal(4, 3), normal(4, outer)
        output = (x @ first).tanh() @ last
        reconstruction, adversarial = (output - target).abs().mean(), -output.cos().mean()
        case = {"x": x, "first": first.detach(), "last": last.detach()}
        came = adaptive_weight(reconstruction, adversarial, last, delta=1e-6)
        assert first.grad is None and last.grad is None, "no .grad may be filled"
        try:
            r, g = (torch.autograd.grad(loss, last, retain_graph=True)[0]
                    for loss in (reconstruction, adversarial))  # fmt: skip
        except RuntimeError:
            raise AssertionError("the graph was freed; the training step still needs it") from None
        should = r.norm() / (g.norm() + 1e-6)
        assert torch.allclose(came, should), "differs from the quotient of the norms at `last`"
        assert not came.requires_grad, "the weight must count as a constant"
        (reconstruction + came * adversarial).backward()


def patterns() -> Tensor:
    """Four tiles: horizontal and vertical stripes, a chessboard, a disc, (4, 4, 4) in [0, 1]."""
    row, column = torch.meshgrid(torch.arange(TILE), torch.arange(TILE), indexing="ij")
    disc = ((row - 1.5).square() + (column - 1.5).square() < 2.6).int()
    return torch.stack([row // 2 % 2, column // 2 % 2, (row + column) % 2, disc]).float()


def tiles(count: int, generator: torch.Generator) -> Tensor:
    """Markov chains of tile numbers, (count, 16)."""
    state = torch.randint(CODES, (count,), generator=generator)
    chain = [state]
    for _ in range(GRID * GRID - 1):
        moves = torch.rand(count, generator=generator) >= STAY
        state = (state + moves * torch.randint(1, CODES, (count,), generator=generator)) % CODES
        chain.append(state)
    return torch.stack(chain, 1)


def pictures(chains: Tensor, generator: torch.Generator) -> Tensor:
    """The pictures of chains (n, 16), with pixel noise, (n, 1, 16, 16)."""
    blocks = patterns()[chains].reshape(-1, GRID, GRID, TILE, TILE)
    clean = blocks.permute(0, 1, 3, 2, 4).reshape(-1, 1, GRID * TILE, GRID * TILE)
    return clean + NOISE * torch.randn(clean.shape, generator=generator)


def exact_bits(chains: Tensor) -> Tensor:
    """Minus log2 of the probability of each chain, (n,)."""
    stays = (chains[:, 1:] == chains[:, :-1]).sum(1)
    moves = GRID * GRID - 1 - stays
    return math.log2(CODES) - stays * math.log2(STAY) - moves * math.log2((1 - STAY) / (CODES - 1))


class Compressor(nn.Module):
    """Patch encoder, codebook by moving averages, and decoder whose last layer is `last`."""

    def __init__(self, start: Tensor, width: int = 8) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, TILE, TILE), nn.Tanh(), nn.Conv2d(32, width, 1)
        )
        self.decoder = nn.Sequential(nn.Conv2d(width, 32, 1), nn.Tanh())
        self.last = nn.ConvTranspose2d(32, 1, TILE, TILE)
        with torch.no_grad():
            vectors = self.encode(start).reshape(-1, width)
            chosen = [0]  # each further code starts at the vector farthest from those chosen
            for _ in range(CODES - 1):
                distance = torch.cdist(vectors, vectors[chosen]).min(1).values
                chosen.append(int(distance.argmax()))
        self.register_buffer("total", vectors[chosen].clone())
        self.register_buffer("count", torch.ones(CODES))

    def encode(self, x: Tensor) -> Tensor:
        """x: (n, 1, 16, 16). Vectors (n, 16, width) in raster order."""
        return self.encoder(x).flatten(2).transpose(1, 2)

    def quantise(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Codes with the straight-through gradient, as z, and their indices (n, 16)."""
        codes = self.total / self.count[:, None]
        indices = torch.cdist(z.detach(), codes[None]).argmin(-1)
        return z + (codes[indices] - z).detach(), indices

    def decode(self, code: Tensor) -> Tensor:
        """code: (n, 16, width). Pictures (n, 1, 16, 16)."""
        return self.last(self.decoder(code.transpose(1, 2).unflatten(2, (GRID, GRID))))

    @torch.no_grad()
    def follow(self, z: Tensor, indices: Tensor, decay: float = 0.95) -> None:
        """Move the codebook's averages towards what fell to each code."""
        hot = F.one_hot(indices.flatten(), CODES).float()
        self.count.lerp_(hot.sum(0), 1 - decay)
        self.total.lerp_(hot.T @ z.reshape(-1, z.shape[-1]), 1 - decay)


def first_stage(steps: int, generator: torch.Generator) -> tuple[Compressor, list[float]]:
    """Train the compressor against a patch discriminator; it, and the weights over the steps."""
    model = Compressor(pictures(tiles(32, generator), generator))
    critic = nn.Sequential(nn.Conv2d(1, 16, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(16, 1, 4, 2, 1))
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    against = torch.optim.Adam(critic.parameters(), lr=5e-4)
    weights = []
    for step in tqdm(range(steps), desc="stage 1", leave=False):
        x = pictures(tiles(64, generator), generator)
        z = model.encode(x)
        through, indices = model.quantise(z)
        rebuilt = model.decode(through)
        reconstruction = (rebuilt - x).abs().mean()
        adversarial = -critic(rebuilt).mean()
        weight = adaptive_weight(reconstruction, adversarial, model.last.weight)
        strength = STRENGTH if step >= ADVERSARY_FROM else 0.0
        commitment = (z - through.detach()).square().mean()
        loss = reconstruction + strength * weight * adversarial + 0.25 * commitment
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        model.follow(z.detach(), indices)
        weights.append(float(weight))
        real, fake = critic(x), critic(rebuilt.detach())
        hinge = (F.relu(1 - real) + F.relu(1 + fake)).mean() / 2
        against.zero_grad()
        hinge.backward()
        against.step()
    return model, weights


class Transformer(nn.Module):
    """A causal transformer over codes, with a start token."""

    def __init__(self, width: int = 32, layers: int = 2) -> None:
        super().__init__()
        self.token, self.place = nn.Embedding(CODES + 1, width), nn.Embedding(GRID**2, width)
        layer = nn.TransformerEncoderLayer(width, 4, 2 * width, dropout=0.0, batch_first=True)
        self.body = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.head = nn.Linear(width, CODES)

    def forward(self, codes: Tensor) -> Tensor:
        """codes: (n, t), t at most 16. Logits of the next code after each prefix, (n, t + 1, 4)."""
        start = torch.full_like(codes[:, :1], CODES) if codes.shape[1] else codes.new_full(
            (len(codes), 1), CODES)  # fmt: skip
        prefix = torch.cat([start, codes], 1)[:, : GRID**2]
        mask = nn.Transformer.generate_square_subsequent_mask(prefix.shape[1])
        x = self.token(prefix) + self.place.weight[: prefix.shape[1]]
        return self.head(self.body(x, mask=mask, is_causal=True))

    def bits(self, codes: Tensor) -> Tensor:
        """Minus log2 of the probability of each sequence of 16 codes, (n,)."""
        nats = F.cross_entropy(self(codes).transpose(1, 2), codes, reduction="none")
        return nats.sum(1) / math.log(2)

    @torch.no_grad()
    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """Sequences drawn code by code, (count, 16)."""
        codes = torch.empty(count, 0, dtype=torch.long)
        for _ in range(GRID**2):
            chances = self(codes)[:, -1].softmax(-1)
            codes = torch.cat([codes, torch.multinomial(chances, 1, generator=generator)], 1)
        return codes


def second_stage(model: Compressor, steps: int, generator: torch.Generator) -> Transformer:
    """Train the transformer on codes of the finished compressor."""
    transformer = Transformer()
    optimiser = torch.optim.Adam(transformer.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in tqdm(range(steps), desc="stage 2", leave=False):
        with torch.no_grad():
            x = pictures(tiles(64, generator), generator)
            _, indices = model.quantise(model.encode(x))
        loss = transformer.bits(indices).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return transformer


def draw(x: Tensor, rebuilt: Tensor, samples: Tensor, weights: list[float]) -> None:
    """Pictures, reconstructions and samples, and the adaptive weight over the steps."""
    figure, panels = plt.subplots(1, 4, figsize=(14, 3.6))
    for panel, name, images in zip(panels, ("pictures", "rebuilt", "samples of both stages"),
                                   (x, rebuilt, samples), strict=False):  # fmt: skip
        grid = F.pad(images[:9, 0], (1, 1, 1, 1), value=0.5).reshape(3, 3, 18, 18)
        panel.imshow(grid.permute(0, 2, 1, 3).reshape(54, 54), cmap="gray", vmin=0, vmax=1)
        panel.set_title(name)
        panel.axis("off")
    panels[3].semilogy(weights)
    panels[3].axvline(ADVERSARY_FROM, ls="--", color="gray", label="from here the adversary counts")
    panels[3].set_title("adaptive weight over the steps")
    panels[3].legend(fontsize="small")
    figure.tight_layout()
    plt.show()


def main(
    steps: Annotated[int, typer.Option(min=20, max=20_000, help="Steps of each stage")] = 250,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Train both stages, compare with the exact law of the codes, and sample.

    What stands after +- are two standard errors.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model, weights = first_stage(steps, generator)
    transformer = second_stage(model, steps, generator)
    chains = tiles(2000, generator)
    with torch.no_grad():
        x = pictures(chains, generator)
        through, indices = model.quantise(model.encode(x))
        rebuilt = model.decode(through)
        excess = transformer.bits(indices) - exact_bits(chains)
        codes = transformer.sample(500, generator)
        samples = model.decode((model.total / model.count[:, None])[codes[:9]])
    named = torch.zeros(CODES, CODES).index_put(
        (indices.flatten(), chains.flatten()), torch.ones(()), accumulate=True
    )
    right = float(named.max(1).values.sum() / named.sum())
    stayed = float((codes[:, 1:] == codes[:, :-1]).float().mean())
    error = 2 * (STAY * (1 - STAY) / (15 * len(codes))) ** 0.5
    print(f"stage 1: {int((named.sum(1) > 0).sum())} of {CODES} codes used, "
          f"tiles told apart {100 * right:.1f} %")  # fmt: skip
    print(
        f"  square error {float((rebuilt - x).square().mean()):.4f}, of which noise {NOISE**2:.4f}"
    )
    used = weights[ADVERSARY_FROM:]
    if used:
        print(f"  adaptive weight between {min(used):.2f} and {max(used):.2f}")
    else:
        print(f"  the adversary would begin at step {ADVERSARY_FROM}")
    entropy = 2 - 15 * (STAY * math.log2(STAY) + (1 - STAY) * math.log2((1 - STAY) / 3))
    print(f"stage 2: entropy of the codes of a picture, exactly {entropy:.3f} bits")
    if right > 0.999:
        print(f"  above the exact code length of 2000 new pictures by {float(excess.mean()):.3f} "
              f"+- {2 * float(excess.std()) / 2000**0.5:.3f} bits")  # fmt: skip
    else:
        print("  no comparison: some codes stand for several tiles, so they carry fewer bits")
    print(f"  samples stay with frequency {stayed:.3f} +- {error:.3f}; the law says {STAY}")
    draw(x, rebuilt, samples, weights)


if __name__ == "__main__":
    typer.run(main)
