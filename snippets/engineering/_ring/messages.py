"""The ring that works anywhere: messages by ``torch.distributed``, many of them under way.

Against the textbook version it changes the order of waiting, nothing else. Chunks are cut into
segments; a segment goes to the right as soon as it has been added to, while the ones behind it are
still arriving; receives are posted before their data comes; and nothing is staged: segments are
sent from, and in the all-gather received into, the buffer itself. The size of a segment is a
compromise: each message costs system calls and wake-ups, so that 64 KiB ones take two to four times
as long as 1 MiB, and the larger ones leave the cache before they are added to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
import torch.distributed as dist
from torch import Tensor

from _ring.peers import LOST, PeerLostError, flat_view
from _ring.plan import chunks, segments

PARTIAL, WHOLE = 1, 2
"""Tags of the two halves: messages of one tag arrive in order, and do not wait for the other's."""


@dataclass
class MessageRing:
    """All-reduce (sum) in place over isend and irecv; ``window`` receives are posted ahead."""

    segment_bytes: int = 2 << 20
    window: int = 6
    _scratch: dict[torch.dtype, Tensor] = field(default_factory=dict)

    def block(self, buffer: Tensor) -> int:
        """Elements that are summed as one block: all of them."""
        return max(1, buffer.numel())

    def all_reduce(self, buffer: Tensor) -> Tensor:
        """Sum ``buffer`` (contiguous, any shape) over all ranks.

        Raises PeerLostError when a neighbour dies or stays silent past the group's time limit,
        ValueError for a buffer with gaps.
        """
        rank, ranks = dist.get_rank(), dist.get_world_size()
        if ranks == 1:
            return buffer
        left, right = (rank - 1) % ranks, (rank + 1) % ranks
        flat = flat_view(buffer)
        size = self._segment(flat, ranks)
        cut = [
            [flat[piece] for piece in segments(chunk, size)]
            for chunk in chunks(0, flat.numel(), ranks)
        ]
        # Hop s sends chunk rank - s and receives chunk rank - s - 1. What is received on one hop
        # is what is sent on the next: partial sums for the first half, whole ones for the second.
        partial = [part for hop in range(ranks - 1) for part in cut[(rank - hop - 1) % ranks]]
        whole = [part for hop in range(ranks - 1) for part in cut[(rank - hop) % ranks]]
        summed_here = len(partial) - len(cut[right])
        forwarded = len(whole) - len(cut[(rank + 2) % ranks])
        scratch = self._space(flat.dtype, size)
        addends: list[tuple[dist.Work, Tensor]] = []

        def post() -> None:
            """Get ready for one more addend."""
            if (index := len(addends)) < len(partial):
                place = scratch[index % self.window, : partial[index].numel()]
                addends.append((_start(dist.irecv, place, rank, left, PARTIAL), place))

        for _ in range(self.window):
            post()
        # Whole sums are received into their place, all posted now: none can come before what
        # stands there was sent, for it is made of it.
        arriving = [_start(dist.irecv, part, rank, left, WHOLE) for part in whole]
        sends = [_start(dist.isend, part, rank, right, PARTIAL) for part in cut[rank]]
        for index, own in enumerate(partial):
            work, place = addends[index]
            _wait(work, rank, left)
            own += place
            post()
            tag = WHOLE if index >= summed_here else PARTIAL
            sends.append(_start(dist.isend, own, rank, right, tag))
        for index, work in enumerate(arriving):
            _wait(work, rank, left)
            if index < forwarded:
                sends.append(_start(dist.isend, whole[index], rank, right, WHOLE))
        for work in sends:
            _wait(work, rank, right)
        return buffer

    def close(self) -> None:
        """Nothing to let go of: the connections belong to the process group."""

    def _segment(self, flat: Tensor, ranks: int) -> int:
        """Elements of a segment: a quarter of a chunk keeps four under way, but not below 1 MiB."""
        quarter = -(-flat.numel() * flat.element_size() // (4 * ranks))
        limit = min(self.segment_bytes, max(quarter, 1 << 20))
        return max(1, limit // flat.element_size())

    def _space(self, dtype: torch.dtype, size: int) -> Tensor:
        space = self._scratch.get(dtype)
        if space is None or space.shape[1] < size:
            space = self._scratch[dtype] = torch.empty(self.window, size, dtype=dtype)
        return space


def _start(call: Callable[..., dist.Work], part: Tensor, rank: int, peer: int, tag: int):
    try:
        return call(part, peer, tag=tag)
    except RuntimeError as error:
        raise told(rank, peer, error) from error


def _wait(work: dist.Work, rank: int, peer: int) -> None:
    try:
        work.wait()
    except RuntimeError as error:
        raise told(rank, peer, error) from error


def told(rank: int, peer: int, error: RuntimeError) -> RuntimeError:
    """Gloo says all with a RuntimeError: a broken connection, the time limit, a wrong buffer."""
    text = str(error)
    if not any(word in text for word in LOST):
        return error
    return (PeerLostError.silent if "imed out" in text else PeerLostError.gone)(rank, peer)
