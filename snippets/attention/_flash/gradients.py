"""The gradient: two sweeps over the tiles, or one where that is quicker and as right."""

from __future__ import annotations

import torch
import triton
from torch import Tensor
from triton.testing import do_bench

from _flash.descriptors import LOG2_E, readable, tiled
from _flash.triton_backward import delta_kernel, keys_kernel, queries_kernel
from _flash.triton_fused_backward import fused_kernel
from _flash.tuning import Tile, fastest, kind, tiles_for

# Tiles whose accumulators still fit into registers when compiled for sm_90, or nearly so.
KEYS = (Tile(64, 128, 8, 2), Tile(64, 64, 4, 2), Tile(32, 64, 4, 2), Tile(32, 128, 8, 2))
QUERIES = (Tile(128, 64, 8, 2), Tile(128, 64, 8, 3), Tile(64, 64, 4, 2))
FUSED = (Tile(64, 128, 8, 2), Tile(32, 128, 8, 2), Tile(64, 64, 8, 2), Tile(64, 64, 4, 2))

Gradients = tuple[Tensor, Tensor, Tensor]
_one_is_better: dict[object, bool] = {}


def backward(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    out: Tensor,
    log_sums: Tensor,
    grad: Tensor,
    causal: bool,
    scale: float,
) -> Gradients:
    """Gradients of q, k and v, in their types, by the quicker way.

    One sweep needs the copy engine's reduction (compute capability 9.0 or later). Where torch is
    told to be deterministic, it is two.
    """
    arguments = q, k, v, out, log_sums, grad, causal, scale
    if q.device.type != "cuda" or torch.are_deterministic_algorithms_enabled():
        return two_sweeps(*arguments)
    if torch.cuda.get_device_capability(q.device) < (9, 0):
        return two_sweeps(*arguments)
    problem = kind(q, k, causal)
    if problem not in _one_is_better:
        _one_is_better[problem] = _agree(*arguments) and _milliseconds(
            one_sweep, *arguments
        ) < _milliseconds(two_sweeps, *arguments)
    return (one_sweep if _one_is_better[problem] else two_sweeps)(*arguments)


def _milliseconds(way, *arguments) -> float:
    return do_bench(lambda: way(*arguments), warmup=10, rep=50, return_mode="median")


def _agree(*arguments) -> bool:
    """Whether one sweep gives what two sweeps give, to the rounding of their inputs."""
    pairs = zip(one_sweep(*arguments), two_sweeps(*arguments), strict=True)
    return all(
        bool(torch.isfinite(one).all())
        and (one.float() - two.float()).norm() <= 2e-2 * two.float().norm() + 1e-3
        for one, two in pairs
    )


def two_sweeps(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    out: Tensor,
    log_sums: Tensor,
    grad: Tensor,
    causal: bool,
    scale: float,
) -> Gradients:
    """Gradients of q, k and v, in their types, always with the same bits."""
    q, k, v, out, grad = (readable(x) for x in (q, k, v, out, grad))
    dq, dk, dv = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
    batch, heads, queries, d = q.shape
    kv_heads, keys = k.shape[1:3]
    if queries == 0:
        return dq, dk.zero_(), dv.zero_()
    deltas = _deltas(out, grad, log_sums)
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
    launch_keys(fastest(("keys", *problem), tiles_for(q, KEYS), launch_keys))
    launch_queries(fastest(("queries", *problem), tiles_for(q, QUERIES), launch_queries))
    return dq, dk, dv


def one_sweep(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    out: Tensor,
    log_sums: Tensor,
    grad: Tensor,
    causal: bool,
    scale: float,
) -> Gradients:
    """The same by ``triton_fused_backward.py``: quicker, and dQ's last bits vary."""
    q, k, v, out, grad = (readable(x) for x in (q, k, v, out, grad))
    dk, dv = torch.empty_like(k), torch.empty_like(v)
    batch, heads, queries, d = q.shape
    kv_heads, keys = k.shape[1:3]
    dq_sums = torch.zeros(q.shape, dtype=torch.float32, device=q.device)
    if queries == 0:
        return torch.empty_like(q), dk.zero_(), dv.zero_()
    deltas = _deltas(out, grad, log_sums)

    def launch(tile: Tile) -> None:
        fused_kernel[(triton.cdiv(keys, tile.keys) * kv_heads * batch,)](
            *(tiled(x, block) for x, block in _sides(tile, q, k, v, grad)),
            tiled(dq_sums, tile.queries),
            tiled(dk, tile.keys),
            tiled(dv, tile.keys),
            dq_sums,
            log_sums,
            deltas,
            scale * LOG2_E,
            scale,
            heads,
            heads // kv_heads,
            queries,
            keys,
            CAUSAL=causal,
            COPY_ENGINE=q.device.type == "cuda",
            D=d,
            BLOCK_M=tile.queries,
            BLOCK_N=tile.keys,
            num_warps=tile.warps,
            num_stages=tile.stages,
        )

    tile = fastest(("fused", *kind(q, k, causal)), tiles_for(q, FUSED), launch)
    dq_sums.zero_()  # choosing a tile has added to it
    launch(tile)
    return torch.empty_like(q).copy_(dq_sums.mul_(scale)), dk, dv


def _deltas(out: Tensor, grad: Tensor, log_sums: Tensor) -> Tensor:
    """dO_i . O_i of every row."""
    batch, heads, queries, d = out.shape
    deltas = torch.empty_like(log_sums)
    block = min(128, triton.next_power_of_2(max(16, queries)))
    delta_kernel[(triton.cdiv(queries, block) * heads * batch,)](
        tiled(out, block), tiled(grad, block), deltas, heads, queries, D=d, BLOCK_M=block
    )
    return deltas


def _sides(tile: Tile, q: Tensor, k: Tensor, v: Tensor, grad: Tensor) -> list[tuple[Tensor, int]]:
    return [(q, tile.queries), (k, tile.keys), (v, tile.keys), (grad, tile.queries)]
