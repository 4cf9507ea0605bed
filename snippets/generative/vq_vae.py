"""A VQ-VAE on small pictures: a codebook that dies, the same with revival, and a law to check.

The code of a picture is a grid of 4 x 4 indices. The codebook follows a moving average of what
falls to each code. Without revival most codes are never chosen; with it, a code whose average
count has faded is set to an output of the encoder. The last part checks the law of scalar
quantisation: K evenly used codes on uniform numbers have the square error 1 / (12 K^2).

References
  A. van den Oord, O. Vinyals, K. Kavukcuoglu: Neural Discrete Representation Learning, 2017,
  arXiv:1711.00937.
"""

from __future__ import annotations

from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from tqdm import tqdm

SIZE, GRID, WIDTH, DECAY, BETA = 16, 4, 8, 0.99, 0.25
REVIVE_EVERY = 20  # steps; and no more after four fifths of the training


def quantise(z: Tensor, codebook: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Nearest code of each vector, with the straight-through gradient.

    z: (..., D); codebook: (K, D). Returns the quantised vectors (..., D), whose gradient passes to
    z unchanged; indices (...), the smallest on ties; and two losses, means over all numbers of z:
    the codebook's (moves codes only) and the commitment (moves z only).
    """
    # exercise: indices of the nearest codes, a value that is the code and a gradient that is z's
    # The difference of the values is a constant for the gradient; each loss has one constant side.
    # solution
    rows = z.reshape(-1, z.shape[-1])
    difference = rows.detach()[:, None] - codebook.detach()[None]
    indices = difference.square().sum(-1).argmin(1).reshape(z.shape[:-1])
    code = codebook[indices]
    through = z + (code - z).detach()
    return through, indices, F.mse_loss(code, z.detach()), F.mse_loss(z, code.detach())
    # end


def check(seed: int = 0) -> None:
    """Judge quantise: brute force, ties, far vectors, and four gradients that each go one way."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator)

    for shape, codes in (((2, 1), 1), ((3, 2), 2), ((2, 2, 3), 4), ((2, 3, 3, 4), 7)):
        for offset in (0.0, 1000.0):
            # Rounded to eighths: the shift by 1000 is then exact, and so are all distances.
            z = (normal(*shape) * 8).round() / 8 + offset
            codebook = (normal(codes, shape[-1]) * 8).round() / 8 + offset
            case = {"z": z, "codebook": codebook}
            came = quantise(z, codebook)[1]
            distances = (z.double()[..., None, :] - codebook.double()).square().sum(-1)
            least = distances.min(-1, keepdim=True).values
            should = (distances == least).int().argmax(-1)  # the smallest index among the nearest
            assert came.shape == should.shape, "one index for each vector"
            assert torch.equal(came, should), "another code is nearer, or ties go to a later code"
            came, should = quantise(z, codebook)[0], codebook[should]
            assert torch.allclose(came, should, atol=1e-3), "the value is not the code"
    codebook = normal(3, 2).repeat(2, 1)  # each code twice: every vector has a tie
    z = codebook[:3] + normal(3, 2) / 8
    case = {"z": z, "codebook": codebook}
    came, should = quantise(z, codebook)[1], torch.cdist(z, codebook[:3]).argmin(1)
    assert torch.equal(came, should), "of two equal codes the first is chosen"
    z = normal(3, 2).requires_grad_()
    codebook = normal(4, 2).requires_grad_()
    case = {"z": z.detach(), "codebook": codebook.detach()}
    weight = normal(3, 2)

    def gradients(output: Tensor) -> tuple[Tensor, Tensor]:
        found = torch.autograd.grad(output, (z, codebook), allow_unused=True)
        return tuple(
            torch.zeros_like(leaf) if g is None else g
            for g, leaf in zip(found, (z, codebook), strict=True)
        )

    through, indices, moves_codes, commitment = quantise(z, codebook)
    came, should = gradients((through * weight).sum() + 0 * codebook.sum() + 0 * z.sum()), weight
    assert torch.allclose(came[0], should), "the gradient at z is not the one at its code"
    came, should = came[1], torch.zeros(4, 2)
    assert torch.equal(came, should), "the quantised vectors must not move the codebook"
    gap = (codebook[indices] - z).detach()
    came = gradients(moves_codes + 0 * z.sum() + 0 * codebook.sum())
    should = torch.zeros(4, 2).index_add(0, indices, 2 * gap / gap.numel())
    assert torch.allclose(came[1], should), "the codebook's loss has another gradient there"
    assert float(came[0].abs().sum()) == 0, "the codebook's loss must not move z"
    came = gradients(commitment + 0 * z.sum() + 0 * codebook.sum())
    should = -2 * gap / gap.numel()
    assert torch.allclose(came[0], should), "the commitment has another gradient at z"
    assert float(came[1].abs().sum()) == 0, "the commitment must not move the codebook"


class Codebook:
    """Codes that follow moving averages of the count and the sum of what falls to them."""

    def __init__(self, codes: Tensor, decay: float = DECAY) -> None:
        self.codes, self.decay = codes, decay  # (K, D)
        self.count, self.total = torch.ones(len(codes)), codes.clone()

    def update(self, vectors: Tensor, indices: Tensor) -> None:
        """vectors: (n, D); indices: (n,), the codes that they fell to."""
        hot = F.one_hot(indices, len(self.codes)).to(vectors.dtype)
        self.count.lerp_(hot.sum(0), 1 - self.decay)
        self.total.lerp_(hot.T @ vectors, 1 - self.decay)
        self.codes = self.total / self.count[:, None]

    def revive(self, vectors: Tensor, generator: torch.Generator) -> int:
        """Set codes whose average count is below one to vectors at random; how many there were."""
        dead = (self.count < 1).nonzero().flatten()
        chosen = torch.randint(len(vectors), (len(dead),), generator=generator)
        self.total[dead], self.count[dead] = vectors[chosen], 1.0
        self.codes = self.total / self.count[:, None]
        return len(dead)


class Networks(nn.Module):
    """Encoder from 16 x 16 pixels to 4 x 4 vectors, and decoder back."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1), nn.ReLU(), nn.Conv2d(16, WIDTH, 4, 2, 1)
        )
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(WIDTH, 16, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(16, 1, 4, 2, 1)
        )

    def encode(self, x: Tensor) -> Tensor:
        """x: (batch, 1, 16, 16). Vectors (batch, 4, 4, WIDTH): places first, channels last."""
        return self.encoder(x).permute(0, 2, 3, 1)

    def decode(self, code: Tensor) -> Tensor:
        """code: (batch, 4, 4, WIDTH). Pictures (batch, 1, 16, 16)."""
        return self.decoder(code.permute(0, 3, 1, 2))


def discs(count: int, generator: torch.Generator) -> Tensor:
    """Soft-edged discs of random place and radius, (count, 1, 16, 16)."""
    axis = torch.arange(SIZE) + 0.5
    x, y, radius = (a + b * torch.rand(count, 1, 1, generator=generator)
                    for a, b in ((4, 8), (4, 8), (2, 3)))  # fmt: skip
    distance = ((axis - x).square() + (axis[:, None] - y).square()).sqrt()
    return torch.sigmoid(3 * (radius - distance))[:, None]


def train(revive: bool, codes: int, steps: int, seed: int) -> tuple[Networks, Codebook]:
    """Train encoder, decoder and codebook; both variants start alike and see the same pictures."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    networks = Networks()
    codebook = Codebook(torch.randn(codes, WIDTH, generator=generator))
    optimiser = torch.optim.Adam(networks.parameters(), lr=3e-3)
    for step in tqdm(range(steps), desc="revived" if revive else "plain", leave=False):
        x = discs(64, generator)
        z = networks.encode(x)
        through, indices, _, commitment = quantise(z, codebook.codes)
        loss = F.mse_loss(networks.decode(through), x) + BETA * commitment
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        vectors = z.detach().reshape(-1, WIDTH)
        codebook.update(vectors, indices.flatten())
        if revive and step % REVIVE_EVERY == 0 and step < 4 * steps // 5:
            codebook.revive(vectors, generator)
    return networks, codebook


def perplexity(counts: Tensor) -> float:
    """exp(entropy) of the use of the codes: K if all are used alike, 1 if only one is."""
    return float(torch.special.entr(counts / counts.sum()).sum().exp())


def scalar_law(codes: int, seed: int, steps: int = 200) -> tuple[float, float]:
    """12 K^2 times the square error of codes trained on uniform numbers, and its uncertainty.

    The uncertainty is two standard errors of the test mean.
    """
    generator = torch.Generator().manual_seed(seed)
    start = torch.rand(codes, 1, generator=generator)
    book = Codebook(start, decay=0.9)
    for _ in range(steps):
        x = torch.rand(4096, 1, generator=generator)
        book.update(x, quantise(x, book.codes)[1])
    x = torch.rand(200_000, 1, generator=generator)
    squares = (quantise(x, book.codes)[0] - x).square() * 12 * codes**2
    return float(squares.mean()), 2 * float(squares.std()) / len(x) ** 0.5


def draw(x: Tensor, rows: list[tuple[str, Tensor, Tensor]]) -> None:
    """Pictures above their reconstructions, and how often each code is chosen, for both."""
    figure, panels = plt.subplots(2, 2, figsize=(11, 6))
    for (name, rebuilt, counts), (pictures, bars) in zip(rows, panels, strict=True):
        columns = [torch.cat([a[0], b[0]]) for a, b in zip(x[:8], rebuilt[:8], strict=True)]
        pictures.imshow(torch.cat(columns, 1), cmap="gray", vmin=0, vmax=1)
        pictures.set_title(f"{name}: pictures above, rebuilt below")
        pictures.axis("off")
        bars.bar(range(len(counts)), counts.sort(descending=True).values)
        bars.set_title(f"{name}: cells per code, perplexity {perplexity(counts):.1f}")
    figure.tight_layout()
    plt.show()


def main(
    codes: Annotated[int, typer.Option(min=2, max=512, help="Size of the codebook")] = 32,
    steps: Annotated[int, typer.Option(min=20, max=20_000, help="Steps of each training")] = 400,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Train with and without revival of dead codes, then check the law of scalar quantisation."""
    torch.set_num_threads(1)
    x = discs(1000, torch.Generator().manual_seed(seed + 1))
    print(f"codebook of {codes}; codes chosen on 1000 new pictures of {GRID} x {GRID} cells")
    print(f"  a code that ignores the picture has the error {float(x.var(0).mean()):.4f}")
    rows = []
    for name, revive in (("plain", False), ("revived", True)):
        networks, codebook = train(revive, codes, steps, seed)
        with torch.no_grad():
            through, indices, _, _ = quantise(networks.encode(x), codebook.codes)
            rebuilt = networks.decode(through)
        counts = torch.bincount(indices.flatten(), minlength=codes).double()
        used, error = int((counts > 0).sum()), float((rebuilt - x).square().mean())
        print(f"  {name:8s} used {used:3d}   perplexity {perplexity(counts):6.2f}", end="")
        print(f"   square error {error:.4f}")
        rows.append((name, rebuilt, counts))
    print("\ncodes on uniform numbers: 12 K^2 times the square error")
    for size in (2, 4, 16):
        value, error = scalar_law(size, seed)
        verdict = "theory 1, if all cells are alike" if size < 16 else "far from settled at 16"
        print(f"  K = {size:2d}   {value:.4f} +- {error:.4f}   {verdict}")
    print("  (expected: 1 within 0.01 for 2 and 4 codes)")
    draw(x, rows)


if __name__ == "__main__":
    typer.run(main)
