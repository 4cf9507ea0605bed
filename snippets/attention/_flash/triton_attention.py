"""The Triton kernels as a differentiable function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import triton
from torch import Tensor

from _flash.descriptors import LOG2_E, check, readable, tiled
from _flash.triton_backward import delta_kernel, keys_kernel, queries_kernel
from _flash.triton_forward import forward_kernel
from _flash.tuning import Tile, fastest, length_class

FORWARD = (
    Tile(128, 128, 8, 2),
    Tile(128, 64, 8, 3),
    Tile(128, 128, 8, 3),
    Tile(64, 64, 4, 3),
    Tile(128, 64, 4, 3),
)
# Tiles whose accumulators still fit into registers when compiled for sm_90: no spills at d = 128.
BACKWARD_KEYS = (Tile(64, 128, 8, 2), Tile(64, 64, 4, 2), Tile(32, 64, 4, 2), Tile(32, 128, 8, 2))
BACKWARD_QUERIES = (Tile(128, 64, 8, 2), Tile(128, 64, 8, 3), Tile(64, 64, 4, 2))
INTERPRETED = (Tile(32, 16, 4, 1),)

Forward = Callable[[Tensor, Tensor, Tensor, bool, float], tuple[Tensor, Tensor]]


def triton_attention(
    q: Tensor, k: Tensor, v: Tensor, causal: bool = False, scale: float | None = None
) -> Tensor:
    """softmax(q k^T * scale) v, differentiable.

    ``q`` is (batch, heads, n, d), ``k`` and ``v`` (batch, kv_heads, m, d) in any layout; kv_heads
    divides heads; d is 16, 32, 64 or 128; bf16 or fp16 (in the interpreter fp32 too). With
    ``causal`` query i sees keys 0 ... i. Raises ValueError on anything else.
    """
    scale = q.shape[-1] ** -0.5 if scale is None else scale
    return attention(q, k, v, causal, scale, forward)


def attention(
    q: Tensor, k: Tensor, v: Tensor, causal: bool, scale: float, forward: Forward
) -> Tensor:
    """Any forward pass that returns the output and its log-sums, with the gradient from here."""
    return _Attention.apply(q, k, v, causal, scale, forward)


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, q: Tensor, k: Tensor, v: Tensor, causal: bool, scale: float, forward: Forward
    ) -> Tensor:
        out, log_sums = forward(q, k, v, causal, scale)
        ctx.save_for_backward(q, k, v, out, log_sums)
        ctx.causal, ctx.scale = causal, scale
        return out

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        gradients = backward(*ctx.saved_tensors, grad, ctx.causal, ctx.scale)
        return *gradients, None, None, None


def forward(q: Tensor, k: Tensor, v: Tensor, causal: bool, scale: float) -> tuple[Tensor, Tensor]:
    """The output, and log2 of each row's sum of exp2 (float32, (batch, heads, n))."""
    check(q, k, v, scale)
    q, k, v = readable(q), readable(k), readable(v)
    out = torch.empty_like(q)
    batch, heads, queries, d = q.shape
    keys = k.shape[2]
    log_sums = torch.empty(batch, heads, queries, dtype=torch.float32, device=q.device)
    if queries == 0:
        return out, log_sums

    def launch(tile: Tile) -> None:
        grid = (triton.cdiv(queries, tile.queries) * heads * batch,)
        forward_kernel[grid](
            tiled(q, tile.queries),
            tiled(k, tile.keys),
            tiled(v, tile.keys),
            tiled(out, tile.queries),
            log_sums,
            scale * LOG2_E,
            heads,
            heads // k.shape[1],
            queries,
            keys,
            CAUSAL=causal,
            EVEN=keys % tile.keys == 0,
            D=d,
            BLOCK_M=tile.queries,
            BLOCK_N=tile.keys,
            SPECIALIZE=False,
            num_warps=tile.warps,
            num_stages=tile.stages,
        )

    launch(fastest(("forward", *kind(q, k, causal)), _tiles(q, FORWARD), launch))
    return out, log_sums


def backward(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    out: Tensor,
    log_sums: Tensor,
    grad: Tensor,
    causal: bool,
    scale: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of q, k and v, in their types."""
    q, k, v, out, grad = (readable(x) for x in (q, k, v, out, grad))
    dq, dk, dv = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
    batch, heads, queries, d = q.shape
    kv_heads, keys = k.shape[1:3]
    if queries == 0:
        return dq, dk.zero_(), dv.zero_()
    deltas = torch.empty_like(log_sums)
    block = min(128, triton.next_power_of_2(max(16, queries)))
    delta_kernel[(triton.cdiv(queries, block) * heads * batch,)](
        tiled(out, block), tiled(grad, block), deltas, heads, queries, D=d, BLOCK_M=block
    )
    numbers = (log_sums, deltas, scale * LOG2_E, scale, heads, heads // kv_heads, queries, keys)

    def launch_keys(tile: Tile) -> None:
        keys_kernel[(triton.cdiv(keys, tile.keys) * kv_heads * batch,)](
            *(tiled(x, block) for x, block in _sides(tile, q, k, v, grad)),
            tiled(dk, tile.keys),
            tiled(dv, tile.keys),
            *numbers,
            CAUSAL=causal,
            D=d,
            BLOCK_M=tile.queries,
            BLOCK_N=tile.keys,
            num_warps=tile.warps,
            num_stages=tile.stages,
        )

    def launch_queries(tile: Tile) -> None:
        queries_kernel[(triton.cdiv(queries, tile.queries) * heads * batch,)](
            *(tiled(x, block) for x, block in _sides(tile, q, k, v, grad)),
            tiled(dq, tile.queries),
            *numbers,
            CAUSAL=causal,
            EVEN=keys % tile.keys == 0,
            D=d,
            BLOCK_M=tile.queries,
            BLOCK_N=tile.keys,
            num_warps=tile.warps,
            num_stages=tile.stages,
        )

    problem = kind(q, k, causal)
    launch_keys(fastest(("keys", *problem), _tiles(q, BACKWARD_KEYS), launch_keys))
    launch_queries(fastest(("queries", *problem), _tiles(q, BACKWARD_QUERIES), launch_queries))
    return dq, dk, dv


def kind(q: Tensor, k: Tensor, causal: bool) -> tuple[object, ...]:
    """Problems that may share their tile sizes."""
    return q.device, q.dtype, q.shape[3], causal, length_class(q.shape[2]), length_class(k.shape[2])


def _tiles(q: Tensor, tiles: tuple[Tile, ...]) -> tuple[Tile, ...]:
    return tiles if q.device.type == "cuda" else INTERPRETED


def _sides(tile: Tile, q: Tensor, k: Tensor, v: Tensor, grad: Tensor) -> list[tuple[Tensor, int]]:
    return [(q, tile.queries), (k, tile.keys), (v, tile.keys), (grad, tile.queries)]
