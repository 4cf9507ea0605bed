"""Sequence packing: what padding costs, a packed row equal to each sequence alone, and a leak.

Part 1 draws lengths and counts the padding of five ways to batch them, beside the theory. Part 2
puts sequences of 5, 2, 3 and 1 tokens through one attention layer padded, packed and alone, and
compares outputs and gradients; then the mask is left out, and other texts leak in by a share that
is known. Part 3 counts and times the quadratic part. Part 4 gives packed rows to eight ranks.

References
  M. M. Krell et al.: Efficient Sequence Packing without Cross-contamination, 2021,
    arXiv:2107.02027.
  D. S. Johnson: Near-Optimal Bin Packing Algorithms, PhD thesis, MIT, 1973.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

WORKED = (5, 2, 3, 1)
BATCH, RANKS = 16, 8


def pack(lengths: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    """What a packed row needs to know, for sequences of these lengths (0 is allowed).

    Returns cu_seqlens, (n + 1,) int32: where each sequence begins, and the end; mask, (T, T) bool:
    True where the token of that row may look at the token of that column, causally and within its
    sequence; positions, (T,) int64: the place of each token in its own sequence.
    """
    # exercise: cu_seqlens, the causal mask of blocks, and positions that start anew
    # Which sequence does each of the T tokens belong to? The rest follows from that.
    # solution
    sizes = torch.as_tensor(lengths, dtype=torch.int64)
    cu_seqlens = F.pad(sizes.cumsum(0), (1, 0)).to(torch.int32)
    owner = torch.repeat_interleave(torch.arange(len(sizes)), sizes)
    place = torch.arange(len(owner))
    mask = (owner[:, None] == owner[None, :]) & (place[:, None] >= place[None, :])
    return cu_seqlens, mask, place - cu_seqlens[owner]
    # end


def check(seed: int = 0) -> None:
    """Judge pack: the worked example, zero lengths, and attention equal to each sequence alone."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randint(0, 6, (7,), generator=generator).tolist()
    for lengths in ([3], [2, 1], [1, 1, 1], [2, 0, 1], [0, 2], [2, 0], list(WORKED), [4, *drawn]):
        case = {"lengths": torch.tensor(lengths)}
        cu_seqlens, mask, positions = pack(lengths)
        starts = [sum(lengths[:i]) for i in range(len(lengths) + 1)]
        came, should = cu_seqlens, torch.tensor(starts, dtype=torch.int32)
        assert came.shape == should.shape, "cu_seqlens has one number more than there are sequences"
        assert came.tolist() == should.tolist(), "cu_seqlens says where each sequence begins"
        came, should = str(cu_seqlens.dtype), "torch.int32"
        assert came == should, "kernels take cu_seqlens in int32"
        came, should = positions, torch.tensor([i for size in lengths for i in range(size)])
        assert came.shape == should.shape, "one position for each token"
        assert came.tolist() == should.tolist(), "positions begin at 0 in each sequence"
        came, should = str(mask.dtype), "torch.bool"
        assert came == should, "the mask is of booleans"
        came, should = tuple(mask.shape), (starts[-1], starts[-1])
        assert came == should, "the mask is (T, T)"
        came, should = int(mask.sum()), sum(size * (size + 1) // 2 for size in lengths)
        assert came == should, "a causal sequence of l tokens has l (l + 1)/2 allowed pairs"
        q, k, v = torch.randn(3, starts[-1], 4, generator=generator, dtype=torch.float64)
        came = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        should = torch.cat(
            [F.scaled_dot_product_attention(q[a:b], k[a:b], v[a:b], is_causal=True)
             for a, b in pairwise(starts) if b > a]
        )  # fmt: skip
        assert torch.allclose(came, should), "a packed row differs from each sequence alone"


def next_fit(lengths: list[int], capacity: int) -> list[list[int]]:
    """Rows of lengths: a sequence that does not fit closes the row for good. Lengths in order."""
    rows: list[list[int]] = [[]]
    for length in lengths:
        if sum(rows[-1]) + length > capacity:
            rows.append([])
        rows[-1].append(length)
    return rows


def first_fit_decreasing(lengths: list[int], capacity: int) -> list[list[int]]:
    """Rows of lengths: longest first, each into the first row that has room."""
    rows: list[list[int]] = []
    room: list[int] = []
    for length in sorted(lengths, reverse=True):
        row = next((i for i, free in enumerate(room) if free >= length), len(rows))
        if row == len(rows):
            rows.append([])
            room.append(capacity)
        rows[row].append(length)
        room[row] -= length
    return rows


def batch_cells(lengths: list[int]) -> int:
    """Cells of batches of BATCH sequences, each batch padded to its own longest."""
    batches = [lengths[i : i + BATCH] for i in range(0, len(lengths), BATCH)]
    return sum(len(batch) * max(batch) for batch in batches)


def waste(lengths: list[int], capacity: int) -> dict[str, float]:
    """Print and return the share of empty cells of five ways to batch; the bounds are checked."""
    tokens, longest = sum(lengths), max(lengths)
    mean = tokens / len(lengths)
    streamed, sorted_first = next_fit(lengths, capacity), first_fit_decreasing(lengths, capacity)
    cells = {
        "padded to the longest": len(lengths) * longest,
        f"batches of {BATCH} as they come": batch_cells(lengths),
        f"batches of {BATCH} sorted": batch_cells(sorted(lengths)),
        "next-fit rows": len(streamed) * capacity,
        "first-fit-decreasing rows": len(sorted_first) * capacity,
    }
    print(f"{len(lengths)} sequences, mean {mean:.1f}, longest {longest}, rows of {capacity}")
    print("                               cells   empty   theory")
    shares = {name: 1 - tokens / count for name, count in cells.items()}
    least = math.ceil(tokens / capacity)
    theory = {
        "padded to the longest": f"{1 - mean / longest:.4f} = 1 - mean/longest",
        "next-fit rows": f"{len(streamed)} rows < 2 T/C + 1 = {2 * tokens / capacity + 1:.1f}",
        "first-fit-decreasing rows": f"{len(sorted_first)} rows, at least {least}",
    }
    for name, count in cells.items():
        print(f"{name:<27} {count:8d}  {shares[name]:.4f}   {theory.get(name, '')}")
    assert abs(shares["padded to the longest"] - (1 - mean / longest)) < 1e-12
    assert least <= len(streamed) < 2 * tokens / capacity + 1
    return shares


def heads(x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """x: (..., T, d), weight: (d, 3 d). Queries, keys and values of two heads, (..., 2, T, d/2)."""
    parts = (x @ weight).unflatten(-1, (3, 2, -1)).movedim(-3, 0)
    q, k, v = (part.movedim(-2, -3) for part in parts)
    return q, k, v


def compare(generator: torch.Generator) -> None:
    """One attention layer on the worked lengths by several routes: output and weight gradient."""
    cu_seqlens, mask, positions = pack(WORKED)
    width, total = 8, sum(WORKED)
    x, target = torch.randn(2, total, width, generator=generator, dtype=torch.float64)
    start = torch.randn(width, 3 * width, generator=generator, dtype=torch.float64) / width**0.5
    longest = max(WORKED)
    real = torch.arange(longest) < torch.tensor(WORKED)[:, None]

    def attend(rows: Tensor, weight: Tensor, allowed: Tensor) -> Tensor:
        q, k, v = heads(rows, weight)
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
        return out.movedim(-3, -2).flatten(-2)

    def alone(weight: Tensor) -> Tensor:
        spans = pairwise(cu_seqlens.tolist())
        return torch.cat([attend(x[a:b], weight, mask[a:b, a:b]) for a, b in spans])

    def padded(weight: Tensor) -> Tensor:
        rows = torch.zeros(len(WORKED), longest, width, dtype=torch.float64)
        rows[real] = x
        causal = torch.ones(longest, longest, dtype=torch.bool).tril()
        return attend(rows, weight, causal & real[:, None, None, :])[real]

    def row_means(errors: Tensor) -> Tensor:
        return torch.stack([part.mean() for part in errors.split(list(WORKED))]).mean()

    routes: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
        "alone": (alone, torch.mean),
        "padded": (padded, torch.mean),
        "packed, mask of blocks": (lambda w: attend(x, w, mask), torch.mean),
        "packed, causal mask alone": (lambda w: attend(x, w, torch.ones_like(mask).tril()),
                                      torch.mean),
        "alone, mean of row means": (alone, row_means),
    }  # fmt: skip
    print(f"\nlengths {WORKED}: cu_seqlens {cu_seqlens.tolist()}")
    print(f"  positions {positions.tolist()}, {int(mask.sum())} pairs allowed")
    print("relative distance to each alone     output   gradient of the weights")
    first: tuple[Tensor, Tensor] | None = None
    for name, (forward, average) in routes.items():
        weight = start.clone().requires_grad_()
        out = forward(weight)
        average((out - target).square().mean(-1)).backward()
        assert weight.grad is not None
        first = first or (out.detach(), weight.grad)
        apart = [
            float((mine - theirs).norm() / theirs.norm())
            for mine, theirs in zip((out.detach(), weight.grad), first, strict=True)
        ]
        print(f"  {name:<30} {apart[0]:9.1e} {apart[1]:9.1e}")
        if name in ("padded", "packed, mask of blocks"):
            assert max(apart) < 1e-5, "padded or packed differs from each sequence alone"


def leak(draws: int, generator: torch.Generator) -> None:
    """Attention that goes to other texts when only the causal mask is left, beside its mean."""
    _, mask, positions = pack(WORKED)
    total = sum(WORKED)
    q, k = torch.randn(2, draws, total, 8, generator=generator)
    scores = (q @ k.mT / 8**0.5).masked_fill(~torch.ones_like(mask).tril(), -math.inf)
    foreign = (scores.softmax(-1) * ~mask).sum(-1).mean(-1)
    before = torch.arange(total) - positions
    theory = float((before / (before + positions + 1)).mean())
    error = float(foreign.std()) / draws**0.5
    print(f"attention to other texts without the blocks: {float(foreign.mean()):.4f}", end="")
    print(f" +- {error:.4f}, theory {theory:.4f}")
    assert abs(float(foreign.mean()) - theory) < 5 * error, "the leak differs from theory"


def seconds(call: Callable[[], object]) -> float:
    """Least processor time of three calls on this thread: other programs do not count."""
    best = math.inf
    for _ in range(3):
        began = time.thread_time()
        call()
        best = min(best, time.thread_time() - began)
    return best


def race(lengths: list[int], generator: torch.Generator) -> None:
    """Pairs and times of one attention (4 heads of 32) padded, packed densely, and by blocks."""
    n, longest, total = len(lengths), max(lengths), sum(lengths)
    sizes = torch.tensor(lengths, dtype=torch.float64)
    ratio = (longest / float(sizes.mean())) ** 2 / (1 + float(sizes.var(correction=0)
                                                                / sizes.mean() ** 2))  # fmt: skip
    _, mask, _ = pack(lengths)
    packed = torch.randn(3, 1, 4, total, 32, generator=generator)
    rows = torch.randn(3, n, 4, longest, 32, generator=generator)
    pieces = [piece.split(lengths, dim=2) for piece in packed]
    attend = F.scaled_dot_product_attention
    keys = (torch.arange(longest) < torch.tensor(lengths)[:, None])[:, None, None, :]
    causal = torch.ones(longest, longest, dtype=torch.bool).tril() & keys
    routes = {
        "padded": (n * longest**2, lambda: attend(*rows, attn_mask=causal)),
        "one row, dense mask": (total**2, lambda: attend(*packed, attn_mask=mask)),
        "each block": (sum(length * length for length in lengths),
                       lambda: [attend(*trio, is_causal=True)
                                for trio in zip(*pieces, strict=True)]),
    }  # fmt: skip
    blocks, fastest = routes["each block"][0], seconds(routes["each block"][1])
    print(f"\n{n} sequences, {total} tokens     pairs   times the blocks   times in the clock")
    for name, (pairs, call) in routes.items():
        spent = fastest if name == "each block" else seconds(call)
        print(f"  {name:<20} {pairs:12d} {pairs / blocks:14.2f} {spent / fastest:18.2f}")
    print(f"  theory for padded against blocks  {ratio:14.2f}")
    assert abs(routes["padded"][0] / blocks - ratio) < 1e-6 * ratio


def imbalance(rows: list[list[int]]) -> float:
    """Pairs of the slowest of RANKS rows over their mean, averaged over the steps by their work."""
    costs = [sum(length * length for length in row) for row in rows]
    steps = [costs[i : i + RANKS] for i in range(0, len(costs) - RANKS + 1, RANKS)]
    return sum(max(step) for step in steps) * RANKS / sum(sum(step) for step in steps)


def balance(rows: list[list[int]], generator: torch.Generator) -> None:
    """Rows with as many tokens are not as dear: what the slowest rank costs, and a remedy."""
    if len(rows) < RANKS:
        return
    order = torch.randperm(len(rows), generator=generator).tolist()
    shuffled = [rows[i] for i in order]
    alike = sorted(rows, key=lambda row: sum(length * length for length in row))
    print(f"\n{RANKS} ranks, one row each: pairs of the slowest over the mean")
    print(f"  rows in random order        {imbalance(shuffled):6.2f}")
    print(f"  rows of like cost together  {imbalance(alike):6.2f}")


def draw(rows: dict[str, list[list[int]]], capacity: int, shares: dict[str, float]) -> None:
    """Packed rows as bars, the mask of blocks, and the empty share of each way."""
    _, axes = plt.subplots(1, 4, figsize=(16, 4), width_ratios=[3, 3, 2, 3], layout="constrained")
    for axis, (name, packed) in zip(axes, rows.items(), strict=False):
        for height, row in enumerate(packed[:: max(1, len(packed) // 24)][:24]):
            left = 0
            for index, length in enumerate(row):
                axis.barh(height, length, left=left, color=f"C{index % 10}", edgecolor="white")
                left += length
        axis.set_xlim(0, capacity)
        axis.invert_yaxis()
        axis.set_title(f"{name}: {len(packed)} rows")
        axis.set_xlabel("tokens")
    axes[2].imshow(pack(WORKED)[1], cmap="Blues")
    axes[2].set_title("allowed pairs of 5, 2, 3, 1")
    axes[3].barh(list(shares), list(shares.values()))
    axes[3].invert_yaxis()
    axes[3].set_xlabel("share of empty cells")
    plt.show()


def main(
    count: Annotated[int, typer.Option(min=32, max=5000, help="Sequences")] = 1000,
    capacity: Annotated[int, typer.Option(min=64, max=4096, help="Tokens in a row")] = 1024,
    spread: Annotated[float, typer.Option(min=0.0, max=2.0, help="Deviation of log length")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Batch drawn lengths in five ways, check a packed row, let it leak, and count the cost."""
    torch.set_num_threads(1)  # one thread, whose time is counted
    generator = torch.Generator().manual_seed(seed)
    logs = 4.4 + spread * torch.randn(count, generator=generator)
    lengths = logs.exp().round().clamp(8, capacity).long().tolist()
    shares = waste(lengths, capacity)
    compare(generator)
    leak(4000, generator)
    race([min(length, 512) for length in lengths[:BATCH]], generator)
    rows = {"next-fit": next_fit(lengths, capacity),
            "first-fit-decreasing": first_fit_decreasing(lengths, capacity)}  # fmt: skip
    balance(rows["first-fit-decreasing"], generator)
    draw(rows, capacity, shares)


if __name__ == "__main__":
    typer.run(main)
