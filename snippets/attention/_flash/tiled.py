"""Tiled attention in plain torch, forward and backward: fast on a CPU, small in memory.

The algorithm is FlashAttention-2's. What makes it quick here: a tile of scores (512 x 512 for up to
eight heads at once, 8 MB) stays in the last-level cache while a handful of operations run over it,
all of them in place; naive attention moves the whole n x n matrix through memory each time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

TILE = 512  # queries and keys of a tile
HEADS = 8  # heads worked on at once


def tiled_attention(
    q: Tensor, k: Tensor, v: Tensor, causal: bool = False, scale: float | None = None
) -> Tensor:
    """softmax(q k^T * scale) v without ever holding the matrix of scores.

    ``q`` is (batch, heads, n, d), ``k`` and ``v`` (batch, kv_heads, m, d), where kv_heads divides
    heads (grouped-query attention). With ``causal`` query i sees keys 0 ... i. Sums are kept in
    float32 (float64 for float64 inputs). Differentiable once.
    """
    return _Tiled.apply(q, k, v, causal, q.shape[-1] ** -0.5 if scale is None else scale)


class _Tiled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, k, v, causal, scale):
        out, log_sum = _forward(_fold(q, k), _flat(k), _flat(v), causal, scale)
        ctx.save_for_backward(q, k, v, out, log_sum)
        ctx.causal, ctx.scale = causal, scale
        return out.view(q.shape)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad):
        q, k, v, out, log_sum = ctx.saved_tensors
        grad = _fold(grad, k)
        # What softmax's derivative needs of a whole row is one number, and it can be had from
        # what is at hand: sum_j P_ij dP_ij = sum_j P_ij (dO_i . v_j) = dO_i . O_i.
        delta = (grad * out).sum(-1, keepdim=True, dtype=log_sum.dtype)
        saved = _fold(q, k), _flat(k), _flat(v), grad, log_sum, delta
        dq, dk, dv = _backward(*saved, ctx.causal, ctx.scale)
        return dq.view(q.shape), dk.view(k.shape), dv.view(v.shape), None, None


def _flat(x: Tensor) -> Tensor:
    """(batch, kv_heads, m, d) to (batch * kv_heads, m, d)."""
    return x.reshape(x.shape[0] * x.shape[1], *x.shape[2:])


def _fold(q: Tensor, k: Tensor) -> Tensor:
    """(batch, heads, n, d) to (batch * kv_heads, group, n, d): heads that share keys together."""
    return q.reshape(k.shape[0] * k.shape[1], q.shape[1] // k.shape[1], *q.shape[2:])


def _tiles(q: Tensor, k: Tensor, causal: bool) -> Iterator[tuple[slice, slice, list[slice]]]:
    """(heads, queries, tiles of the keys that those queries see) for all of a folded q."""
    heads = max(1, HEADS // q.shape[1])
    for head in range(0, q.shape[0], heads):
        for row in range(0, q.shape[2], TILE):
            end = min(row + TILE, k.shape[1]) if causal else k.shape[1]
            columns = [slice(start, min(start + TILE, end)) for start in range(0, end, TILE)]
            yield slice(head, head + heads), slice(row, row + TILE), columns


def _compute_type(q: Tensor) -> torch.dtype:
    """Half precision is slow on most CPUs, and too coarse to sum in."""
    return torch.promote_types(q.dtype, torch.float32)


class _Scores:
    """Tiles of scores, each in the space of the one before."""

    def __init__(self, q: Tensor, causal: bool) -> None:
        heads = min(q.shape[0], max(1, HEADS // q.shape[1]))
        rows = q.shape[1] * min(TILE, q.shape[2])
        self._space = q.new_empty(heads * rows * TILE, dtype=_compute_type(q))
        self._causal, self._group = causal, q.shape[1]

    def product(self, left: Tensor, right: Tensor) -> Tensor:
        """left right^T: (heads, rows, d) by (heads, columns, d)."""
        shape = left.shape[0], left.shape[1], right.shape[1]
        out = self._space[: math.prod(shape)].view(shape)
        return torch.bmm(left, right.transpose(1, 2), out=out)

    def masked(self, left: Tensor, right: Tensor, row: int, column: int) -> Tensor:
        """The same, with -inf where a key lies in the future of its query."""
        scores = self.product(left, right)
        columns = right.shape[1]
        if self._causal and column + columns > row + 1:  # else the tile is below the diagonal
            by_query = scores.view(scores.shape[0], self._group, -1, columns)
            future = torch.ones(by_query.shape[2:], dtype=torch.bool, device=scores.device)
            by_query.masked_fill_(future.triu_(row - column + 1), -math.inf)
        return scores


def _gather(x: Tensor, heads: slice, rows: slice, kind: torch.dtype) -> Tensor:
    """Rows of a folded tensor as (heads, group * rows, last dimension)."""
    return x[heads, :, rows].to(kind).flatten(1, 2)


def _forward(q: Tensor, k: Tensor, v: Tensor, causal: bool, scale: float) -> tuple[Tensor, Tensor]:
    """The output, and of each row the logarithm of its sum of exponentials."""
    kind = _compute_type(q)
    out = torch.empty_like(q, memory_format=torch.contiguous_format)
    log_sums = q.new_empty(*q.shape[:3], 1, dtype=kind)
    space = _Scores(q, causal)
    for heads, rows, columns in _tiles(q, k, causal):
        queries = _gather(q, heads, rows, kind) * scale
        largest = queries.new_full((*queries.shape[:2], 1), -math.inf)
        total = torch.zeros_like(largest)
        mixed = torch.zeros_like(queries)
        for keys in columns:
            scores = space.masked(queries, k[heads, keys].to(kind), rows.start, keys.start)
            new = torch.maximum(largest, scores.amax(-1, keepdim=True))
            weights = scores.sub_(new).exp_()
            # What was summed so far was relative to the old maximum.
            rescale = (largest - new).exp_()
            total.mul_(rescale).add_(weights.sum(-1, keepdim=True))
            mixed.mul_(rescale).baddbmm_(weights, v[heads, keys].to(kind))
            largest = new
        shape = out[heads, :, rows].shape
        out[heads, :, rows] = mixed.div_(total).view(shape)
        log_sums[heads, :, rows] = largest.add_(total.log_()).view(*shape[:3], 1)
    return out, log_sums


def _backward(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    grad: Tensor,
    log_sums: Tensor,
    deltas: Tensor,
    causal: bool,
    scale: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of q, k and v. P is computed again, tile by tile, from the saved row sums."""
    kind = _compute_type(q)
    dq = torch.empty_like(q, memory_format=torch.contiguous_format)
    dk, dv = (torch.zeros_like(x, dtype=kind) for x in (k, v))
    space, more_space = _Scores(q, causal), _Scores(q, causal)
    for heads, rows, columns in _tiles(q, k, causal):
        queries = _gather(q, heads, rows, kind) * scale
        dout = _gather(grad, heads, rows, kind)
        log_sum, delta = (_gather(x, heads, rows, kind) for x in (log_sums, deltas))
        dqueries = torch.zeros_like(queries)
        for keys in columns:
            some_k, some_v = k[heads, keys].to(kind), v[heads, keys].to(kind)
            weights = space.masked(queries, some_k, rows.start, keys.start)
            weights.sub_(log_sum).exp_()
            dv[heads, keys].baddbmm_(weights.transpose(1, 2), dout)
            dscores = more_space.product(dout, some_v).sub_(delta).mul_(weights)
            dk[heads, keys].baddbmm_(dscores.transpose(1, 2), queries)
            dqueries.baddbmm_(dscores, some_k)
        dq[heads, :, rows] = dqueries.mul_(scale).view(dq[heads, :, rows].shape)
    return dq, dk.to(k.dtype), dv.to(v.dtype)
