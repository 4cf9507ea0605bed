"""Choosing tile sizes by trying them, once for each kind of problem."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import torch
import triton
from torch import Tensor
from triton.runtime.errors import OutOfResources


@dataclass(frozen=True)
class Tile:
    """Rows of queries and of keys, warps of a program, depth of the load pipeline."""

    queries: int
    keys: int
    warps: int
    stages: int


INTERPRETED = (Tile(32, 16, 4, 1),)

_chosen: dict[Hashable, Tile] = {}


def length_class(n: int) -> int:
    """Lengths that may share a choice: the next power of two, from 512 to 16,384."""
    return min(16_384, max(512, triton.next_power_of_2(n)))


def fastest(key: Hashable, tiles: Sequence[Tile], launch: Callable[[Tile], None]) -> Tile:
    """The tile with which ``launch`` is quickest; tried on the first call with ``key``.

    Without a GPU (in Triton's interpreter) there is nothing to measure: the first one.
    """
    if not torch.cuda.is_available() or len(tiles) == 1:
        return tiles[0]
    if key not in _chosen:
        times = {}
        for tile in tiles:
            try:
                times[tile] = triton.testing.do_bench(
                    lambda tile=tile: launch(tile), warmup=10, rep=40, return_mode="median"
                )
            except OutOfResources:  # too large for this GPU
                continue
        _chosen[key] = min(times, key=times.__getitem__)
    return _chosen[key]


def kind(q: Tensor, k: Tensor, causal: bool) -> tuple[object, ...]:
    """Problems that may share what was chosen for one of them."""
    return q.device, q.dtype, q.shape[3], causal, length_class(q.shape[2]), length_class(k.shape[2])


def tiles_for(q: Tensor, tiles: tuple[Tile, ...]) -> tuple[Tile, ...]:
    """What to try: on a GPU all, in the interpreter one small tile."""
    return tiles if q.device.type == "cuda" else INTERPRETED
