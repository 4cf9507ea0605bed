"""FlashAttention: exact attention, a tile at a time, without ever storing the matrix of scores.

Attention is softmax(q k^T / sqrt(d)) v. Written down naively it stores n x n scores, and moving
them through memory takes longer than computing them. FlashAttention walks over tiles of keys and
keeps, for each query, three things: the largest score so far (m), the sum of exponentials relative
to it (l), and the weighted sum of values. A new maximum rescales what was summed before.

`online_attention` below is the whole idea for one tile of queries; `flash_forward` walks over all
tiles and `flash_backward` gives the gradients. The fast versions stand beside them:
  _flash/tiled.py             plain torch, forward and backward, for CPUs
  _flash/triton_forward.py    Triton, with _flash/triton_backward.py its gradient
  _flash/gluon_forward.py     for Hopper: TMA, wgmma, specialised warps (FlashAttention-3's design)

    python flash_attention.py                       the race on this machine
    python flash_attention.py --show steps          tile by tile, with all numbers
    python flash_attention.py --longest 4096        longer sequences

References
  M. Milakov, N. Gimelshein: Online normalizer calculation for softmax, 2018, arXiv:1805.02867.
  T. Dao, D. Fu, S. Ermon, A. Rudra, C. Re: FlashAttention, 2022, arXiv:2205.14135.
  T. Dao: FlashAttention-2, 2023, arXiv:2307.08691.
  J. Shah, G. Bikshandi, Y. Zhang, V. Thakkar, P. Ramani, T. Dao: FlashAttention-3, 2024,
    arXiv:2407.08608.
"""

from __future__ import annotations

import math
import os
from typing import Annotated, Literal

# Threads that spin while they wait take the processor from the next operation of a small tile.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
import typer
from _flash.contenders import Shape, contenders, naive_attention
from _flash.memory import peak_bytes
from _flash.race import measure_machine, race
from _flash.steps import StepView
from torch import Tensor


def online_attention(q: Tensor, k: Tensor, v: Tensor, block: int) -> Tensor:
    """softmax(q k^T / sqrt(d)) v, ``block`` keys at a time.

    ``q`` is (rows, d), ``k`` is (n, d) and ``v`` is (n, e); the result is (rows, e).
    """
    # exercise: keep m, l and o for each query, and fold in one block of keys after another
    # Start from the state of no keys. What has to shrink when the maximum grows?
    # solution
    m = q.new_full((len(q), 1), -math.inf)
    total = q.new_zeros(len(q), 1)
    o = q.new_zeros(len(q), v.shape[1])
    for start in range(0, len(k), block):
        scores = q @ k[start : start + block].T / math.sqrt(q.shape[1])
        larger = torch.maximum(m, scores.amax(dim=1, keepdim=True))
        weights = torch.exp(scores - larger)
        rescale = torch.exp(m - larger)
        total = total * rescale + weights.sum(dim=1, keepdim=True)
        o = o * rescale + weights @ v[start : start + block]
        m = larger
    return o / total
    # end


def whole_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """The same from all scores at once: what the online form is held against."""
    return torch.softmax(q @ k.T / math.sqrt(q.shape[1]), dim=1) @ v


def worked_example() -> tuple[Tensor, Tensor, Tensor]:
    """One query and four keys whose exponentials are 1, 2, 8 and 4, with d = 1."""
    k = torch.tensor([1.0, 2, 8, 4], dtype=torch.float64).log()[:, None]
    v = torch.tensor([3.0, 0, 6, 3], dtype=torch.float64)[:, None]
    return torch.ones(1, 1, dtype=torch.float64), k, v


def check_online_attention(seed: int = 0) -> None:
    """Judge online_attention: softmax attention, for any block, any scores, with gradients."""
    q, k, v = worked_example()
    for n, block in ((1, 1), (2, 1), (2, 2), (4, 2), (4, 3)):
        case = {"q": q, "k": k[:n], "v": v[:n], "block": block}
        came, should = online_attention(**case), whole_attention(q, k[:n], v[:n])
        assert came.shape == should.shape, "the result is not (rows, e)"
        assert torch.allclose(came, should), f"not softmax attention over {n} keys"
    for low in (-1e4, 1e4):
        case = {"q": q, "k": k + low, "v": v, "block": 2}
        came, should = online_attention(**case), whole_attention(q, k, v)
        assert torch.allclose(came, should), f"scores near {low:.0f} give another mean"
    generator = torch.Generator().manual_seed(seed)
    shapes = ((1, 1, 1, 1, 1), (1, 3, 2, 1, 2), (2, 5, 4, 3, 2), (3, 7, 4, 2, 10), (5, 33, 8, 6, 8))
    for rows, n, d, e, block in shapes:
        q = torch.randn(rows, d, generator=generator, dtype=torch.float64)
        k = torch.randn(n, d, generator=generator, dtype=torch.float64)
        v = torch.randn(n, e, generator=generator, dtype=torch.float64)
        for size in (1.0, 1e4):  # scores that are sharp jump by thousands from block to block
            case = {"q": q * size, "k": k, "v": v, "block": block}
            came, should = online_attention(**case), whole_attention(q * size, k, v)
            assert came.shape == should.shape, "the result is not (rows, e)"
            assert torch.allclose(came, should, atol=1e-9), "differs from softmax attention"
        case = {"q": q, "k": k, "v": v, "block": block}
        mine = [tensor.clone().requires_grad_() for tensor in (q, k, v)]
        theirs = [tensor.clone().requires_grad_() for tensor in (q, k, v)]
        online_attention(*mine, block).square().sum().backward()
        whole_attention(*theirs).square().sum().backward()
        for name, one, other in zip("qkv", mine, theirs, strict=True):
            came, should = one.grad, other.grad
            assert came is not None, f"no gradient reaches {name}"
            assert torch.allclose(came, should, atol=1e-9), f"the gradient of {name} differs"
    q, k, v = (torch.randn(n, 2, generator=generator) for n in (4, 4096, 4096))
    case = {"queries": 4, "keys": 4096, "block": 16}
    came = peak_bytes(lambda: online_attention(q, k, v, 16), q.device)
    should = 16_384  # a tile is 256 bytes, a column of scores for all keys 65,536
    assert came <= should, f"{came} bytes are held at once: more than a few tiles"


def flash_forward(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    block: int,
    causal: bool = False,
    view: StepView | None = None,
) -> tuple[Tensor, Tensor]:
    """Attention of one head, and the logarithm of each row's sum of exponentials, (n, 1).

    ``q``, ``k`` and ``v`` are (n, d). ``view`` sees every step.
    """
    n, d = q.shape
    out = torch.empty_like(q)
    log_sums = torch.empty_like(q[:, :1])
    for row in range(0, n, block):
        queries = q[row : row + block] / math.sqrt(d)
        m = q.new_full((len(queries), 1), -math.inf)  # the largest score of each query
        total = q.new_zeros(len(queries), 1)  # l in the papers: its sum of exp(score - m)
        o = q.new_zeros(len(queries), d)  # its sum of exp(score - m) * value
        for column in range(0, min(row + block, n) if causal else n, block):
            scores = queries @ k[column : column + block].T  # the only tile there is
            if causal:
                scores = hide_future(scores, row, column)
            larger = torch.maximum(m, scores.amax(dim=1, keepdim=True))
            weights = torch.exp(scores - larger)
            rescale = torch.exp(m - larger)  # sums so far were relative to the old maximum
            total = total * rescale + weights.sum(dim=1, keepdim=True)
            o = o * rescale + weights @ v[column : column + block]
            m = larger
            if view is not None:
                view.step(row, column, scores, m, rescale, total, o)
        out[row : row + block] = o / total
        log_sums[row : row + block] = m + total.log()
    return out, log_sums


def hide_future(scores: Tensor, row: int, column: int) -> Tensor:
    """A tile of scores whose first entry is (row, column), with -inf where the key is later."""
    i = torch.arange(row, row + scores.shape[0])[:, None]
    j = torch.arange(column, column + scores.shape[1])
    return scores.masked_fill(j > i, -math.inf)


def flash_backward(
    saved: tuple[Tensor, Tensor, Tensor, Tensor, Tensor],
    grad: Tensor,
    block: int,
    causal: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of q, k and v from ``saved`` (q, k, v, out, log_sums) and the output's, (n, d)."""
    q, k, v, out, log_sums = saved
    n, scale = len(q), q.shape[1] ** -0.5
    dq, dk, dv = (torch.zeros_like(x) for x in (q, k, v))
    row_dot = (grad * out).sum(dim=1, keepdim=True)  # D in the papers
    for column in range(0, n, block):
        keys = slice(column, column + block)
        for row in range(column // block * block if causal else 0, n, block):
            rows = slice(row, row + block)
            scores = q[rows] @ k[keys].T * scale
            if causal:
                scores = hide_future(scores, row, column)
            weights = torch.exp(scores - log_sums[rows])  # P again, without its maximum or sum
            dscores = weights * (grad[rows] @ v[keys].T - row_dot[rows])
            dv[keys] += weights.T @ grad[rows]
            dq[rows] += dscores @ k[keys] * scale
            dk[keys] += dscores.T @ q[rows] * scale
    return dq, dk, dv


def show_example() -> None:
    """The example of the text: what each block says alone, and both together."""
    q, k, v = worked_example()
    print("one query, four keys with exponentials 1, 2, 8, 4 and values 3, 0, 6, 3")
    parts = (("keys 1 and 2", slice(0, 2)), ("keys 3 and 4", slice(2, 4)), ("all", slice(0, 4)))
    for name, keys in parts:
        scores = k[keys].flatten()
        m, total = scores.max(), (scores - scores.max()).exp().sum()
        out = online_attention(q, k[keys], v[keys], 2)
        print(f"  {name:<12}  e^m = {m.exp():.0f}   l = {total:.3f}   o/l = {out.item():.2f}")
    print()


def show_steps(n: int, block: int, causal: bool, seed: int) -> None:
    """Walk through a small problem, then hold output and gradients against the naive formula."""
    generator = torch.Generator().manual_seed(seed)
    q, k, v, grad = (torch.randn(n, 16, generator=generator) for _ in range(4))
    view = StepView(n, block, causal)
    view.begin()
    out, log_sums = flash_forward(q, k, v, block, causal, view)
    whole = [x.double()[None, None].requires_grad_() for x in (q, k, v)]
    exact = naive_attention(*whole, causal)
    error = (out - exact[0, 0]).abs().max().item()
    tile, matrix = block * block, n * n
    print(f"\nlargest difference from the naive formula in float64: {error:.1e}")
    exact_gradients = torch.autograd.grad(exact, whole, grad.double()[None, None])
    gradients = flash_backward((q, k, v, out, log_sums), grad, block, causal)
    pairs = zip(gradients, exact_gradients, strict=True)
    slip = max((ours - theirs[0, 0]).abs().max().item() for ours, theirs in pairs)
    print(f"and of the gradients from autograd's:                 {slip:.1e}")
    print(f"scores held at once: {tile} instead of {matrix}\n")
    assert error < 1e-5
    assert slip < 1e-4


def moved_numbers(n: int, d: int, rows: int) -> int:
    """Numbers that the tiled loops read and write: no cache, ``rows`` queries at a time."""
    moved = 0
    for row in range(0, n, rows):
        queries = min(rows, n - row)
        moved += queries * d + 2 * n * d + queries * d  # q; all of k and v; the output
    return moved


def show_traffic(n: int = 8192, d: int = 128) -> None:
    """Counted traffic of three kernels and of tiles, beside the limit of their ratio."""
    naive = 4 * n * n + 4 * n * d
    print(f"through global memory, one head, n = {n}, d = {d}, 16 bits, no cache")
    print(f"  three kernels: {naive * 2 / 2**20:.0f} MiB")
    print("  rows B   tiled MiB   ratio   limit 2B/d   may differ by (B + d)/n")
    for rows in (64, 128, 256):
        moved = moved_numbers(n, d, rows)
        ratio, limit, error = naive / moved, 2 * rows / d, (rows + d) / n
        print(f"  {rows:6d} {moved * 2 / 2**20:11.0f} {ratio:7.3f} {limit:12.3f} {error:15.1%}")
        assert abs(ratio / limit - 1) < error
    print()


def choose_device(wanted: str) -> torch.device:
    """auto takes the GPU when there is one; raises SystemExit when the wanted one is missing."""
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if wanted == "cuda" and not torch.cuda.is_available():
        raise SystemExit("no CUDA device here: choose --device cpu")
    return torch.device(wanted)


def main(
    longest: Annotated[
        int, typer.Option(min=0, max=1 << 17, help="Longest n; 0: 2,048, on a GPU 16,384")
    ] = 0,
    heads: Annotated[int, typer.Option(min=1, max=128, help="Heads of the queries")] = 8,
    kv_heads: Annotated[
        int, typer.Option(min=0, max=128, help="Heads of keys and values; 0: as many")
    ] = 0,
    d: Annotated[int, typer.Option(min=16, max=256, help="Size of a head")] = 64,
    batch: Annotated[int, typer.Option(min=1, max=64, help="Sequences at once")] = 1,
    causal: Annotated[bool, typer.Option(help="Each query sees the keys before it only")] = False,
    rounds: Annotated[int, typer.Option(min=1, max=50, help="Timed rounds")] = 2,
    show: Annotated[
        Literal["all", "steps", "race"], typer.Option(help="The steps, the race, or both")
    ] = "all",
    device: Annotated[
        Literal["auto", "cpu", "cuda"], typer.Option(help="auto takes a GPU if there is one")
    ] = "auto",
    seed: Annotated[int, typer.Option(min=0, help="Random numbers")] = 0,
) -> None:
    """Walk through FlashAttention tile by tile, then race it against every other way."""
    where = choose_device(device)
    if heads % (kv_heads or heads):
        raise SystemExit(f"{kv_heads} key heads do not divide {heads} query heads")
    if show != "race":
        show_example()
        show_steps(n=24, block=8, causal=causal, seed=seed)
        show_traffic()
    if show == "steps":
        return
    from _flash.pictures import plot_race, print_race

    gpu = where.type == "cuda"
    dtype = torch.bfloat16 if gpu else torch.float32
    longest = longest or (16_384 if gpu else 2048)
    lengths = [n for n in (longest // 8, longest // 4, longest // 2, longest) if n]
    results = []
    for n in lengths:
        shape = Shape(batch, heads, kv_heads or heads, n, d)
        results += race(contenders(where), shape, where, dtype, causal, rounds)
    print_race(results)
    plot_race(results, measure_machine(where, dtype), dtype.itemsize)


if __name__ == "__main__":
    typer.run(main)
