"""The gated attention unit: one layer for attention and feed-forward, and its chunked form.

Part 1 counts the weights of two units beside those of a transformer layer. Part 2 holds the
statistics of squared-ReLU attention on random queries and keys against theory: rows sum to 1/2 on
average, not to 1. Part 3 computes the mixed-chunk form chunk by chunk and by its definition, an
n x n matrix, and counts the multiply-adds of both over n.

References
  W. Hua, Z. Dai, H. Liu, Q. V. Le: Transformer Quality in Linear Time, 2022, arXiv:2202.10447.
"""

from __future__ import annotations

from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  its usual name


def gau(
    x: Tensor,
    wu: Tensor,
    wv: Tensor,
    wz: Tensor,
    wo: Tensor,
    gamma: Tensor,
    beta: Tensor,
    causal: bool = False,
) -> Tensor:
    """The gated attention unit, without positions. Returns (n, d).

    x: (n, d); wu, wv: (d, e); wz: (d, s); wo: (e, d); gamma, beta: (2, s), the scales and offsets
    that make queries (row 0) and keys (row 1) of the same z.
    Row t is divided by the number of tokens it may see: n, or t when ``causal``.
    """
    # exercise: u, v and z are silu of projections; then queries and keys, relu squared, gate
    # Weights: relu(q . k / sqrt(s)) squared, divided by how many tokens are seen.
    # solution
    u, v, z = F.silu(x @ wu), F.silu(x @ wv), F.silu(x @ wz)
    queries, keys = z * gamma[0] + beta[0], z * gamma[1] + beta[1]
    weights = F.relu(queries @ keys.T / z.shape[1] ** 0.5).square()
    n = len(x)
    if causal:
        weights = weights.tril() / torch.arange(1, n + 1, dtype=x.dtype)[:, None]
    else:
        weights = weights / n
    return (u * (weights @ v)) @ wo
    # end


def reference(x: Tensor, parts: dict[str, Tensor], causal: bool) -> Tensor:
    """The same formula token by token and pair by pair, slow and plain."""
    s = parts["wz"].shape[1]
    rows = []
    for t in range(len(x)):
        seen = range(t + 1) if causal else range(len(x))
        gathered = torch.zeros(parts["wv"].shape[1], dtype=x.dtype)
        query = F.silu(x[t] @ parts["wz"]) * parts["gamma"][0] + parts["beta"][0]
        for j in seen:
            key = F.silu(x[j] @ parts["wz"]) * parts["gamma"][1] + parts["beta"][1]
            score = query @ key / s**0.5
            weight = score * score if score > 0 else torch.zeros((), dtype=x.dtype)
            gathered = gathered + weight * F.silu(x[j] @ parts["wv"]) / len(seen)
        rows.append((F.silu(x[t] @ parts["wu"]) * gathered) @ parts["wo"])
    return torch.stack(rows)


def draw_parts(d: int, e: int, s: int, generator: torch.Generator) -> dict[str, Tensor]:
    """Random weights of one unit in float64, scaled so that nothing explodes."""

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    return {
        "wu": normal(d, e) / d**0.5,
        "wv": normal(d, e) / d**0.5,
        "wz": normal(d, s) / d**0.5,
        "wo": normal(e, d) / e**0.5,
        "gamma": normal(2, s),
        "beta": normal(2, s),
    }


def check(seed: int = 0) -> None:
    """Judge gau: the formula pair by pair, prefixes, gates, and scores that are all negative."""
    generator = torch.Generator().manual_seed(seed)
    for n, d, e, s in ((1, 1, 1, 1), (2, 1, 2, 1), (2, 2, 3, 2), (5, 3, 4, 2), (7, 4, 6, 3)):
        parts = draw_parts(d, e, s, generator)
        x = torch.randn(n, d, generator=generator, dtype=torch.float64)
        for causal in (False, True):
            case = {"n": n, "d": d, "e": e, "s": s, "causal": causal}
            came, should = gau(x, **parts, causal=causal), reference(x, parts, causal)
            assert came.shape == should.shape, "the result has another shape than x"
            assert torch.allclose(came, should, atol=1e-10), "differs from the formula"
        came, should = gau(x, **parts, causal=True)[:1], gau(x[:1], **parts, causal=True)
        assert torch.allclose(came, should, atol=1e-10), "later tokens change an earlier row"
        louder = {**parts, "gamma": 2 * parts["gamma"], "beta": 2 * parts["beta"]}
        came, should = gau(x, **louder), 16 * gau(x, **parts)
        assert torch.allclose(came, should, atol=1e-8), "scores 4 times as large: 16-fold weights"
        silent = {**parts, "gamma": torch.zeros(2, s, dtype=torch.float64)}
        silent["beta"] = torch.ones(2, s, dtype=torch.float64) * torch.tensor([[1.0], [-1.0]])
        leaf = x.clone().requires_grad_()
        came, should = gau(leaf, **silent, causal=True), torch.zeros(n, d, dtype=torch.float64)
        assert torch.equal(came.detach(), should), "negative scores must give exactly nothing"
        came.sum().backward()
        came, should = leaf.grad, torch.zeros_like(x)
        assert torch.equal(came, should), "and a gradient of exactly nothing, not NaN"


def count_weights(d: int, e: int, s: int) -> None:
    """Weights of two units beside a transformer layer of the same width, matrices only."""
    layer = nn.TransformerEncoderLayer(d, 8, 4 * d)
    matrices = sum(weight.numel() for weight in layer.parameters() if weight.dim() > 1)
    units = 2 * (3 * d * e + d * s)
    print(f"d = {d}, e = {e}, s = {s}            weights in matrices")
    print(f"  transformer layer             {matrices:12,}")
    print(f"  two gated attention units     {units:12,}")
    print(f"  ratio {units / matrices:.4f}", end="")
    print(f"  (theory 1 + s/(6d) = {1 + s / (6 * d):.4f})" if e == 2 * d else "")


def statistics(n: int, s: int, generator: torch.Generator) -> None:
    """Rows of A and entries of A V for independent standard normal queries, keys and values."""
    sums, squares = [], []
    for _ in range(16):
        q, k, v = torch.randn(3, n, s, generator=generator)
        weights = F.relu(q @ k.T / s**0.5).square() / n
        sums.append(float(weights.sum(-1).mean()))
        squares.append(n * float((weights @ v).square().mean()))
    print(f"\nrandom normal q, k, v; n = {n}, s = {s}      theory   measured")
    for name, theory, values in (
        ("mean sum of a row of A", 0.5, sums),
        ("n times the mean square of A V", 1.5 * (1 + 2 / s), squares),
    ):
        measured = torch.tensor(values)
        error = 2 * float(measured.std()) / len(values) ** 0.5
        print(f"  {name:<34} {theory:11.4f} {float(measured.mean()):8.4f}±{error:.4f}")
        assert abs(float(measured.mean()) - theory) < 2.5 * error, f"{name} differs from theory"


def mixed_chunks(q: Tensor, k: Tensor, v: Tensor, lin_q: Tensor, lin_k: Tensor, c: int) -> Tensor:
    """Causal mixed-chunk attention: squared ReLU inside a chunk, a state from chunks before it."""
    state = torch.zeros(k.shape[1], v.shape[1], dtype=v.dtype)
    rows = []
    for start in range(0, len(q), c):
        now = slice(start, start + c)
        local = F.relu(q[now] @ k[now].T).square().tril() @ v[now]
        rows.append(local + lin_q[now] @ state)
        state = state + lin_k[now].T @ v[now]
    return torch.cat(rows)


def mixed_definition(
    q: Tensor, k: Tensor, v: Tensor, lin_q: Tensor, lin_k: Tensor, c: int
) -> Tensor:
    """The same as one n x n matrix: which pairs meet in a chunk, which across chunks."""
    chunk = torch.arange(len(q)) // c
    same, earlier = chunk[:, None] == chunk, chunk[:, None] > chunk
    local = F.relu(q @ k.T).square().tril() * same
    return (local + (lin_q @ lin_k.T) * earlier) @ v


def operations(n: int, c: int, s: int, e: int) -> tuple[int, int]:
    """Multiply-adds of quadratic attention and of mixed chunks, without a causal saving."""
    return n * n * (s + e), n * c * (s + e) + 2 * n * s * e


def draw(c: int, s: int, e: int, crossover: float) -> None:
    """Multiply-adds over n, and where the two curves meet."""
    lengths = [2**power for power in range(5, 15)]
    figure, axes = plt.subplots(figsize=(7, 4))
    counts = [operations(n, c, s, e) for n in lengths]
    axes.plot(lengths, [count[0] for count in counts], marker="o", label="quadratic")
    axes.plot(lengths, [count[1] for count in counts], marker="s", label=f"mixed chunks, c = {c}")
    axes.axvline(crossover, linestyle="--", label=f"equal at n = {crossover:.0f}")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel("n")
    axes.set_ylabel("multiply-adds")
    axes.legend()
    figure.tight_layout()
    plt.show()


def main(
    d: Annotated[int, typer.Option(min=16, max=1024, help="Width; a multiple of 8")] = 768,
    s: Annotated[int, typer.Option(min=8, max=512, help="Size of queries and keys")] = 128,
    chunk: Annotated[int, typer.Option(min=1, max=1024, help="Tokens in a chunk")] = 256,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Count weights, look at the statistics of squared ReLU, check and count mixed chunks."""
    d -= d % 8  # the transformer layer beside it has 8 heads
    e = 2 * d
    generator = torch.Generator().manual_seed(seed)
    count_weights(d, e, s)
    statistics(512, s, generator)

    n = 300
    q, k, lin_q, lin_k = torch.randn(4, n, s, generator=generator, dtype=torch.float64) / s**0.5
    v = torch.randn(n, 64, generator=generator, dtype=torch.float64)
    by_chunks = mixed_chunks(q, k, v, lin_q, lin_k, chunk)
    apart = float((by_chunks - mixed_definition(q, k, v, lin_q, lin_k, chunk)).abs().max())
    print(f"\nmixed chunks against their definition, n = {n}:  {apart:.0e}  (below 1e-10)")
    assert apart < 1e-10

    crossover = chunk + 2 * s * e / (s + e)
    print(f"multiply-adds are equal at n = c + 2se/(s + e) = {crossover:.1f}")
    print("     n      quadratic   mixed chunks   ratio")
    for n in (256, 1024, 8192):
        whole, mixed = operations(n, chunk, s, e)
        print(f"{n:6d} {whole:14,} {mixed:14,} {whole / mixed:7.1f}")
    draw(chunk, s, e, crossover)


if __name__ == "__main__":
    typer.run(main)
