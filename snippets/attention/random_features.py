"""Random features of the softmax kernel: unbiased, never negative, and how many of them it takes.

Part 1 measures the relative error of positive features against sqrt((exp(|q + k|^2) - 1)/m), for
independent and for orthogonal directions. Part 2 counts how often sines and cosines estimate a
positive number as negative. Part 3 replaces softmax attention by its estimate and shows the error
of the output over the scale of the scores: small scores are cheap, large ones out of reach.

References
  K. Choromanski et al.: Rethinking Attention with Performers, 2020, arXiv:2009.14794.
  A. Rahimi, B. Recht: Random Features for Large-Scale Kernel Machines, NeurIPS 2007.
"""

from __future__ import annotations

import math
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor


def positive_features(x: Tensor, w: Tensor, shared: bool) -> tuple[Tensor, Tensor]:
    """Features exp(w . x - |x|^2 / 2) / sqrt(m), kept in range, and the logarithm taken out.

    x: (n, d), already divided by d^(1/4); w: (m, d), standard normal. Returns features (n, m) and
    logs, so that features * exp(logs) are the true ones: logs has shape (n, 1), each row's largest
    exponent, or (1, 1), the largest of all, when ``shared`` (for keys, whose weights must keep
    their ratios).
    """
    # exercise: the exponents, their maximum, and the features without it
    # The maximum is taken out of the whole exponent, |x|^2 / 2 included.
    # solution
    exponents = x @ w.T - x.square().sum(-1, keepdim=True) / 2
    logs = exponents.amax(dim=(0, 1) if shared else 1, keepdim=True)
    return (exponents - logs).exp() / len(w) ** 0.5, logs
    # end


def check(seed: int = 0) -> None:
    """Judge positive_features: exact in the mean, never negative, finite, ratios of keys kept."""
    generator = torch.Generator().manual_seed(seed)
    for n, m, d in ((1, 1, 1), (2, 1, 1), (2, 3, 2), (3, 5, 4)):
        x = torch.randn(n, d, generator=generator, dtype=torch.float64)
        w = torch.randn(m, d, generator=generator, dtype=torch.float64)
        for shared in (False, True):
            case = {"x": x, "w": w, "shared": shared}
            features, logs = positive_features(x, w, shared)
            came, should = tuple(features.shape), (n, m)
            assert came == should, "features must be n x m"
            came, should = tuple(logs.shape), (1, 1) if shared else (n, 1)
            assert came == should, "the logarithms have another shape"
            came, should = float(features.max()), 1 / m**0.5
            assert abs(came - should) < 1e-12, "the largest feature must be 1/sqrt(m)"
            came = features * logs.exp()
            should = (x @ w.T - (x * x).sum(1)[:, None] / 2).exp() / m**0.5
            assert torch.allclose(came, should), "not the features of the kernel"
    d, m = 4, 64
    q, k = torch.randn(2, d, generator=generator, dtype=torch.float64) * 0.35
    w = torch.randn(4000 * m, d, generator=generator, dtype=torch.float64)
    one, other = (positive_features(x[None], w, True) for x in (q, k))
    case = {"q": q, "k": k, "features": len(w)}
    came = float((one[0] * other[0]).sum() * (one[1] + other[1]).exp())
    should = float((q @ k).exp())
    error = should * math.sqrt(math.expm1(float((q + k).square().sum())) / len(w))
    assert abs(came - should) < 5 * error, "the mean of many features is not exp(q . k)"
    far = torch.full((3, d), 20.0)
    for shared in (False, True):
        case = {"x": far, "w": w[:8].float(), "shared": shared}
        features, logs = positive_features(**case)
        came, should = bool(torch.isfinite(features).all()) and bool((features >= 0).all()), True
        assert came == should, "long vectors must give finite features that are not negative"
        assert torch.isfinite(logs).all(), "and finite logarithms"
    keys = torch.tensor([[0.0, 0], [3, 0]], dtype=torch.float64)
    w = torch.tensor([[1.0, 0], [0, 1]], dtype=torch.float64)
    case = {"x": keys, "w": w, "shared": True}
    features, _ = positive_features(**case)
    came, should = float(features[1, 0] / features[0, 0]), math.exp(3 - 4.5)
    assert abs(came - should) < 1e-9, "keys must keep their ratios to one another"


def directions(m: int, d: int, generator: torch.Generator, orthogonal: bool) -> Tensor:
    """m normal vectors of d numbers; orthogonal within blocks of d, each still normal by itself."""
    w = torch.randn(m, d, generator=generator, dtype=torch.float64)
    if not orthogonal:
        return w
    blocks = []
    for _ in range(math.ceil(m / d)):
        square = torch.randn(d, d, generator=generator, dtype=torch.float64)
        q, r = torch.linalg.qr(square)
        blocks.append((q * r.diagonal().sign()).T)  # without the signs it would not be uniform
    return torch.cat(blocks)[:m] * w.norm(dim=1, keepdim=True)


def pair(length: float, square_sum: float, d: int) -> tuple[Tensor, Tensor]:
    """Two vectors of this length with |q + k|^2 as asked."""
    cosine = square_sum / (2 * length**2) - 1
    q, k = torch.zeros(2, d, dtype=torch.float64)
    q[0], k[0], k[1] = length, length * cosine, length * math.sqrt(1 - cosine**2)
    return q, k


def estimate(q: Tensor, k: Tensor, w: Tensor) -> float:
    """The kernel exp(q . k) estimated by positive features."""
    exponents = w @ (q + k) - (q.square().sum() + k.square().sum()) / 2
    return float(exponents.exp().mean())


def kernel_errors(d: int, draws: int, generator: torch.Generator) -> list[tuple[int, ...]]:
    """Relative root-mean-square error over m for |q| = |k| = 0.7, q orthogonal to k."""
    q, k = pair(0.7, 0.98, d)
    exact, square_sum = float((q @ k).exp()), float((q + k).square().sum())
    print(f"relative error of exp(q.k), |q + k|^2 = {square_sum:.2f}, {draws} draws")
    print("    m    theory   independent   orthogonal")
    rows = []
    for m in (8, 16, 32, 64, 128):
        row = [m, math.sqrt(math.expm1(square_sum) / m)]
        for orthogonal in (False, True):
            found = torch.tensor(
                [estimate(q, k, directions(m, d, generator, orthogonal)) for _ in range(draws)]
            )
            row.append(float((found / exact - 1).square().mean().sqrt()))
        rows.append(tuple(row))
        print(f"{m:5d} {row[1]:9.4f} {row[2]:13.4f} {row[3]:12.4f}")
        assert abs(row[2] / row[1] - 1) < 0.5, "independent features differ from theory"
    print("(expected: independent mostly within 15 % of theory, orthogonal below it)")
    return rows


def negative_share(d: int, draws: int, generator: torch.Generator) -> tuple[Tensor, float]:
    """Estimates by sines and cosines of exp(-|q|^2), k = -q, |q| = 1.5; the exact value."""
    q, k = pair(1.5, 0.0, d)
    exact = float((q @ k).exp())
    scale = math.exp((float(q @ q) + float(k @ k)) / 2)
    found = torch.tensor(
        [
            float(torch.cos(directions(64, d, generator, False) @ (q - k)).mean()) * scale
            for _ in range(draws)
        ]
    )
    share = float((found < 0).double().mean())
    print(f"\nk = -q, |q| = 1.5: exact value {exact:.4f}")
    print(
        f"  64 sines and cosines: deviation {float(found.std()):.3f}, {100 * share:.0f} % negative"
    )
    print(f"  64 positive features: {estimate(q, k, directions(64, d, generator, False)):.4f}")
    return found, exact


def attention_errors(d: int, generator: torch.Generator) -> dict[float, list[float]]:
    """Relative error of the output of attention over m, for scores of three scales."""
    n, counts = 128, (16, 64, 256, 1024)
    print(f"\nerror of the attention output, n = {n}, d = {d}")
    print("  scale   " + "".join(f"   m = {m:<5d}" for m in counts))
    errors = {}
    for scale in (0.5, 1.0, 2.0):
        q, k = scale * torch.randn(2, n, d, generator=generator, dtype=torch.float64) / d**0.25
        v = torch.randn(n, d, generator=generator, dtype=torch.float64)
        exact = torch.softmax(q @ k.T, -1) @ v
        row = []
        for m in counts:
            w = directions(m, d, generator, True)
            (fq, _), (fk, _) = positive_features(q, w, False), positive_features(k, w, True)
            found = fq @ (fk.T @ v) / (fq @ fk.sum(0))[:, None]
            row.append(float((found - exact).norm() / exact.norm()))
        errors[scale] = row
        print(f"{scale:7.1f}   " + "".join(f"{value:10.3f} " for value in row))
    return errors


def draw(
    rows: list[tuple[int, ...]], found: Tensor, exact: float, errors: dict[float, list[float]]
) -> None:
    """Error over m beside theory; the histogram with its negative part; attention's error."""
    figure, (kernel, negative, attention) = plt.subplots(1, 3, figsize=(13, 4))
    counts = [row[0] for row in rows]
    kernel.plot(counts, [row[1] for row in rows], linestyle="--", label="theory")
    kernel.plot(counts, [row[2] for row in rows], marker="o", label="independent")
    kernel.plot(counts, [row[3] for row in rows], marker="s", label="orthogonal")
    kernel.set_xscale("log", base=2)
    kernel.set_yscale("log")
    kernel.set_xlabel("features m")
    kernel.legend()
    negative.hist(found, bins=40)
    negative.axvline(exact, color="black", label="exact value")
    negative.set_title("sines and cosines")
    negative.legend()
    for scale, row in errors.items():
        attention.plot((16, 64, 256, 1024), row, marker="o", label=f"scale {scale}")
    attention.set_xscale("log", base=2)
    attention.set_yscale("log")
    attention.set_xlabel("features m")
    attention.set_title("attention")
    attention.legend()
    figure.tight_layout()
    plt.show()


def main(
    d: Annotated[int, typer.Option(min=2, max=64, help="Dimension of a head")] = 16,
    draws: Annotated[int, typer.Option(min=500, max=10_000, help="Draws of part 1 and 2")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Measure the kernel's error, count negative estimates, and estimate attention."""
    torch.set_num_threads(1)  # thousands of tiny products: threads would only wait
    generator = torch.Generator().manual_seed(seed)
    rows = kernel_errors(d, draws, generator)
    found, exact = negative_share(d, draws, generator)
    draw(rows, found, exact, attention_errors(d, generator))


if __name__ == "__main__":
    typer.run(main)
