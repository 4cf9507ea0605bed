"""Is every bit of every sum right?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from _ring.plan import expected_sum
from _ring.ranks import Group

DTYPES = (torch.int64, torch.float32, torch.bfloat16)


def part_of(rank: int, elements: int, dtype: torch.dtype) -> Tensor:
    """The input of a rank; any rank can make it, so that each can work out the right sum."""
    generator = torch.Generator().manual_seed(1000 * elements + rank)
    if dtype.is_floating_point:
        return torch.randn(elements, generator=generator).to(dtype)
    return torch.randint(-(2**40), 2**40, (elements,), generator=generator).to(dtype)


def check_sums(group: Group, rings: Mapping[str, Any]) -> int:
    """Compare each ring with the sum in ring order, bit by bit; the number of sums compared.

    Sizes that divide by nothing, one element, none. Float sums are also held against float64.
    Raises AssertionError on the first wrong bit.
    """
    compared = 0
    for name, ring in rings.items():
        for dtype in DTYPES:
            for elements in (0, 1, group.ranks + 1, 10_007, 1_100_003):
                parts = [part_of(rank, elements, dtype) for rank in range(group.ranks)]
                buffer = parts[group.rank].to(group.device, copy=True)
                got = ring.all_reduce(buffer).cpu()
                where = f"{name}, {elements} x {dtype}, rank {group.rank}"
                assert torch.equal(got, expected_sum(parts, ring.block(buffer))), where
                if dtype.is_floating_point:
                    exact = torch.stack(parts).double().sum(0)
                    slack = group.ranks * torch.finfo(dtype).eps
                    bound = slack * torch.stack(parts).double().abs().sum(0)
                    assert ((got.double() - exact).abs() <= bound).all(), where
                compared += 1
    return compared
