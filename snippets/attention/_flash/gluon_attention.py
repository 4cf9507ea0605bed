"""Launching the Hopper kernel. The gradient is Triton's (``triton_attention.py``)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import triton
from torch import Tensor
from triton.experimental.gluon import language as gl
from triton.experimental.gluon.nvidia.hopper import TensorDescriptor

from _flash.descriptors import LOG2_E, check, readable, strides_of
from _flash.gluon_forward import ROWS, forward_kernel

TYPES = {torch.bfloat16: gl.bfloat16, torch.float16: gl.float16}


@dataclass(frozen=True)
class Shape:
    """How the kernel is built: computing warpgroups (64 queries each), keys of a tile, slots of
    the ring, registers a thread, whether warpgroups take turns on the tensor cores, and whether
    programs stay for many tiles."""

    consumers: int
    keys: int
    stages: int
    registers: int
    take_turns: bool
    persistent: bool = True


# All fit a Hopper multiprocessor: registers without spills, up to 227 KiB of shared memory.
SHAPES = {
    128: (
        Shape(2, 128, 2, 240, take_turns=True),
        Shape(2, 128, 2, 240, take_turns=False),
        Shape(2, 64, 4, 240, take_turns=True),
        Shape(2, 128, 2, 240, take_turns=False, persistent=False),
    ),
    64: (
        Shape(3, 128, 3, 160, take_turns=True),
        Shape(3, 128, 3, 160, take_turns=False),
        Shape(2, 128, 4, 240, take_turns=True),
        Shape(2, 128, 4, 240, take_turns=False),
    ),
}


def on_hopper(device: torch.device) -> bool:
    """Whether the kernel's instructions exist there (compute capability 9.0)."""
    return device.type == "cuda" and torch.cuda.get_device_capability(device) == (9, 0)


def forward(
    q: Tensor, k: Tensor, v: Tensor, causal: bool, scale: float, shape: Shape
) -> tuple[Tensor, Tensor]:
    """As ``triton_attention.forward``, for d = 64 and 128 in bf16 and fp16."""
    check(q, k, v, scale)
    if q.shape[3] not in SHAPES or q.dtype not in TYPES:
        raise ValueError(f"not for d = {q.shape[3]} in {q.dtype}")
    q, k, v = readable(q), readable(k), readable(v)
    out = torch.empty_like(q)
    batch, heads, queries, d = q.shape
    log_sums = torch.empty(batch, heads, queries, dtype=torch.float32, device=q.device)
    if queries == 0:
        return out, log_sums
    programs = triton.cdiv(queries, shape.consumers * ROWS.value) * heads * batch
    if shape.persistent:
        processors = torch.cuda.get_device_properties(q.device).multi_processor_count
        programs = min(programs, processors)
    forward_kernel[(programs,)](
        _tiled(q, ROWS.value),
        _tiled(k, shape.keys),
        _tiled(v, shape.keys),
        _tiled(out, ROWS.value),
        log_sums,
        scale * LOG2_E,
        heads,
        heads // k.shape[1],
        batch * heads,
        queries,
        k.shape[2],
        CAUSAL=causal,
        CONSUMERS=shape.consumers,
        STAGES=shape.stages,
        D=d,
        BLOCK_N=shape.keys,
        REGISTERS=shape.registers,
        TAKE_TURNS=shape.take_turns,
        num_warps=4,
    )
    return out, log_sums


def _tiled(x: Tensor, block: int) -> TensorDescriptor:
    """A descriptor in tiles of (1, 1, block, d), swizzled as wgmma wants it."""
    tile = [1, 1, block, x.shape[3]]
    layout = gl.NVMMASharedLayout.get_default_for(tile, TYPES[x.dtype])
    return TensorDescriptor(x, list(x.shape), strides_of(x), tile, layout)


def named(shape: Shape) -> str:
    """A short name for tables."""
    return " ".join(f"{key}={value}" for key, value in asdict(shape).items())
