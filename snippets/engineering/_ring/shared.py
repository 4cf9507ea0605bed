"""The ring for ranks of one host, through shared memory, fused and pipelined as NCCL does it.

The textbook ring writes every partial sum to the user's buffer and reads it back one hop later.
Here a rank takes what the left neighbour sent, adds its own part and puts the result *straight
into the mailbox* of the right one. Block by block every rank runs the same kinds of step (NCCL's
names: send, recvReduceSend, recvReduceCopySend, recvCopySend, recv); a slot of the mailbox holds
one segment of 1 MiB, so what is on its way never leaves the processor's cache.
"""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor

from _ring.mailbox import Mailbox
from _ring.peers import flat_view
from _ring.plan import blocks


class SharedMemoryRing:
    """All-reduce (sum) in place; every rank of the group must make one, on the same host."""

    def __init__(self, segment_bytes: int = 1 << 20, seconds: float = 10.0) -> None:
        """Connect to both neighbours. ``seconds`` limits each wait for one of them."""
        self.segment_bytes = segment_bytes
        self.rank, self.ranks = dist.get_rank(), dist.get_world_size()
        self._box = Mailbox(self.rank, self.ranks, segment_bytes, seconds)

    def block(self, buffer: Tensor) -> int:
        """Elements that are summed as one block: a segment from each rank."""
        return self.ranks * (self.segment_bytes // buffer.element_size())

    def all_reduce(self, buffer: Tensor) -> Tensor:
        """Sum ``buffer`` (contiguous, any shape) over all ranks.

        Raises PeerLostError when a neighbour dies or stays silent past the time limit, ValueError
        for a buffer with gaps.
        """
        if self.ranks == 1:
            return buffer
        flat = flat_view(buffer)
        self._box.carry(flat.dtype)
        for block in blocks(flat.numel(), self.ranks, self.block(flat)):
            for step in range(2 * self.ranks - 1):
                own = flat[block[(self.rank - step) % self.ranks]]
                if own.numel():  # with fewer elements than ranks some chunks are empty
                    self._step(step, own)
        return buffer

    def _step(self, step: int, own: Tensor) -> None:
        """Step t of a rank is about chunk ``rank - t``: ``own`` is its share of it."""
        box, count = self._box, own.numel()
        if step == 0:  # my own chunk starts its journey
            box.outgoing(count).copy_(own)
            box.send()
            return
        came = box.incoming(count)
        if step < self.ranks - 1:  # the sum so far plus mine, handed on at once
            torch.add(came, own, out=box.outgoing(count))
            box.send()
        elif step == self.ranks - 1:  # with mine the sum is complete: hand it on, then keep it
            goes = torch.add(came, own, out=box.outgoing(count))
            box.send()
            own.copy_(goes)
        elif step < 2 * self.ranks - 2:  # a complete sum of others: hand it on, then keep it
            box.outgoing(count).copy_(came)
            box.send()
            own.copy_(came)
        else:  # my right neighbour was the first to have it: keep it
            own.copy_(came)
        box.release()

    def close(self) -> None:
        """Hang up on both neighbours."""
        self._box.close()
