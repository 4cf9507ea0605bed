"""A mailbox in shared memory between each pair of neighbours on one host.

Rank r owns the mailbox to its right neighbour: slots of one segment each. Nothing is copied by the
kernel; a *bell*, one byte with the number of a slot, says through a pipe 'it is full' (to the
right) or 'it is empty again' (to the left). Bells instead of flags in memory have three merits: a
rank that waits for long sleeps instead of burning a core that its neighbour needs, the kernel
orders memory for us on every architecture, and when a neighbour dies the pipe breaks at once.

To fall asleep and be woken takes some 30 us where the bell itself takes one, so a rank looks some
times first, and gives its core away between two looks: ranks that share a core take turns by that.

The mailbox is an unnamed file in memory whose descriptor travels over a local socket, so there is
no segment that a killed run could leave behind.
"""

from __future__ import annotations

import mmap
import os
import select
import shutil
import socket
import tempfile
import time
from collections import deque
from io import FileIO
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

from _ring.peers import PeerLostError

# With one slot under way all ranks could wait for an empty one, round in a circle; with two, the
# rank that is furthest behind always finds one. More would only push the data out of the cache.
UNDER_WAY = 2
# Where a file in memory costs nothing until it is written, there are more slots than can be under
# way: see `Quicker`.
SLOTS = 16 if hasattr(os, "memfd_create") else UNDER_WAY
LOOKS = 30
give_way = getattr(os, "sched_yield", lambda: None)


class Quicker:
    """Whether to fill the slot that came back last, or the one that was empty for the longest.

    The last one is still in the cache, which is best where the neighbour's core shares it. Where it
    does not, each line must first be taken from the neighbour's cache, one after another, and that
    is up to 15 times slower than writing to memory that no cache holds. Ranks and (virtual) cores
    move, so both ways are timed, and the slower one is tried again now and then.
    """

    def __init__(self) -> None:
        self._cost = {"last": 0.0, "longest": 0.0}
        self._turn = 0

    def way(self) -> str:
        """What to do this time."""
        self._turn += 1
        self._trial = self._turn % 251 == 0
        choose = max if self._trial else min
        return choose(self._cost, key=self._cost.__getitem__)

    def took(self, way: str, seconds: float) -> None:
        """Learn how long it took: a trial counts in full, else it is an average."""
        self._cost[way] += (seconds - self._cost[way]) * (1.0 if self._trial else 0.125)


class Mailbox:
    """Slots to fill for the right neighbour, and slots that the left one fills."""

    def __init__(self, rank: int, ranks: int, segment_bytes: int, seconds: float) -> None:
        """Meet both neighbours; every rank must come here. ``seconds`` limits each wait.

        Raises RuntimeError when the ranks are not all on one host, or the system has no local
        sockets.
        """
        self._rank, self._to, self._from = rank, (rank + 1) % ranks, (rank - 1) % ranks
        self._seconds = seconds
        right, left = _meet(rank, ranks, seconds)
        hears_full, self._say_full = _pipe()
        self._hear_empty, says_empty = _pipe()
        # What the right neighbour gets we must not hold: a pipe breaks with its last end.
        with _unnamed_file() as mine, hears_full, says_empty, right, left:
            mine.truncate(SLOTS * segment_bytes)
            given = [each.fileno() for each in (mine, hears_full, says_empty)]
            socket.send_fds(right, [b"mailbox"], given)
            _, (theirs, full, empty), _, _ = socket.recv_fds(left, len(b"mailbox"), len(given))
            self._out = _mapped(mine.fileno(), segment_bytes)
        self._hear_full, self._say_empty = _end(full, "rb"), _end(empty, "wb")
        self._in = _mapped(theirs, segment_bytes)
        os.close(theirs)
        self._out.zero_()  # memory is found now, not while slots are timed
        self._empty, self._full = deque(range(SLOTS)), deque[int]()
        self._quicker = Quicker()
        self.carry(torch.float32)

    def carry(self, dtype: torch.dtype) -> None:
        """See the slots as elements of ``dtype`` from now on."""
        self._out_slots, self._in_slots = self._out.view(dtype), self._in.view(dtype)

    def outgoing(self, count: int) -> Tensor:
        """A slot for ``count`` elements that the right neighbour has emptied; waits for it."""
        while len(self._empty) <= SLOTS - UNDER_WAY:
            self._empty.extend(self._hear(self._hear_empty, self._to))
        self._way = self._quicker.way()
        self._filling = self._empty.pop() if self._way == "last" else self._empty.popleft()
        self._began = time.thread_time()
        return self._out_slots[self._filling, :count]

    def send(self) -> None:
        """Tell the right neighbour that the slot is full."""
        self._quicker.took(self._way, time.thread_time() - self._began)
        self._ring(self._say_full, self._to, self._filling)

    def incoming(self, count: int) -> Tensor:
        """The oldest full slot, of ``count`` elements, of the left neighbour; waits for it."""
        while not self._full:
            self._full.extend(self._hear(self._hear_full, self._from))
        return self._in_slots[self._full[0], :count]

    def release(self) -> None:
        """Tell the left neighbour that the slot has been read."""
        self._ring(self._say_empty, self._from, self._full.popleft())

    def close(self) -> None:
        """Hang up, once the right neighbour has read everything and said so."""
        while len(self._empty) < SLOTS:
            self._empty.extend(self._hear(self._hear_empty, self._to))
        for end in (self._say_full, self._hear_empty, self._hear_full, self._say_empty):
            end.close()

    def _hear(self, pipe: FileIO, peer: int) -> bytes:
        """The slots for which the bell rang: look some times, then sleep until it does."""
        looks = 0
        while (bells := pipe.read(SLOTS)) is None:
            looks += 1
            if looks < LOOKS:
                give_way()
            elif not _rings(pipe, self._seconds):
                raise PeerLostError.silent(self._rank, peer)
        if not bells:
            raise PeerLostError.gone(self._rank, peer)
        return bells

    def _ring(self, pipe: FileIO, peer: int, slot: int) -> None:
        try:
            pipe.write(bytes([slot]))
        except BrokenPipeError as error:
            raise PeerLostError.gone(self._rank, peer) from error


def _pipe() -> tuple[FileIO, FileIO]:
    """Its two ends, to hear and to say."""
    hear, say = os.pipe()
    return _end(hear, "rb"), _end(say, "wb")


def _end(descriptor: int, mode: str) -> FileIO:
    os.set_blocking(descriptor, False)
    return FileIO(descriptor, mode)


def _rings(pipe: FileIO, seconds: float) -> bool:
    """Sleep until there is something to hear, or the time is over."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    return bool(poll.poll(1000 * seconds))


def _unnamed_file():
    """A file without a name, in memory where the system has such files."""
    if hasattr(os, "memfd_create"):
        return FileIO(os.memfd_create("ring"), "r+b")
    return tempfile.TemporaryFile()


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
