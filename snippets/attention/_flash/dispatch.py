"""One function for any GPU: the fastest kernel among those that are right there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from triton.testing import do_bench

from _flash import gluon_attention, trial, triton_attention
from _flash.tuning import kind

Forward = Callable[[Tensor, Tensor, Tensor, bool, float], tuple[Tensor, Tensor]]
_chosen: dict[object, tuple[str, Forward]] = {}


def flash_attention(
    q: Tensor, k: Tensor, v: Tensor, causal: bool = False, scale: float | None = None
) -> Tensor:
    """softmax(q k^T * scale) v, differentiable; see ``triton_attention`` for what it takes."""
    scale = q.shape[-1] ** -0.5 if scale is None else scale
    _, forward = choose(q, k, v, causal, scale)
    return triton_attention.attention(q, k, v, causal, scale, forward)


def choose(q: Tensor, k: Tensor, v: Tensor, causal: bool, scale: float) -> tuple[str, Forward]:
    """Name and forward pass of the quickest kernel for such a problem; raced on first sight."""
    others = candidates(q.device, q.shape[3], q.dtype)
    if not others:
        return "triton", triton_attention.forward
    problem = (*kind(q, k, causal), q.shape[1] // k.shape[1])
    if problem not in _chosen:
        everyone: dict[str, Forward] = {"triton": triton_attention.forward, **others}
        times = {
            name: do_bench(
                partial(forward, q, k, v, causal, scale), warmup=10, rep=50, return_mode="median"
            )
            for name, forward in everyone.items()
        }
        best = min(times, key=times.__getitem__)
        _chosen[problem] = best, everyone[best]
    return _chosen[problem]


def candidates(device: torch.device, d: int, dtype: torch.dtype) -> dict[str, Forward]:
    """The Hopper kernel's variants that passed their trial on this device, by name."""
    if dtype not in gluon_attention.TYPES or not gluon_attention.on_hopper(device):
        return {}
    if d not in gluon_attention.SHAPES:
        return {}
    shapes = trial.trusted(device.index or 0, d)
    return {
        gluon_attention.named(shape): partial(_hopper, shape=shape)
        for shape in (gluon_attention.Shape(**keywords) for keywords in shapes)
    }


def _hopper(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    causal: bool,
    scale: float,
    shape: gluon_attention.Shape,
) -> tuple[Tensor, Tensor]:
    return gluon_attention.forward(q, k, v, causal, scale, shape)
