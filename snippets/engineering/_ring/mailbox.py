"""A mailbox in shared memory between each pair of neighbours on one host.

Rank r owns the mailbox to its right neighbour: two slots of one segment each. Nothing is copied
by the kernel; a *doorbell*, one byte over a local socket, says 'a slot is full' (to the right) or
'a slot is empty again' (to the left). Doorbells instead of flags in memory have three merits: a
waiting rank sleeps instead of burning a core that its neighbour needs, the kernel orders memory
for us on every architecture, and when a neighbour dies the socket says so at once.

The mailbox is an unnamed file in memory whose descriptor travels over the socket, so there is no
segment that a killed run could leave behind.
"""

from __future__ import annotations

import mmap
import os
import shutil
import socket
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

from _ring.peers import PeerLostError

BELL = b"\0"
# With one slot all ranks could wait for an empty one, round in a circle; with two, the rank that
# is furthest behind always finds one. More would only push the data out of the cache.
SLOTS = 2


class Mailbox:
    """Slots to fill for the right neighbour, and slots that the left one fills."""

    def __init__(self, rank: int, ranks: int, segment_bytes: int, seconds: float) -> None:
        """Meet both neighbours; every rank must come here. ``seconds`` limits each wait.

        Raises RuntimeError when the ranks are not all on one host, or the system has no local
        sockets.
        """
        self._rank, self._to, self._from = rank, (rank + 1) % ranks, (rank - 1) % ranks
        self._right, self._left = _meet(rank, ranks, seconds)
        with _unnamed_file() as mine:
            os.ftruncate(mine.fileno(), SLOTS * segment_bytes)
            socket.send_fds(self._right, [BELL], [mine.fileno()])
            _, (theirs, *_), _, _ = socket.recv_fds(self._left, 1, 1)
            self._out = _mapped(mine.fileno(), segment_bytes)
        self._in = _mapped(theirs, segment_bytes)
        os.close(theirs)
        self._sent = self._received = self._full = 0
        self._empty = SLOTS
        self.carry(torch.float32)

    def carry(self, dtype: torch.dtype) -> None:
        """See the slots as elements of ``dtype`` from now on."""
        self._out_slots, self._in_slots = self._out.view(dtype), self._in.view(dtype)

    def outgoing(self, count: int) -> Tensor:
        """A slot for ``count`` elements that the right neighbour has emptied; waits for it."""
        while not self._empty:
            self._empty += self._listen(self._right, self._to)
        return self._out_slots[self._sent % SLOTS, :count]

    def send(self) -> None:
        """Tell the right neighbour that the slot is full."""
        self._empty -= 1
        self._sent += 1
        self._ring(self._right, self._to)

    def incoming(self, count: int) -> Tensor:
        """The oldest full slot, of ``count`` elements, of the left neighbour; waits for it."""
        while not self._full:
            self._full += self._listen(self._left, self._from)
        return self._in_slots[self._received % SLOTS, :count]

    def release(self) -> None:
        """Tell the left neighbour that the slot has been read."""
        self._full -= 1
        self._received += 1
        self._ring(self._left, self._from)

    def close(self) -> None:
        """Hang up, once the right neighbour has read everything and said so."""
        while self._empty < SLOTS:
            self._empty += self._listen(self._right, self._to)
        self._right.close()
        self._left.close()

    def _listen(self, line: socket.socket, peer: int) -> int:
        """Sleep until the bell rings; how often it rang."""
        try:
            rings = len(line.recv(SLOTS))
        except TimeoutError:
            raise PeerLostError.silent(self._rank, peer) from None
        except OSError as error:
            raise PeerLostError.gone(self._rank, peer) from error
        if not rings:
            raise PeerLostError.gone(self._rank, peer)
        return rings

    def _ring(self, line: socket.socket, peer: int) -> None:
        try:
            line.send(BELL)
        except OSError as error:
            raise PeerLostError.gone(self._rank, peer) from error


def _unnamed_file():
    """A file without a name, in memory where the system has such a place."""
    memory = "/dev/shm"
    return tempfile.TemporaryFile(dir=memory if os.access(memory, os.W_OK) else None)


def _mapped(descriptor: int, segment_bytes: int) -> Tensor:
    """The slots as bytes ``(SLOTS, segment_bytes)``; unmapped when the tensor is let go."""
    memory = mmap.mmap(descriptor, SLOTS * segment_bytes)
    return torch.frombuffer(memory, dtype=torch.uint8).view(SLOTS, segment_bytes)


def _meet(rank: int, ranks: int, seconds: float) -> tuple[socket.socket, socket.socket]:
    """Sockets to the right and from the left, made in a folder that is gone right after."""
    if not hasattr(socket, "AF_UNIX"):
        raise RuntimeError("this system has no local sockets: choose messages")
    mine = socket.gethostname(), tempfile.mkdtemp(prefix="ring-") if rank == 0 else ""
    places = [("", "")] * ranks
    dist.all_gather_object(places, mine)
    folder = Path(places[0][1])
    try:
        if len({host for host, _ in places}) > 1:
            raise RuntimeError("the ranks are on several hosts: choose messages")
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(seconds)
            door.bind(str(folder / str(rank)))
            door.listen(1)
            dist.barrier()  # every door is open before anybody knocks
            right = socket.socket(socket.AF_UNIX)
            right.settimeout(seconds)
            right.connect(str(folder / str((rank + 1) % ranks)))
            left, _ = door.accept()
            left.settimeout(seconds)
        dist.barrier()  # everybody is connected: the folder is no longer needed
    finally:
        if rank == 0:
            shutil.rmtree(folder, ignore_errors=True)
    return right, left
