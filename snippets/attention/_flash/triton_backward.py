"""FlashAttention-2's backward pass in Triton: three kernels, no atomics, so always the same bits.

With P = softmax(S), S = scale * Q K^T, O = P V, and dO given:

    dV = P^T dO        dP = dO V^T        dS = P * (dP - delta)        delta_i = dO_i . O_i
    dQ = scale * dS K                     dK = scale * dS^T Q

P is computed again from the row's saved log-sum-exp: exp(S - L) is already normalised. One kernel
owns a tile of keys and walks over queries (dK, dV); another owns a tile of queries and walks over
keys (dQ). Keys shared by a group of heads sum over the group.
"""

# ruff: noqa: N803 (compile-time constants are written in capitals)

from __future__ import annotations

import triton
import triton.language as tl


@triton.jit
def delta_kernel(
    o_desc, do_desc, deltas, heads, queries, D: tl.constexpr, BLOCK_M: tl.constexpr
):  # fmt: skip
    """delta_i = dO_i . O_i, float32, (batch, heads, queries)."""
    blocks = tl.cdiv(queries, BLOCK_M)
    row = tl.program_id(0) % blocks * BLOCK_M
    head = tl.program_id(0) // blocks % heads
    batch = tl.program_id(0) // (blocks * heads)
    rows = row + tl.arange(0, BLOCK_M)
    out = o_desc.load([batch, head, row, 0]).reshape([BLOCK_M, D]).to(tl.float32)
    dout = do_desc.load([batch, head, row, 0]).reshape([BLOCK_M, D]).to(tl.float32)
    place = deltas + (batch * heads + head).to(tl.int64) * queries + rows
    tl.store(place, tl.sum(out * dout, 1), mask=rows < queries)


@triton.jit
def _over_queries(
    dk, dv, k, v, q_desc, do_desc, log_sums, deltas, batch, head, columns, start, queries,
    factor, CAUSAL: tl.constexpr, D: tl.constexpr, BLOCK_M: tl.constexpr,
):  # fmt: skip
    """Add what the queries from ``start`` on, of one head, contribute to a tile of dK and dV.

    Everything is transposed, keys by queries, so that P^T and dS^T come out of one product ready
    to be the left side of the next, in registers. Rows beyond the end have L = inf, so P = 0.
    """
    for row in tl.range(start, queries, BLOCK_M):
        rows = row + tl.arange(0, BLOCK_M)
        log_sum = tl.load(log_sums + rows, mask=rows < queries, other=float("inf"))
        delta = tl.load(deltas + rows, mask=rows < queries, other=0.0)
        q = q_desc.load([batch, head, row, 0]).reshape([BLOCK_M, D])
        weights = tl.exp2(tl.dot(k, q.T) * factor - log_sum[None, :])
        if CAUSAL:
            weights = tl.where(columns[:, None] <= rows[None, :], weights, 0.0)
        dout = do_desc.load([batch, head, row, 0]).reshape([BLOCK_M, D])
        dv = tl.dot(weights.to(dout.dtype), dout, dv)
        dweights = tl.dot(v, dout.T)
        dscores = weights * (dweights - delta[None, :])
        dk = tl.dot(dscores.to(q.dtype), q, dk)
    return dk, dv


@triton.jit
def keys_kernel(
    q_desc, k_desc, v_desc, do_desc, dk_desc, dv_desc, log_sums, deltas, factor, scale,
    heads, group, queries, keys,
    CAUSAL: tl.constexpr, D: tl.constexpr, BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr,
):  # fmt: skip
    """One tile (BLOCK_N, D) of dK and of dV, summed over the heads of the group."""
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
    # Queries before the first key see none of the tile. (Masking only where the diagonal passes
    # would take a second loop, whose registers spill.)
    start = column // BLOCK_M * BLOCK_M if CAUSAL else 0
    for member in tl.range(0, group):
        head = kv_head * group + member
        offset = (batch * heads + head).to(tl.int64) * queries
        dk, dv = _over_queries(
            dk, dv, k, v, q_desc, do_desc, log_sums + offset, deltas + offset, batch, head,
            columns, start, queries, factor, CAUSAL, D, BLOCK_M,
        )  # fmt: skip
    dk = (dk * scale).to(k.dtype).reshape([1, 1, BLOCK_N, D])
    dk_desc.store([batch, kv_head, column, 0], dk)
    dv_desc.store([batch, kv_head, column, 0], dv.to(k.dtype).reshape([1, 1, BLOCK_N, D]))


@triton.jit
def _over_keys(
    dq, q, dout, log_sum, delta, k_desc, v_desc, batch, kv_head, rows, start, end, keys, factor,
    MASKED: tl.constexpr, CAUSAL: tl.constexpr, D: tl.constexpr, BLOCK_N: tl.constexpr,
):  # fmt: skip
    """Add what the keys ``start ... end`` contribute to a tile of dQ."""
    for column in tl.range(start, end, BLOCK_N):
        k = k_desc.load([batch, kv_head, column, 0]).reshape([BLOCK_N, D])
        v = v_desc.load([batch, kv_head, column, 0]).reshape([BLOCK_N, D])
        weights = tl.exp2(tl.dot(q, k.T) * factor - log_sum[:, None])
        if MASKED:
            columns = column + tl.arange(0, BLOCK_N)
            visible = (columns < keys)[None, :]
            if CAUSAL:
                visible = visible & (rows[:, None] >= columns[None, :])
            weights = tl.where(visible, weights, 0.0)
        dweights = tl.dot(dout, v.T)
        dscores = weights * (dweights - delta[:, None])
        dq = tl.dot(dscores.to(k.dtype), k, dq)
    return dq


@triton.jit
def queries_kernel(
    q_desc, k_desc, v_desc, do_desc, dq_desc, log_sums, deltas, factor, scale,
    heads, group, queries, keys,
    CAUSAL: tl.constexpr, EVEN: tl.constexpr, D: tl.constexpr,
    BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr,
):  # fmt: skip
    """One tile (BLOCK_M, D) of dQ."""
    blocks = tl.cdiv(queries, BLOCK_M)
    block = tl.program_id(0) % blocks
    if CAUSAL:
        block = blocks - 1 - block
    head = tl.program_id(0) // blocks % heads
    batch = tl.program_id(0) // (blocks * heads)
    row = block * BLOCK_M
    rows = row + tl.arange(0, BLOCK_M)
    offset = (batch * heads + head).to(tl.int64) * queries
    log_sum = tl.load(log_sums + offset + rows, mask=rows < queries, other=float("inf"))
    delta = tl.load(deltas + offset + rows, mask=rows < queries, other=0.0)
    q = q_desc.load([batch, head, row, 0]).reshape([BLOCK_M, D])
    dout = do_desc.load([batch, head, row, 0]).reshape([BLOCK_M, D])
    dq = tl.zeros([BLOCK_M, D], tl.float32)
    end = keys
    whole = keys if EVEN else keys // BLOCK_N * BLOCK_N
    if CAUSAL:
        end = tl.minimum(keys, row + BLOCK_M)
        whole = tl.minimum(whole, (row + 1) // BLOCK_N * BLOCK_N)
    dq = _over_keys(
        dq, q, dout, log_sum, delta, k_desc, v_desc, batch, head // group, rows, 0, whole, keys,
        factor, False, CAUSAL, D, BLOCK_N,
    )  # fmt: skip
    if CAUSAL or not EVEN:
        dq = _over_keys(
            dq, q, dout, log_sum, delta, k_desc, v_desc, batch, head // group, rows, whole, end,
            keys, factor, True, CAUSAL, D, BLOCK_N,
        )  # fmt: skip
    dq = (dq * scale).to(q.dtype).reshape([1, 1, BLOCK_M, D])
    dq_desc.store([batch, head, row, 0], dq)
