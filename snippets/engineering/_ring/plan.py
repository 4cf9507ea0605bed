"""Who sums what, in which order: the arithmetic of the ring, without any communication.

A buffer of S elements on N ranks is cut into N *chunks*. Chunk c starts on rank c and travels to
the right; every rank on its way adds its own part, so rank c - 1 is the first to hold the whole
sum, and N - 1 further hops hand it to everybody:

    reduce-scatter   N - 1 hops   every chunk collects all N parts
    all-gather       N - 1 hops   every finished chunk is handed round

The ring over shared memory does this block by block, so that a chunk of a block (a *segment*) fits
into one slot of a mailbox. The ring over messages takes the buffer as one block and cuts its
chunks into segments.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor


def chunks(start: int, end: int, ranks: int) -> list[slice]:
    """Cut ``[start, end)`` into ``ranks`` chunks whose lengths differ by one at most."""
    size, longer = divmod(end - start, ranks)
    cuts = [start + rank * size + min(rank, longer) for rank in range(ranks + 1)]
    return [slice(low, high) for low, high in itertools.pairwise(cuts)]


def segments(chunk: slice, segment: int) -> Iterator[slice]:
    """Cut a chunk into pieces of at most ``segment`` elements."""
    for start in range(chunk.start, chunk.stop, segment):
        yield slice(start, min(start + segment, chunk.stop))


def blocks(elements: int, ranks: int, block: int) -> Iterator[list[slice]]:
    """Cut a buffer into blocks of at most ``block`` elements, each as its ``ranks`` chunks."""
    for start in range(0, elements, block):
        yield chunks(start, min(start + block, elements), ranks)


def ring_order(chunk: int, ranks: int) -> list[int]:
    """The ranks in the order in which they add to ``chunk``: it starts where it is at home."""
    return [(chunk + step) % ranks for step in range(ranks)]


def expected_sum(parts: Sequence[Tensor], block: int) -> Tensor:
    """The ring's result to the last bit, from all ranks' inputs (one-dimensional, one dtype).

    Floating-point addition depends on its order, and the ring's order is known: chunk c is
    ((x_c + x_{c+1}) + x_{c+2}) + ... That all ranks agree to the bit is a gift of the ring:
    each sum is computed once and then copied.
    """
    ranks = len(parts)
    total = torch.empty_like(parts[0])
    for cut in blocks(total.numel(), ranks, block):
        for chunk, where in enumerate(cut):
            first, *others = ring_order(chunk, ranks)
            running = parts[first][where].clone()
            for rank in others:
                running += parts[rank][where]
            total[where] = running
    return total
