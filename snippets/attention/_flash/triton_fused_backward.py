"""The backward pass in one sweep: five matrix products a tile instead of seven.

``triton_backward.py`` computes P and dP twice, once for dK and dV and once for dQ. Here the program
that owns a tile of keys also adds its share of dQ to main memory, in float32, by the copy engine's
reduction (TMA). Additions from different programs come in any order, so the last bits of dQ may
differ from run to run; that is the price.
"""

# ruff: noqa: N803 (compile-time constants are written in capitals)

from __future__ import annotations

import triton
import triton.language as tl


@triton.jit
def fused_kernel(
    q_desc, k_desc, v_desc, do_desc, dq_desc, dk_desc, dv_desc, dq_sums, log_sums, deltas, factor,
    scale, heads, group, queries, keys,
    CAUSAL: tl.constexpr, COPY_ENGINE: tl.constexpr, D: tl.constexpr,
    BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr,
):  # fmt: skip
    """One tile (BLOCK_N, D) of dK and dV, and its part of all of dQ.

    ``dq_sums`` is float32 (batch, heads, queries, D), contiguous and zero at the start; ``dq_desc``
    describes it in tiles of BLOCK_M rows. It lacks the factor ``scale``. Without COPY_ENGINE plain
    atomic additions are used.
    """
    blocks = tl.cdiv(keys, BLOCK_N)
    kv_heads = heads // group
    column = tl.program_id(0) % blocks * BLOCK_N
    kv_head = tl.program_id(0) // blocks % kv_heads
    batch = tl.program_id(0) // (blocks * kv_heads)
    columns = column + tl.arange(0, BLOCK_N)
    k = k_desc.load([batch, kv_head, column, 0]).reshape([BLOCK_N, D])
    v = v_desc.load([batch, kv_head, column, 0]).reshape([BLOCK_N, D])
    dk = tl.zeros([BLOCK_N, D], tl.float32)
    dv = tl.zeros([BLOCK_N, D], tl.float32)
    start = column // BLOCK_M * BLOCK_M if CAUSAL else 0
    for member in tl.range(0, group):
        head = kv_head * group + member
        offset = (batch * heads + head).to(tl.int64) * queries
        for row in tl.range(start, queries, BLOCK_M):
            rows = row + tl.arange(0, BLOCK_M)
            inside = rows < queries
            log_sum = tl.load(log_sums + offset + rows, mask=inside, other=float("inf"))
            delta = tl.load(deltas + offset + rows, mask=inside, other=0.0)
            q = q_desc.load([batch, head, row, 0]).reshape([BLOCK_M, D])
            weights = tl.exp2(tl.dot(k, q.T) * factor - log_sum[None, :])
            visible = (columns < keys)[:, None]  # else exp2 may overflow, and spoil dQ
            if CAUSAL:
                visible = visible & (columns[:, None] <= rows[None, :])
            weights = tl.where(visible, weights, 0.0)
            dout = do_desc.load([batch, head, row, 0]).reshape([BLOCK_M, D])
            dv = tl.dot(weights.to(dout.dtype), dout, dv)
            dscores = (weights * (tl.dot(v, dout.T) - delta[None, :])).to(q.dtype)
            dk = tl.dot(dscores, q, dk)
            dq = tl.dot(dscores.T, k)
            if COPY_ENGINE:
                dq_desc.atomic_add([batch, head, row, 0], dq.reshape([1, 1, BLOCK_M, D]))
            else:
                place = dq_sums + (offset + rows)[:, None] * D + tl.arange(0, D)[None, :]
                tl.atomic_add(place, dq, mask=inside[:, None])
    dk = (dk * scale).to(k.dtype).reshape([1, 1, BLOCK_N, D])
    dk_desc.store([batch, kv_head, column, 0], dk)
    dv_desc.store([batch, kv_head, column, 0], dv.to(k.dtype).reshape([1, 1, BLOCK_N, D]))
