"""Tensors as the kernels see them: any (batch, heads, length, d) layout, tile by tile."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from triton.tools.tensor_descriptor import TensorDescriptor

HEAD_SIZES = (16, 32, 64, 128)
LOG2_E = math.log2(math.e)


def check(q: Tensor, k: Tensor, v: Tensor, scale: float) -> None:
    """Raises ValueError where the kernels do not compute what was asked for."""
    if q.dim() != 4 or k.dim() != 4 or k.shape != v.shape:
        raise ValueError("q, k and v are (batch, heads, length, d), k and v alike")
    if q.shape[0] != k.shape[0] or q.shape[3] != k.shape[3] or q.shape[1] % k.shape[1]:
        raise ValueError(f"q {tuple(q.shape)} does not fit k {tuple(k.shape)}")
    if q.shape[3] not in HEAD_SIZES:
        raise ValueError(f"head size {q.shape[3]}; the kernels know {HEAD_SIZES}")
    if not q.dtype == k.dtype == v.dtype:
        raise ValueError("q, k and v have different types")
    if k.shape[2] == 0:
        raise ValueError("there are no keys")
    if not 0 < scale < math.inf:
        raise ValueError("the scale is positive")  # it is applied after the maximum is taken


def readable(x: Tensor) -> Tensor:
    """``x``, copied only where the copy engine could not read it in place.

    It wants rows that are contiguous and all else at multiples of 16 bytes.
    """
    step = 16 // x.element_size()
    fits = x.stride(-1) == 1 and x.data_ptr() % 16 == 0
    fits = fits and all(
        size == 1 or (stride > 0 and stride % step == 0)
        for size, stride in zip(x.shape[:-1], x.stride()[:-1], strict=True)
    )
    return x if fits else x.clone(memory_format=torch.contiguous_format)


def strides_of(x: Tensor) -> list[int]:
    """Strides in elements; those of dimensions of size 1, which are never used, made harmless."""
    whole = x.shape[-1] * max(1, 16 // x.element_size())
    return [
        whole if size == 1 and axis < x.dim() - 1 else stride
        for axis, (size, stride) in enumerate(zip(x.shape, x.stride(), strict=True))
    ]


def tiled(x: Tensor, block: int) -> TensorDescriptor:
    """A tensor descriptor of ``x`` in tiles of (1, 1, block, d)."""
    return TensorDescriptor(x, list(x.shape), strides_of(x), [1, 1, block, x.shape[3]])
