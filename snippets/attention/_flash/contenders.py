"""Everybody in the race: ways to compute attention on this device, those that work here."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from _flash.tiled import tiled_attention

Attention = Callable[[Tensor, Tensor, Tensor, bool], Tensor]
NAIVE, TILED = "naive", "tiled, torch"
BACKENDS = {"SDPA flash": SDPBackend.FLASH_ATTENTION, "SDPA math": SDPBackend.MATH}
GPU_BACKENDS = {
    "SDPA cuDNN": SDPBackend.CUDNN_ATTENTION,
    "SDPA efficient": SDPBackend.EFFICIENT_ATTENTION,
}


@dataclass(frozen=True)
class Shape:
    """Sizes of a problem; ``kv_heads`` divides ``heads``."""

    batch: int
    heads: int
    kv_heads: int
    n: int
    d: int

    def inputs(
        self, device: torch.device, dtype: torch.dtype, seed: int = 0
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Random q, k and v."""
        generator = torch.Generator(device).manual_seed(seed)

        def random(heads: int) -> Tensor:
            size = self.batch, heads, self.n, self.d
            return torch.randn(size, generator=generator, device=device).to(dtype)

        return random(self.heads), random(self.kv_heads), random(self.kv_heads)

    def flops(self, causal: bool, backward: bool = False) -> float:
        """Two matrix products forward, five backward; causal counts half of them."""
        forward = 4.0 * self.batch * self.heads * self.n**2 * self.d
        return forward * (2.5 if backward else 1.0) * (0.5 if causal else 1.0)


def naive_attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = False) -> Tensor:
    """The formula as it stands: the n x n matrix is written and read several times."""
    group = q.shape[1] // k.shape[1]
    if group > 1:
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    if causal:
        future = torch.ones(scores.shape[-2:], dtype=torch.bool, device=q.device).triu(1)
        scores = scores.masked_fill(future, float("-inf"))
    return torch.softmax(scores, dim=-1) @ v


def contenders(device: torch.device) -> dict[str, Attention]:
    """Every method by name. Some may refuse a shape or a dtype: see :func:`works`."""
    methods: dict[str, Attention] = {NAIVE: naive_attention, TILED: tiled_attention}
    backends = BACKENDS | (GPU_BACKENDS if device.type == "cuda" else {})
    methods |= {name: _sdpa(backend) for name, backend in backends.items()}
    if device.type == "cuda":
        methods |= _on_gpu()
    return methods


def works(method: Attention, q: Tensor, k: Tensor, v: Tensor, causal: bool) -> str:
    """Empty when the method takes these inputs, else its reason in a line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch warns of each condition that is not met
            method(q, k, v, causal)
            if q.device.type == "cuda":
                torch.cuda.synchronize()
    except (RuntimeError, ValueError) as error:  # out of memory is a RuntimeError too
        return str(error).strip().splitlines()[0][:60]
    return ""


def _sdpa(backend: SDPBackend) -> Attention:
    def attention(q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
        with sdpa_kernel(backend):
            return functional.scaled_dot_product_attention(
                q, k, v, is_causal=causal, enable_gqa=q.shape[1] != k.shape[1]
            )

    return attention


def _on_gpu() -> dict[str, Attention]:
    """Ours, and FlexAttention compiled (without compiling it is no faster than naive)."""
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    from _flash.dispatch import flash_attention
    from _flash.triton_attention import triton_attention

    flex = torch.compile(flex_attention, dynamic=False)
    masks: dict[tuple[int, int], object] = {}

    def flexible(q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
        size = q.shape[2], k.shape[2]
        if causal and size not in masks:
            masks[size] = create_block_mask(
                lambda batch, head, i, j: i >= j, None, None, *size, q.device
            )
        mask = masks[size] if causal else None
        return flex(q, k, v, block_mask=mask, enable_gqa=q.shape[1] != k.shape[1])

    return {"ours": flash_attention, "ours, Triton only": triton_attention, "flex": flexible}
