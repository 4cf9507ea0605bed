"""The Triton kernels as a differentiable function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import triton
from torch import Tensor

from _flash.descriptors import LOG2_E, check, readable, tiled
from _flash.gradients import backward
from _flash.triton_forward import forward_kernel
from _flash.tuning import Tile, fastest, kind, tiles_for

FORWARD = (
    Tile(128, 128, 8, 2),
    Tile(128, 64, 8, 3),
    Tile(128, 128, 8, 3),
    Tile(64, 64, 4, 3),
    Tile(128, 64, 4, 3),
)
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
            num_warps=tile.warps,
            num_stages=tile.stages,
        )

    launch(fastest(("forward", *kind(q, k, causal)), tiles_for(q, FORWARD), launch))
    return out, log_sums
