"""Tiled attention in plain torch, forward and backward: fast on a CPU, small in memory.

The algorithm is FlashAttention-2's, that of ``flash_forward``. What makes it quick here:

  - Each thread works on a tile of its own, 1024 x 256 scores (1 MB), which stays in that
    processor's cache while a handful of operations run over it, all of them in place; naive
    attention moves the whole n x n matrix through memory each time. Threads that share an operation
    instead would meet after each one, and on a larger tile.
  - Powers are of 2: the queries are scaled by log2(e) once, and exp2 takes a third of exp's time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

ROWS, KEYS = 1024, 256  # queries (of all heads that share keys) and keys of a tile
LOG2_E = math.log2(math.e)

Job = tuple[int, slice]
"""A head of the keys, and some of the queries that it answers."""


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


def _compute_type(q: Tensor) -> torch.dtype:
    """Half precision is slow on most CPUs, and too coarse to sum in."""
    return torch.promote_types(q.dtype, torch.float32)


class _Space:
    """What one thread works in: tiles of scores and rows of results, one after another."""

    def __init__(self, q: Tensor, tiles: int) -> None:
        self.rows = max(1, ROWS // q.shape[1])  # queries of each head
        rows = q.shape[1] * min(self.rows, q.shape[2])
        kind = _compute_type(q)
        self._tiles = q.new_empty(tiles, rows * KEYS, dtype=kind)
        self._rows = q.new_empty(3, rows * q.shape[3], dtype=kind)

    def product(self, left: Tensor, right: Tensor, tile: int = 0) -> Tensor:
        """left right^T, in the space of the tile before."""
        out = self._tiles[tile, : left.shape[0] * right.shape[0]]
        return torch.mm(left, right.T, out=out.view(left.shape[0], right.shape[0]))

    def result(self, number: int, like: Tensor) -> Tensor:
        """Space for as many rows as ``like`` has."""
        return self._rows[number, : like.numel()].view(like.shape)

    def gather(self, number: int, x: Tensor, head: int, rows: slice, scale: float = 1.0) -> Tensor:
        """Rows of a folded tensor as (group * rows, d), times ``scale``."""
        some = x[head, :, rows]
        flat = self._rows[number, : some.numel()].view(some.shape)
        return flat.copy_(some).mul_(scale).flatten(0, 1)


def _side_by_side(
    q: Tensor, jobs: Sequence[Job], tiles: int, work: Callable[[Job, _Space], None]
) -> None:
    """Do all jobs, each thread one after another in a space of its own."""
    threads = torch.get_num_threads() if q.device.type == "cpu" else 1
    team = max(1, min(threads, len(jobs)))
    spaces = [_Space(q, tiles) for _ in range(team)]
    waiting = iter(jobs)  # shared: a list's iterator gives each job to one thread
    if team == 1:
        for job in waiting:
            work(job, spaces[0])
        return

    def labour(space: _Space) -> None:
        torch.set_num_threads(threads // team)
        with torch.no_grad():
            for job in waiting:
                work(job, space)

    try:
        with ThreadPoolExecutor(team) as pool:
            list(pool.map(labour, spaces))
    finally:
        torch.set_num_threads(threads)


def _jobs(q: Tensor, heads: Sequence[int]) -> list[Job]:
    """Every row of the queries of some heads."""
    step = max(1, ROWS // q.shape[1])
    return [(head, slice(row, row + step)) for head in heads for row in range(0, q.shape[2], step)]


def _seen(
    k: Tensor, v: Tensor, rows: slice, causal: bool, kind: torch.dtype
) -> Iterator[tuple[slice, Tensor, Tensor]]:
    """Tiles of one head's keys and values that some queries see, and where they stand."""
    end = min(rows.stop, len(k)) if causal else len(k)
    tiles = zip(k[:end].split(KEYS), v[:end].split(KEYS), strict=True)
    for number, (keys, values) in enumerate(tiles if end else ()):
        start = number * KEYS
        yield slice(start, start + len(keys)), keys.to(kind), values.to(kind)


def _hide_future(scores: Tensor, group: int, row: int, column: int) -> None:
    """Put -inf where a key lies in the future of its query."""
    columns = scores.shape[1]
    if column + columns > row + 1:  # else the tile is below the diagonal
        by_query = scores.view(group, -1, columns)
        future = torch.ones(by_query.shape[1:], dtype=torch.bool, device=scores.device)
        by_query.masked_fill_(future.triu_(row - column + 1), -math.inf)


def _forward(q: Tensor, k: Tensor, v: Tensor, causal: bool, scale: float) -> tuple[Tensor, Tensor]:
    """The output, and of each row the binary logarithm of its sum of exponentials."""
    kind = _compute_type(q)
    out = torch.empty_like(q, memory_format=torch.contiguous_format)
    log_sums = q.new_empty(*q.shape[:3], 1, dtype=kind)

    def attend(job: Job, space: _Space) -> None:
        head, rows = job
        queries = space.gather(0, q, head, rows, scale * LOG2_E)
        m = queries.new_full((len(queries), 1), -math.inf)
        total = m.new_zeros(m.shape)
        o = space.result(1, queries).zero_()
        for where, keys, values in _seen(k[head], v[head], rows, causal, kind):
            weights = space.product(queries, keys)
            if causal:
                _hide_future(weights, q.shape[1], rows.start, where.start)
            larger = torch.maximum(m, weights.amax(-1, keepdim=True))
            weights.sub_(larger).exp2_()
            rescale = m.sub_(larger).exp2_()
            total.mul_(rescale).add_(weights.sum(-1, keepdim=True))
            o.mul_(rescale).addmm_(weights, values)
            m = larger
        shape = out[head, :, rows].shape
        out[head, :, rows] = o.div_(total).view(shape)
        log_sums[head, :, rows] = m.add_(total.log2_()).view(*shape[:2], 1)

    _side_by_side(q, _jobs(q, range(q.shape[0])), 1, attend)
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

    def differentiate(job: Job, space: _Space) -> None:
        # All queries of a head: its keys' gradients are summed over them, by one thread.
        head, _ = job
        for _, rows in _jobs(q, [head]):
            queries = space.gather(0, q, head, rows, scale * LOG2_E)
            dout = space.gather(1, grad, head, rows)
            log_sum, delta = (x[head, :, rows].flatten(0, 1) for x in (log_sums, deltas))
            dqueries = space.result(2, queries).zero_()
            for where, keys, values in _seen(k[head], v[head], rows, causal, kind):
                weights = space.product(queries, keys)
                if causal:
                    _hide_future(weights, q.shape[1], rows.start, where.start)
                weights.sub_(log_sum).exp2_()
                dv[head, where].addmm_(weights.T, dout)
                dscores = space.product(dout, values, tile=1).sub_(delta).mul_(weights)
                dk[head, where].addmm_(dscores.T, queries)
                dqueries.addmm_(dscores, keys)
            dq[head, :, rows] = dqueries.mul_(scale).view(dq[head, :, rows].shape)

    whole = slice(0, q.shape[2])
    _side_by_side(q, [(head, whole) for head in range(q.shape[0])], 2, differentiate)
    dk.div_(LOG2_E)  # its queries were scaled by scale * LOG2_E
    return dq, dk.to(k.dtype), dv.to(v.dtype)
