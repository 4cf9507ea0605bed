"""FlashAttention: exact attention, a tile at a time, without ever storing the matrix of scores.

Attention is softmax(q k^T / sqrt(d)) v. Written down naively it stores n x n scores, and moving
them through memory takes longer than computing them. FlashAttention walks over tiles of keys and
keeps, for each query, three things: the largest score so far (m), the sum of exponentials relative
to it (l), and the weighted sum of values. A new maximum rescales what was summed before.

`flash_forward` below is the whole idea for one head. The fast versions stand beside it:
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
from typing import Annotated, Literal

import torch
import typer
from _flash.contenders import Shape, contenders, naive_attention
from _flash.race import measure_machine, race
from _flash.steps import StepView
from torch import Tensor


def flash_forward(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    block: int,
    causal: bool = False,
    view: StepView | None = None,
) -> Tensor:
    """Attention of one head; ``q``, ``k`` and ``v`` are (n, d). ``view`` sees every step."""
    n, d = q.shape
    out = torch.empty_like(q)
    for row in range(0, n, block):
        queries = q[row : row + block] / math.sqrt(d)
        m = torch.full((len(queries), 1), -math.inf)  # the largest score of each query
        total = torch.zeros(len(queries), 1)  # l in the papers: its sum of exp(score - m)
        o = torch.zeros(len(queries), d)  # its sum of exp(score - m) * value
        for column in range(0, min(row + block, n) if causal else n, block):
            scores = queries @ k[column : column + block].T  # the only tile there is
            if causal:
                i = torch.arange(row, row + len(queries))[:, None]
                j = torch.arange(column, column + scores.shape[1])
                scores = scores.masked_fill(j > i, -math.inf)
            larger = torch.maximum(m, scores.amax(dim=1, keepdim=True))
            weights = torch.exp(scores - larger)
            rescale = torch.exp(m - larger)  # sums so far were relative to the old maximum
            total = total * rescale + weights.sum(dim=1, keepdim=True)
            o = o * rescale + weights @ v[column : column + block]
            m = larger
            if view is not None:
                view.step(row, column, scores, m, rescale, total, o)
        out[row : row + block] = o / total
    return out


def show_steps(n: int, block: int, causal: bool, seed: int) -> None:
    """Walk through a small problem, then hold the result against the naive formula."""
    generator = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn(n, 16, generator=generator) for _ in range(3))
    view = StepView(n, block, causal)
    view.begin()
    out = flash_forward(q, k, v, block, causal, view)
    exact = naive_attention(*(x.double()[None, None] for x in (q, k, v)), causal)[0, 0]
    error = (out - exact).abs().max().item()
    tile, matrix = block * block, n * n
    print(f"\nlargest difference from the naive formula in float64: {error:.1e}")
    print(f"scores held at once: {tile} instead of {matrix}\n")
    assert error < 1e-5


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
    rounds: Annotated[int, typer.Option(min=1, max=50, help="Timed rounds")] = 3,
    show: Annotated[
        Literal["all", "steps", "race"], typer.Option(help="The steps, the race, or both")
    ] = "all",
    device: Annotated[str, typer.Option(help="auto, cpu or cuda")] = "auto",
    seed: Annotated[int, typer.Option(min=0, help="Random numbers")] = 0,
) -> None:
    """Walk through FlashAttention tile by tile, then race it against every other way."""
    where = choose_device(device)
    if heads % (kv_heads or heads):
        raise SystemExit(f"{kv_heads} key heads do not divide {heads} query heads")
    if show != "race":
        show_steps(n=24, block=8, causal=causal, seed=seed)
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
