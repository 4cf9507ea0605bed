"""FlashAttention-2's forward pass in Triton.

One program owns a tile of queries of one head and walks over that head's keys. Tensors come as
tensor descriptors (on Hopper: TMA, the copy engine), which know the layout by its strides, read
zeros beyond the end and never write there. Exponentials are base two, because that is what the
hardware has; log2(e) and 1/sqrt(d) are folded into one factor, applied in the same multiply-add
that subtracts the maximum.
"""

# ruff: noqa: N803 (compile-time constants are written in capitals)

from __future__ import annotations

import triton
import triton.language as tl


@triton.jit
def _over_keys(
    acc, largest, total, q, k_desc, v_desc, batch, kv_head, rows, start, end, keys, factor,
    MASKED: tl.constexpr, CAUSAL: tl.constexpr, D: tl.constexpr, BLOCK_N: tl.constexpr,
):  # fmt: skip
    """Fold the keys ``start ... end`` into the running output, maximum and sum of each row."""
    for column in tl.range(start, end, BLOCK_N):
        k = k_desc.load([batch, kv_head, column, 0]).reshape([BLOCK_N, D])
        scores = tl.dot(q, k.T)
        if MASKED:
            columns = column + tl.arange(0, BLOCK_N)
            visible = (columns < keys)[None, :]
            if CAUSAL:
                visible = visible & (rows[:, None] >= columns[None, :])
            scores = tl.where(visible, scores, float("-inf"))
        larger = tl.maximum(largest, tl.max(scores, 1) * factor)
        weights = tl.exp2(scores * factor - larger[:, None])
        rescale = tl.exp2(largest - larger)
        total = total * rescale + tl.sum(weights, 1)
        v = v_desc.load([batch, kv_head, column, 0]).reshape([BLOCK_N, D])
        acc = tl.dot(weights.to(v.dtype), v, acc * rescale[:, None])
        largest = larger
    return acc, largest, total


@triton.jit
def forward_kernel(
    q_desc, k_desc, v_desc, o_desc, log_sums, factor, heads, group, queries, keys,
    CAUSAL: tl.constexpr, EVEN: tl.constexpr, D: tl.constexpr,
    BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr,
):  # fmt: skip
    """Output tile (BLOCK_M, D) and base-two log-sum-exp of its rows.

    Descriptors are (batch, heads, length, D) in tiles of (1, 1, block, D); ``log_sums`` is
    (batch, heads, queries), float32. ``factor`` is scale * log2(e). EVEN promises that BLOCK_N
    divides ``keys``. With CAUSAL query i sees keys 0 ... i.
    """
    blocks = tl.cdiv(queries, BLOCK_M)
    block = tl.program_id(0) % blocks
    if CAUSAL:
        block = blocks - 1 - block  # the longest rows first, or they would finish last
    head = tl.program_id(0) // blocks % heads
    batch = tl.program_id(0) // (blocks * heads)
    row = block * BLOCK_M
    rows = row + tl.arange(0, BLOCK_M)

    q = q_desc.load([batch, head, row, 0]).reshape([BLOCK_M, D])
    acc = tl.zeros([BLOCK_M, D], tl.float32)
    largest = tl.full([BLOCK_M], float("-inf"), tl.float32)
    total = tl.zeros([BLOCK_M], tl.float32)
    # Key 0 is seen by every row and comes first, so no maximum is -inf after the first tile.
    end = keys
    whole = keys if EVEN else keys // BLOCK_N * BLOCK_N
    if CAUSAL:
        end = tl.minimum(keys, row + BLOCK_M)
        whole = tl.minimum(whole, (row + 1) // BLOCK_N * BLOCK_N)
    acc, largest, total = _over_keys(
        acc, largest, total, q, k_desc, v_desc, batch, head // group, rows, 0, whole, keys, factor,
        False, CAUSAL, D, BLOCK_N,
    )  # fmt: skip
    if CAUSAL or not EVEN:
        acc, largest, total = _over_keys(
            acc, largest, total, q, k_desc, v_desc, batch, head // group, rows, whole, end, keys,
            factor, True, CAUSAL, D, BLOCK_N,
        )  # fmt: skip
    out = (acc / total[:, None]).to(q.dtype)
    o_desc.store([batch, head, row, 0], out.reshape([1, 1, BLOCK_M, D]))
    place = log_sums + (batch * heads + head).to(tl.int64) * queries + rows
    tl.store(place, largest + tl.log2(total), mask=rows < queries)
