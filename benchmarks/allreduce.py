"""The ring's bus bandwidth beside ``dist.all_reduce`` on gloo: 64 MB of float32, in one run.

The copying bound is what the ring over shared memory would take if nobody had to wait for anybody:
in the same rounds all ranks at once copy and add the same segments, each in slots of its own.
"""

from __future__ import annotations

import copy
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, at_least, at_most, report

ROOT = Path(__file__).parents[1]
BYTES = 64 << 20
ROUNDS = 15


def measure() -> list[Figure]:
    _see_the_snippet()
    from _ring.race import bus_bandwidth, speedup
    from _ring.ranks import start_ranks

    figures = []
    for ranks in (2, 4):
        timings, touching = start_ranks(contest, ranks, seconds=120.0, method="spawn")
        gloo, messages, shared, copying = timings
        memory = bus_bandwidth(BYTES, ranks, touching) / 1e9
        for timing, target in ((shared, 1.8), (messages, 1.0 if ranks == 2 else 0.7)):
            how = (
                f"{timing.bus / 1e9:.2f} GB/s beside {gloo.bus / 1e9:.2f}; median of {ROUNDS} "
                f"pairs; adding in place {memory:.1f} GB/s"
            )
            name = f"{timing.method} / gloo, 64 MB, N = {ranks}"
            figures.append(at_least(name, speedup(gloo, timing), "x", target, how))
        figures.append(
            at_most(
                f"ring over shared memory / copying bound, N = {ranks}",
                speedup(shared, copying),
                "x",
                1.3,
                f"{shared.median * 1e3:.1f} ms beside {copying.median * 1e3:.1f}; "
                f"{ranks} ranks on {os.cpu_count()} cores",
            )
        )
    return figures + _by_nccl()


def _by_nccl() -> list[Figure]:
    """The textbook ring over NCCL's messages beside NCCL's all-reduce, a GPU for each rank."""
    import torch
    from _ring.race import speedup
    from _ring.ranks import start_ranks

    gpus = torch.cuda.device_count()
    if gpus < 2:
        print(f"{gpus} CUDA GPUs here: all-reduce by NCCL, which needs two, is not measured")
        return []
    nccl, ring = start_ranks(gpu_contest, gpus, device="cuda", seconds=120.0, method="spawn")
    how = f"{ring.bus / 1e9:.1f} GB/s beside {nccl.bus / 1e9:.1f}; there is no target"
    return [at_least(f"textbook ring / NCCL, 64 MB, N = {gpus}", speedup(nccl, ring), "x", 0, how)]


def gpu_contest(group: Any) -> list[Any]:
    """What each rank does on a GPU."""
    _see_the_snippet()
    import torch.distributed as dist
    from _ring.race import race
    from ring_allreduce import TextbookRing

    methods = {"NCCL": dist.all_reduce, "textbook ring": TextbookRing(group).all_reduce}
    return race(group, methods, BYTES, ROUNDS, smallest=BYTES)


def contest(group: Any) -> tuple[list[Any], float]:
    """What each rank does: gloo and both rings, in turns."""
    _see_the_snippet()
    import torch.distributed as dist
    from _ring.messages import MessageRing
    from _ring.race import in_place_time, race
    from _ring.shared import SharedMemoryRing

    messages, shared = MessageRing(), SharedMemoryRing(seconds=120.0)
    methods = {
        "gloo": dist.all_reduce,
        "ring over messages": messages.all_reduce,
        "ring over shared memory": shared.all_reduce,
        "copying": copying_ring(shared).all_reduce,
    }
    timings = race(group, methods, BYTES, ROUNDS, smallest=BYTES)
    touching = in_place_time(group, BYTES)
    shared.close()
    return timings, touching


def copying_ring(ring: Any) -> Any:
    """The same ring, whose mailbox is this rank's own: it copies and adds, and never waits."""
    alone = copy.copy(ring)
    alone._box = OwnMailbox(ring.segment_bytes)
    return alone


class OwnMailbox:
    """Slots as of a :class:`_ring.mailbox.Mailbox`, filled and read by the same rank."""

    def __init__(self, segment_bytes: int) -> None:
        import torch

        self._bytes = torch.zeros(2, 2, segment_bytes, dtype=torch.uint8)  # to send, received
        self._sent = self._received = 0

    def carry(self, dtype: Any) -> None:
        """See the slots as elements of ``dtype``."""
        self._out, self._in = self._bytes.view(dtype)

    def outgoing(self, count: int) -> Any:
        """The next slot to fill."""
        return self._out[self._sent % 2, :count]

    def incoming(self, count: int) -> Any:
        """The next slot to read."""
        return self._in[self._received % 2, :count]

    def send(self) -> None:
        """Nobody is told."""
        self._sent += 1

    def release(self) -> None:
        """Nobody is told."""
        self._received += 1


def _see_the_snippet() -> None:
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    folder = str(ROOT / "snippets" / "engineering")
    if folder not in sys.path:
        sys.path.insert(0, folder)


if __name__ == "__main__":
    from benchmarks import allreduce

    report(allreduce.measure(), as_json="--json" in sys.argv)
