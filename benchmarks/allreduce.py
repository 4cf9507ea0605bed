"""The ring's bus bandwidth beside ``dist.all_reduce`` on gloo: 64 MB of float32, in one run.

The copying bound is what the ring over shared memory would take if nobody had to wait for anybody:
in the same rounds all ranks at once copy and add the same segments through the same mailboxes, of
which the neighbour reads while they are written. So what it copies crosses from core to core, as it
must in any ring; a rank that reads what it wrote itself (*in slots of its own*) keeps it in its own
cache, and so bounds nothing that sends. The bound takes as many slots as are best on the machine as
it is: two where cores share a cache, all of them where they do not.

With more ranks than cores it bounds less than it seems to: there each rank runs alone through all
its copies, and keeps its slots in the cache, where in the ring no rank can be more than two
segments ahead of its neighbour. *In turns* says what the same copies take when each rank gives its
core away after each segment, still without waiting.

A round is from the first rank's start to the last one's end: without waiting, a rank that is late
would else time only itself.
"""

from __future__ import annotations

import copy
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, at_least, at_most, report

ROOT = Path(__file__).parents[1]
BYTES = 64 << 20
ROUNDS = 15
RING, MESSAGES = "ring over shared memory", "ring over messages"
OWN, TURNS = "copying in slots of its own", "copying in turns"


@dataclass(frozen=True)
class Contest:
    """What all ranks measured: timings and switches of core (of all ranks, each round) by method.

    ``filling`` is how fast a rank filled a slot, in bytes a second, by how it chose it; ``others``
    is how many cores other programs took meanwhile.
    """

    timings: dict[str, Any]
    switches: dict[str, float]
    filling: dict[str, float]
    touching: float
    others: float


def measure() -> list[Figure]:
    _see_the_snippet()
    from _ring.ranks import start_ranks

    figures = []
    for ranks in (2, 4):
        figures += _figures(ranks, start_ranks(contest, ranks, seconds=120.0, method="spawn"))
    return figures + _by_nccl()


def _figures(ranks: int, measured: Contest) -> list[Figure]:
    from _ring.race import bus_bandwidth, speedup

    timings = measured.timings
    gloo, ring = timings["gloo"], timings[RING]
    memory = bus_bandwidth(BYTES, ranks, measured.touching) / 1e9
    figures = []
    for timing, target in ((ring, 1.8), (timings[MESSAGES], 1.0 if ranks == 2 else 0.7)):
        how = (
            f"{timing.bus / 1e9:.2f} GB/s beside {gloo.bus / 1e9:.2f}; median of {ROUNDS} "
            f"pairs; adding in place {memory:.1f} GB/s"
        )
        name = f"{timing.method} / gloo, 64 MB, N = {ranks}"
        figures.append(at_least(name, speedup(gloo, timing), "x", target, how))
    bounds = [each for name, each in timings.items() if name.endswith(" slots")]
    bound = min(bounds, key=lambda each: each.median)
    both = ", ".join(f"{each.method} {1e3 * each.median:.1f}" for each in bounds)
    how = (
        f"{1e3 * ring.median:.1f} ms; {both}; {ranks} ranks on {os.cpu_count()} cores, of which "
        f"other programs took {measured.others:.2f}"
    )
    name = f"{RING} / copying bound, N = {ranks}"
    figures.append(at_most(name, speedup(ring, bound), "x", 1.3, how))
    return figures + _explained(ranks, measured)


def _explained(ranks: int, measured: Contest) -> list[Figure]:
    """What stands between the ring and the bound; nothing of it has a target."""
    from _ring.race import speedup

    ring = measured.timings[RING]
    figures = []
    for name in (OWN, TURNS):
        other = measured.timings[name]
        how = f"{1e3 * ring.median:.1f} ms beside {1e3 * other.median:.1f}; there is no target"
        figures.append(at_least(f"ring / {name}, N = {ranks}", speedup(ring, other), "x", 0, how))
    per_hop = measured.switches[RING] / (2 * (ranks - 1) * ranks * BYTES / ranks / (1 << 20))
    how = ", ".join(f"{name} {count:.0f}" for name, count in measured.switches.items())
    name = f"switches of core for each segment handed on, N = {ranks}"
    figures.append(at_least(name, per_hop, "", 0, f"in one all-reduce: {how}"))
    last, longest = measured.filling["last"] / 1e9, measured.filling["longest"] / 1e9
    how = f"beside {longest:.1f} of one that was empty for the longest; there is no target"
    name = f"filling the slot that came back last, N = {ranks}"
    return [*figures, at_least(name, last, "GB/s", 0, how)]


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


def contest(group: Any) -> Contest:
    """What each rank does: gloo, both rings and the bounds, in turns."""
    _see_the_snippet()
    import psutil
    import torch.distributed as dist
    from _ring.mailbox import SLOTS, give_way
    from _ring.messages import MessageRing
    from _ring.race import in_place_time
    from _ring.shared import SharedMemoryRing

    messages, ring = MessageRing(), SharedMemoryRing(seconds=120.0)
    box = ring._box
    own = [each.clone() for each in (box._out, box._in)]
    methods = {
        "gloo": dist.all_reduce,
        MESSAGES: messages.all_reduce,
        RING: ring.all_reduce,
        "copying, 2 slots": _copying(ring, Unwaiting(box._out, box._in, 2)),
        f"copying, {SLOTS} slots": _copying(ring, Unwaiting(box._out, box._in, SLOTS)),
        OWN: _copying(ring, Unwaiting(*own, 2)),
        TURNS: _copying(ring, Unwaiting(box._out, box._in, 2, give_way)),
    }
    began, busy, mine = time.perf_counter(), _busy(psutil.cpu_times()), time.process_time()
    timings, switches = _timed(group, methods)
    seconds = time.perf_counter() - began
    ours = _of_all(time.process_time() - mine, "SUM")
    others = (_busy(psutil.cpu_times()) - busy - ours) / seconds
    filling = {way: ring.segment_bytes / cost for way, cost in box._quicker._cost.items()}
    touching = in_place_time(group, BYTES)
    ring.close()
    return Contest(timings, switches, filling, touching, max(0.0, others))


def _timed(
    group: Any, methods: Mapping[str, Callable[[Any], object]]
) -> tuple[dict[str, Any], dict[str, float]]:
    """Timings, and how often ranks left their core; each round begins with another method."""
    import torch
    import torch.distributed as dist
    from _ring.race import Timing

    buffer = torch.empty(BYTES // 4)
    taken: dict[str, list[float]] = {name: [] for name in methods}
    switches = dict.fromkeys(methods, 0.0)
    for turn in range(ROUNDS + 1):
        first = turn % len(methods)
        order = [*methods][first:] + [*methods][:first]
        for name in order:
            buffer.fill_(1.0)
            dist.barrier()
            before, start = _switches(), time.perf_counter()
            methods[name](buffer)
            end, after = time.perf_counter(), _switches()
            dist.barrier()
            if turn:  # the first one is for warming up
                taken[name].append(_of_all(end, "MAX") - _of_all(start, "MIN"))
                switches[name] += _of_all(after - before, "SUM") / ROUNDS
    timings = {
        name: Timing(name, BYTES, group.ranks, tuple(seconds)) for name, seconds in taken.items()
    }
    return timings, switches


def _switches() -> int:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_nvcsw + usage.ru_nivcsw


def _busy(times: Any) -> float:
    """Seconds that all cores together have worked, for whomever."""
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _of_all(mine: float, how: str) -> float:
    """A number of each rank, reduced to one."""
    import torch
    import torch.distributed as dist

    value = torch.tensor(mine, dtype=torch.float64)
    dist.all_reduce(value, op=getattr(dist.ReduceOp, how))
    return float(value)


def _copying(ring: Any, box: Unwaiting) -> Callable[[Any], object]:
    """The same ring, whose mailbox lets nobody wait: it copies and adds."""
    alone = copy.copy(ring)
    alone._box = box
    return alone.all_reduce  # type: ignore[no-any-return]


class Unwaiting:
    """Slots of a :class:`_ring.mailbox.Mailbox`, filled and read in turn whatever is in them."""

    def __init__(
        self, out: Any, come: Any, slots: int, after: Callable[[], object] = lambda: None
    ) -> None:
        self._bytes, self._slots, self._after = (out, come), slots, after
        self._sent = self._received = 0

    def carry(self, dtype: Any) -> None:
        """See the slots as elements of ``dtype``."""
        self._out, self._in = (each.view(dtype) for each in self._bytes)

    def outgoing(self, count: int) -> Any:
        """The next slot to fill."""
        return self._out[self._sent % self._slots, :count]

    def incoming(self, count: int) -> Any:
        """The next slot to read."""
        return self._in[self._received % self._slots, :count]

    def send(self) -> None:
        """Nobody is told."""
        self._sent += 1
        self._after()

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
