"""The forward pass for Hopper in Gluon, after FlashAttention-3's design.

Warps have roles. One warp does nothing but start TMA copies of K and V tiles into a ring of shared
memory; two (or three) warpgroups compute, 64 queries each. A computing warpgroup starts the
scores of the *next* tile on the tensor cores, then the product with the values of the *last* one,
and takes exponentials meanwhile: those run on another unit, and slowly. Barriers in shared memory
say which slot of the ring is full, and which is free again. Programs are persistent: as many as
the GPU has multiprocessors, each going through its share of the tiles.

Masked tiles (the diagonal, the end of the keys) come first and one after the other; the many that
need no mask then run in the overlapped loop.
"""

# ruff: noqa: N803, N806, SIM113 (compile-time constants are written in capitals; no enumerate)

from __future__ import annotations

from triton.experimental import gluon
from triton.experimental.gluon import language as gl
from triton.experimental.gluon.language.nvidia.hopper import (
    fence_async_shared,
    mbarrier,
    tma,
    warpgroup_mma,
    warpgroup_mma_wait,
)

ROWS = gl.constexpr(64)  # queries of a warpgroup: what one wgmma takes
HEADS_TOGETHER = gl.constexpr(8)  # heads whose keys should share the level-two cache


@gluon.jit
def _place(tile, blocks, heads, all_heads, CAUSAL: gl.constexpr):
    """(block of queries, head, batch) of a tile.

    With CAUSAL a few heads are taken together, their longest rows first, so that all programs
    finish at about the same time; without it, all blocks of a head follow each other.
    """
    if CAUSAL:
        some = tile // (HEADS_TOGETHER * blocks) * HEADS_TOGETHER
        width = gl.minimum(HEADS_TOGETHER, all_heads - some)
        inside = tile - some * blocks
        block = blocks - 1 - inside // width
        head = some + inside % width
    else:
        block = tile % blocks
        head = tile // blocks
    return block, head % heads, head // heads


@gluon.jit
def _key_tiles(
    block, keys, CAUSAL: gl.constexpr, BLOCK_M: gl.constexpr, BLOCK_N: gl.constexpr
):  # fmt: skip
    """How many tiles of keys the queries of a block see, and how many of these need no mask."""
    end = keys
    whole = keys // BLOCK_N
    if CAUSAL:
        end = gl.minimum(keys, (block + 1) * BLOCK_M)
        whole = gl.minimum(whole, (block * BLOCK_M + 1) // BLOCK_N)
    return gl.cdiv(end, BLOCK_N), whole


@gluon.jit
def _load(
    work, CAUSAL: gl.constexpr, CONSUMERS: gl.constexpr, STAGES: gl.constexpr, D: gl.constexpr,
    BLOCK_N: gl.constexpr,
):  # fmt: skip
    """The loading warp: fill slots in the order in which they will be read."""
    (
        q_desc, k_desc, v_desc, q_slots, k_slots, v_slots,
        q_full, q_empty, k_full, k_empty, v_full, v_empty,
        heads, group, all_heads, blocks, keys,
    ) = work  # fmt: skip
    step = 0
    turn = 0
    for tile in range(gl.program_id(0), blocks * all_heads, gl.num_programs(0)):
        block, head, batch = _place(tile, blocks, heads, all_heads, CAUSAL)
        count, whole = _key_tiles(block, keys, CAUSAL, CONSUMERS * ROWS, BLOCK_N)
        for consumer in gl.static_range(CONSUMERS):
            slot = turn % 2 * CONSUMERS + consumer
            mbarrier.wait(q_empty.index(slot), (turn // 2 & 1) ^ 1)
            mbarrier.expect(q_full.index(slot), q_desc.block_type.nbytes)
            row = (block * CONSUMERS + consumer) * ROWS
            tma.async_copy_global_to_shared(
                q_desc, [batch, head, row, 0], q_full.index(slot), q_slots.index(slot)
            )
        turn += 1
        for index in range(count):
            masked_first = whole + index
            column = gl.where(masked_first < count, masked_first, masked_first - count) * BLOCK_N
            slot = step % STAGES
            phase = (step // STAGES & 1) ^ 1
            mbarrier.wait(k_empty.index(slot), phase)
            mbarrier.expect(k_full.index(slot), k_desc.block_type.nbytes)
            tma.async_copy_global_to_shared(
                k_desc, [batch, head // group, column, 0], k_full.index(slot), k_slots.index(slot)
            )
            mbarrier.wait(v_empty.index(slot), phase)
            mbarrier.expect(v_full.index(slot), v_desc.block_type.nbytes)
            tma.async_copy_global_to_shared(
                v_desc, [batch, head // group, column, 0], v_full.index(slot), v_slots.index(slot)
            )
            step += 1


@gluon.jit
def _start_scores(
    q_slot, k_slots, k_full, step,
    STAGES: gl.constexpr, D: gl.constexpr, BLOCK_N: gl.constexpr, SCORES: gl.constexpr,
):  # fmt: skip
    """Start Q K^T of the tile of keys in the ring's slot of ``step``."""
    slot = step % STAGES
    mbarrier.wait(k_full.index(slot), step // STAGES & 1)
    k = k_slots.index(slot).reshape([BLOCK_N, D]).permute((1, 0))
    nothing = gl.zeros([ROWS, BLOCK_N], gl.float32, SCORES)
    return warpgroup_mma(q_slot.reshape([ROWS, D]), k, nothing, use_acc=False, is_async=True)


@gluon.jit
def _start_mix(
    weights, acc, v_slots, v_full, step, STAGES: gl.constexpr, D: gl.constexpr,
    BLOCK_N: gl.constexpr,
):  # fmt: skip
    """Start acc += P V with the tile of values in the ring's slot of ``step``."""
    slot = step % STAGES
    mbarrier.wait(v_full.index(slot), step // STAGES & 1)
    v = v_slots.index(slot).reshape([BLOCK_N, D])
    return warpgroup_mma(weights, v, acc, is_async=True)


@gluon.jit
def _consume(
    consumer, work, CAUSAL: gl.constexpr, CONSUMERS: gl.constexpr, STAGES: gl.constexpr,
    D: gl.constexpr, BLOCK_N: gl.constexpr, TAKE_TURNS: gl.constexpr,
):  # fmt: skip
    """A computing warpgroup: 64 rows of every tile of this program."""
    (
        q_desc, o_desc, log_sums, q_slots, k_slots, v_slots, o_slots,
        q_full, q_empty, k_full, k_empty, v_full, v_empty, turns,
        factor, heads, all_heads, blocks, queries, keys,
    ) = work  # fmt: skip
    SCORES: gl.constexpr = gl.NVMMADistributedLayout([3, 0], [4, 1], [16, BLOCK_N, 16])
    OUT: gl.constexpr = gl.NVMMADistributedLayout([3, 0], [4, 1], [16, D, 16])
    WEIGHTS: gl.constexpr = gl.DotOperandLayout(0, OUT, 2)
    BY_ROW: gl.constexpr = gl.SliceLayout(1, SCORES)
    OUT_ROW: gl.constexpr = gl.SliceLayout(1, OUT)
    dtype: gl.constexpr = q_desc.dtype
    o_slot = o_slots.index(consumer)
    step = 0
    turn = 0
    rounds = 0
    for tile in range(gl.program_id(0), blocks * all_heads, gl.num_programs(0)):
        block, head, batch = _place(tile, blocks, heads, all_heads, CAUSAL)
        count, whole = _key_tiles(block, keys, CAUSAL, CONSUMERS * ROWS, BLOCK_N)
        row = (block * CONSUMERS + consumer) * ROWS
        rows = row + gl.arange(0, ROWS, BY_ROW)
        largest = gl.full([ROWS], float("-inf"), gl.float32, BY_ROW)
        total = gl.zeros([ROWS], gl.float32, BY_ROW)
        acc = gl.zeros([ROWS, D], gl.float32, OUT)
        place = turn % 2 * CONSUMERS + consumer
        q_slot = q_slots.index(place)
        mbarrier.wait(q_full.index(place), turn // 2 & 1)

        for index in range(whole, count):
            scores = warpgroup_mma_wait(
                0,
                [_start_scores(q_slot, k_slots, k_full, step, STAGES, D, BLOCK_N, SCORES)],
            )
            mbarrier.arrive(k_empty.index(step % STAGES))
            columns = index * BLOCK_N + gl.arange(0, BLOCK_N, gl.SliceLayout(0, SCORES))
            visible = gl.expand_dims(columns, 0) < keys
            if CAUSAL:
                visible = visible & (gl.expand_dims(rows, 1) >= gl.expand_dims(columns, 0))
            scores = gl.where(visible, scores, float("-inf"))
            larger = gl.maximum(largest, gl.max(scores, 1) * factor)
            # A row may see no key of this tile, nor of any before.
            anchor = gl.where(larger == float("-inf"), 0.0, larger)
            weights = gl.exp2(scores * factor - gl.expand_dims(anchor, 1))
            rescale = gl.exp2(largest - anchor)
            total = total * rescale + gl.sum(weights, 1)
            acc = acc * gl.expand_dims(gl.convert_layout(rescale, OUT_ROW), 1)
            weights16 = gl.convert_layout(weights.to(dtype), WEIGHTS)
            acc = warpgroup_mma_wait(
                0, [_start_mix(weights16, acc, v_slots, v_full, step, STAGES, D, BLOCK_N)]
            )
            mbarrier.arrive(v_empty.index(step % STAGES))
            largest = larger
            step += 1

        if whole > 0:
            scores = warpgroup_mma_wait(
                0,
                [_start_scores(q_slot, k_slots, k_full, step, STAGES, D, BLOCK_N, SCORES)],
            )
            mbarrier.arrive(k_empty.index(step % STAGES))
            larger = gl.maximum(largest, gl.max(scores, 1) * factor)
            weights = gl.exp2(scores * factor - gl.expand_dims(larger, 1))
            rescale = gl.exp2(largest - larger)
            total = total * rescale + gl.sum(weights, 1)
            acc = acc * gl.expand_dims(gl.convert_layout(rescale, OUT_ROW), 1)
            weights16 = gl.convert_layout(weights.to(dtype), WEIGHTS)
            largest = larger
            for _ in range(1, whole):
                # With TAKE_TURNS one warpgroup starts its products while the others take
                # exponentials, and then lets the next one start.
                if TAKE_TURNS:
                    first: gl.constexpr = 1 if consumer == 0 else 0
                    mbarrier.wait(turns.index(consumer), rounds & 1 ^ first)
                scores_token = _start_scores(
                    q_slot, k_slots, k_full, step + 1, STAGES, D, BLOCK_N, SCORES
                )
                acc_token = _start_mix(weights16, acc, v_slots, v_full, step, STAGES, D, BLOCK_N)
                if TAKE_TURNS:
                    mbarrier.arrive(turns.index((consumer + 1) % CONSUMERS))
                    rounds += 1
                # They finish in the order in which they were started: one may still be running.
                scores = warpgroup_mma_wait(1, [scores_token])
                mbarrier.arrive(k_empty.index((step + 1) % STAGES))
                larger = gl.maximum(largest, gl.max(scores, 1) * factor)
                weights = gl.exp2(scores * factor - gl.expand_dims(larger, 1))
                rescale = gl.exp2(largest - larger)
                total = total * rescale + gl.sum(weights, 1)
                acc = warpgroup_mma_wait(0, [acc_token])
                mbarrier.arrive(v_empty.index(step % STAGES))
                acc = acc * gl.expand_dims(gl.convert_layout(rescale, OUT_ROW), 1)
                weights16 = gl.convert_layout(weights.to(dtype), WEIGHTS)
                largest = larger
                step += 1
            acc = warpgroup_mma_wait(
                0, [_start_mix(weights16, acc, v_slots, v_full, step, STAGES, D, BLOCK_N)]
            )
            mbarrier.arrive(v_empty.index(step % STAGES))
            step += 1

        mbarrier.arrive(q_empty.index(place))
        turn += 1
        out = acc / gl.expand_dims(gl.convert_layout(total, OUT_ROW), 1)
        tma.store_wait(0)  # the last tile's output has left its slot
        o_slot.reshape([ROWS, D]).store(out.to(dtype))
        fence_async_shared()
        tma.async_copy_shared_to_global(o_desc, [batch, head, row, 0], o_slot)
        sums = log_sums + gl.cast(batch * heads + head, gl.int64) * queries + rows
        gl.store(sums, largest + gl.log2(total), mask=rows < queries)
    tma.store_wait(0)


@gluon.jit
def forward_kernel(
    q_desc, k_desc, v_desc, o_desc, log_sums, factor, heads, group, all_heads, queries, keys,
    CAUSAL: gl.constexpr, CONSUMERS: gl.constexpr, STAGES: gl.constexpr, D: gl.constexpr,
    BLOCK_N: gl.constexpr, REGISTERS: gl.constexpr, TAKE_TURNS: gl.constexpr,
):  # fmt: skip
    """Attention's output and base-two log-sum-exp (as in ``triton_forward.py``).

    Descriptors are (batch, heads, length, D): q and o in tiles of 64 rows, k and v of BLOCK_N.
    ``all_heads`` is batch * heads. To be launched with 4 warps.
    """
    blocks = gl.cdiv(queries, CONSUMERS * ROWS)
    dtype: gl.constexpr = q_desc.dtype
    q_slots = gl.allocate_shared_memory(dtype, [2 * CONSUMERS, 1, 1, ROWS, D], q_desc.layout)
    o_slots = gl.allocate_shared_memory(dtype, [CONSUMERS, 1, 1, ROWS, D], o_desc.layout)
    k_slots = gl.allocate_shared_memory(dtype, [STAGES, 1, 1, BLOCK_N, D], k_desc.layout)
    v_slots = gl.allocate_shared_memory(dtype, [STAGES, 1, 1, BLOCK_N, D], v_desc.layout)
    BAR: gl.constexpr = mbarrier.MBarrierLayout()
    q_full = gl.allocate_shared_memory(gl.int64, [2 * CONSUMERS, 1], BAR)
    q_empty = gl.allocate_shared_memory(gl.int64, [2 * CONSUMERS, 1], BAR)
    turns = gl.allocate_shared_memory(gl.int64, [CONSUMERS, 1], BAR)
    k_full = gl.allocate_shared_memory(gl.int64, [STAGES, 1], BAR)
    k_empty = gl.allocate_shared_memory(gl.int64, [STAGES, 1], BAR)
    v_full = gl.allocate_shared_memory(gl.int64, [STAGES, 1], BAR)
    v_empty = gl.allocate_shared_memory(gl.int64, [STAGES, 1], BAR)
    for slot in gl.static_range(2 * CONSUMERS):
        mbarrier.init(q_full.index(slot), count=1)
        mbarrier.init(q_empty.index(slot), count=1)
    for consumer in gl.static_range(CONSUMERS):
        mbarrier.init(turns.index(consumer), count=1)
    for stage in gl.static_range(STAGES):
        mbarrier.init(k_full.index(stage), count=1)
        mbarrier.init(v_full.index(stage), count=1)
        mbarrier.init(k_empty.index(stage), count=CONSUMERS)
        mbarrier.init(v_empty.index(stage), count=CONSUMERS)
    fence_async_shared()

    loading = (
        q_desc, k_desc, v_desc, q_slots, k_slots, v_slots,
        q_full, q_empty, k_full, k_empty, v_full, v_empty,
        heads, group, all_heads, blocks, keys,
    )  # fmt: skip
    computing = (
        q_desc, o_desc, log_sums, q_slots, k_slots, v_slots, o_slots,
        q_full, q_empty, k_full, k_empty, v_full, v_empty, turns,
        factor, heads, all_heads, blocks, queries, keys,
    )  # fmt: skip
    if CONSUMERS == 2:
        gl.warp_specialize(
            [
                (_consume, (0, computing, CAUSAL, CONSUMERS, STAGES, D, BLOCK_N, TAKE_TURNS)),
                (_consume, (1, computing, CAUSAL, CONSUMERS, STAGES, D, BLOCK_N, TAKE_TURNS)),
                (_load, (loading, CAUSAL, CONSUMERS, STAGES, D, BLOCK_N)),
            ],
            [4, 1],
            [REGISTERS, 24],
        )
    else:
        gl.warp_specialize(
            [
                (_consume, (0, computing, CAUSAL, CONSUMERS, STAGES, D, BLOCK_N, TAKE_TURNS)),
                (_consume, (1, computing, CAUSAL, CONSUMERS, STAGES, D, BLOCK_N, TAKE_TURNS)),
                (_consume, (2, computing, CAUSAL, CONSUMERS, STAGES, D, BLOCK_N, TAKE_TURNS)),
                (_load, (loading, CAUSAL, CONSUMERS, STAGES, D, BLOCK_N)),
            ],
            [4, 4, 1],
            [REGISTERS, REGISTERS, 24],
        )
