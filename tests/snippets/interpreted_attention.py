"""Run with TRITON_INTERPRET=1: the Triton kernels in the interpreter, held against float64.

A process of its own, because Triton decides once, when it is imported, whether to interpret.
Prints a line of JSON a case: relative errors of the output, and of the three gradients in two
sweeps and in one.
"""

from __future__ import annotations

import json
from typing import Any

# name: (batch, heads, kv_heads, queries, keys, d, causal, type, layout)
CASES = {
    "whole tiles": (1, 2, 2, 64, 64, 16, False, "float32", "bhnd"),
    "whole tiles, causal": (1, 2, 2, 64, 64, 16, True, "float32", "bhnd"),
    "tails": (2, 2, 2, 45, 77, 16, False, "float32", "bhnd"),
    "tails, causal": (2, 2, 2, 77, 77, 16, True, "float32", "bhnd"),
    "more keys than queries, causal": (1, 1, 1, 33, 90, 16, True, "float32", "bhnd"),
    "more queries than keys, causal": (1, 1, 1, 90, 33, 16, True, "float32", "bhnd"),
    "one query": (2, 2, 1, 1, 40, 32, False, "float32", "bhnd"),
    "grouped heads": (2, 6, 2, 40, 50, 16, False, "float32", "bhnd"),
    "grouped heads, causal": (1, 4, 1, 50, 50, 16, True, "float16", "bhnd"),
    "heads inside, causal": (2, 2, 2, 40, 40, 32, True, "float32", "bnhd"),
    "rows that TMA cannot read": (1, 2, 2, 35, 35, 16, False, "float32", "odd"),
    "d = 64": (1, 1, 1, 48, 48, 64, True, "float16", "bhnd"),
    "d = 128": (1, 2, 1, 40, 33, 128, False, "float16", "bhnd"),
}


def errors(case: tuple[Any, ...]) -> list[float]:
    import torch

    from tests.snippets.parts import part

    triton_attention = part("attention", "_flash.triton_attention").triton_attention
    forward = part("attention", "_flash.triton_attention").forward
    one_sweep = part("attention", "_flash.gradients").one_sweep
    naive_attention = part("attention", "_flash.contenders").naive_attention
    batch, heads, kv_heads, n, m, d, causal, dtype, layout = case
    generator = torch.Generator().manual_seed(n * m + d)

    def random(heads: int, length: int) -> torch.Tensor:
        kind = getattr(torch, dtype)
        if layout == "bnhd":
            x = torch.randn(batch, length, heads, d, generator=generator).to(kind).transpose(1, 2)
        elif layout == "odd":
            wide = torch.randn(batch, heads, length, d + 1, generator=generator).to(kind)
            x = wide[..., 1:]
        else:
            x = torch.randn(batch, heads, length, d, generator=generator).to(kind)
        return x.requires_grad_()

    q, k, v = random(heads, n), random(kv_heads, m), random(kv_heads, m)
    out = triton_attention(q, k, v, causal)
    grad = torch.randn(out.shape, generator=generator).to(out.dtype)
    got = (out, *torch.autograd.grad(out, (q, k, v), grad))
    with torch.no_grad():
        saved = forward(q, k, v, causal, d**-0.5)
        got += one_sweep(q, k, v, *saved, grad, causal, d**-0.5)
    exact = [x.detach().double().requires_grad_() for x in (q, k, v)]
    reference = naive_attention(*exact, causal)
    gradients = torch.autograd.grad(reference, exact, grad.double())
    wanted = (reference, *gradients, *gradients)
    return [((a.double() - b).norm() / b.norm()).item() for a, b in zip(got, wanted, strict=True)]


if __name__ == "__main__":
    for name, case in CASES.items():
        print(json.dumps([name, errors(case)]), flush=True)
