"""Ring all-reduce by hand: exact sums over real processes, as fast as the wire or the memory.

N ranks each hold a buffer of S bytes, and each wants the sum. The ring does it in 2(N - 1) hops of
S/N bytes: on every hop every rank sends a chunk to its right neighbour and receives one from its
left, so every link is busy all the time and no rank is special. Each rank sends 2(N - 1)/N * S
bytes, and if ranks can only combine and forward, some rank must send as many in any method.

`ring_plan` and `textbook_ring` are the whole algorithm; beside them, the two that win races:
_ring/messages.py (any machines) and _ring/shared.py (one host, through shared memory).

    python ring_allreduce.py --ranks 4 --megabytes 64
    torchrun --nproc-per-node 4 ring_allreduce.py --megabytes 64
    python ring_allreduce.py --kill 1          what the others see when a rank dies

References
  P. Patarasuk, X. Yuan: Bandwidth optimal all-reduce algorithms for clusters of workstations,
    Journal of Parallel and Distributed Computing 69 (2009) 117-124.
  A. Gibiansky: Bringing HPC techniques to deep learning, Baidu Research, 2017.
  NVIDIA: NCCL Tests, doc/PERFORMANCE.md (bus bandwidth).
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import torch
import torch.distributed as dist
import typer
from _ring.checks import check_sums
from _ring.messages import MessageRing
from _ring.peers import PeerLostError
from _ring.plan import chunks
from _ring.race import Timing, in_place_time, race
from _ring.ranks import Group, RankDiedError, run_as_rank, start_ranks, under_torchrun
from _ring.shared import SharedMemoryRing
from torch import Tensor

LAUNCH = "torchrun"
RANKS = 4


def ring_plan(rank: int, ranks: int) -> list[tuple[int, int, bool]]:
    """The steps of one rank: the chunk it sends, the chunk that arrives, whether to add that.

    What rank r sends goes to rank r + 1, and what arrives comes from rank r - 1, modulo ``ranks``.
    """
    # exercise: the steps of one rank in the ring
    # First the reduce-scatter, where what arrives is added, then the all-gather, where it replaces.
    # solution
    plan = []
    for step in range(2 * (ranks - 1)):
        send = (rank - step) % ranks
        receive = (send - 1) % ranks
        plan.append((send, receive, step < ranks - 1))
    return plan
    # end


def check() -> None:
    """Judge `ring_plan` on simulated rings, small ones first."""
    for ranks in (1, 2, 3, 4, 5, 8, 13):
        plans = [ring_plan(rank, ranks) for rank in range(ranks)]
        for rank, plan in enumerate(plans):
            case, came, should = f"N = {ranks}, rank {rank}: steps", len(plan), 2 * (ranks - 1)
            assert came == should, "each of the two halves has N - 1 steps"
        # How often the part of rank k is in chunk c of rank r: held[r, c, k].
        held = torch.eye(ranks, dtype=torch.int64)[:, None, :].repeat(1, ranks, 1)
        for step in range(2 * (ranks - 1)):
            before = held.clone()
            for rank in range(ranks):
                left = (rank - 1) % ranks
                send, (_, receive, adds) = plans[left][step][0], plans[rank][step]
                case = f"N = {ranks}, step {step}: what rank {left} sends, rank {rank} expects"
                came, should = receive, send
                assert came == should, "the chunk that arrives is the one that the left sends"
                came, should = send, send % ranks
                assert came == should, "chunks are numbered from 0 to N - 1"
                added = before[rank, receive] if adds else 0
                held[rank, receive] = before[left, send] + added
            if step == ranks - 2:
                case = f"N = {ranks}, after the reduce-scatter: complete chunks on each rank"
                came = (held == 1).all(2).sum(1)
                should = torch.ones(ranks, dtype=torch.int64)
                assert torch.equal(came, should), "every rank should hold one complete chunk"
        for rank in range(ranks):
            case = f"N = {ranks}, at the end, rank {rank}: parts (columns) in each chunk (rows)"
            came, should = held[rank], torch.ones(ranks, ranks, dtype=torch.int64)
            assert torch.equal(came, should), "every part should be in every chunk once"


def textbook_ring(
    buffer: Tensor, rank: int, ranks: int, watch: Callable[[int], None] = lambda hop: None
) -> Tensor:
    """Sum ``buffer`` over all ranks, in place. ``watch`` is called after every hop."""
    left, right = (rank - 1) % ranks, (rank + 1) % ranks
    parts = [buffer.view(-1)[chunk] for chunk in chunks(0, buffer.numel(), ranks)]
    for hop, (send, receive, adds) in enumerate(ring_plan(rank, ranks)):
        gone, mine = parts[send], parts[receive]
        arrived = torch.empty_like(mine)
        calls = [(dist.isend, gone, right), (dist.irecv, arrived, left)]
        swap = [dist.P2POp(call, part, peer) for call, part, peer in calls if part.numel()]
        for work in dist.batch_isend_irecv(swap) if swap else []:
            work.wait()
        if adds:
            mine += arrived  # reduce-scatter: after N - 1 hops I hold one complete chunk
        else:
            mine.copy_(arrived)  # all-gather: complete chunks go round once more
        watch(hop)
    return buffer


@dataclass(frozen=True)
class Plan:
    """What the ranks are to do."""

    megabytes: float
    transport: str
    show: str
    rounds: int
    seconds: float
    kill: int


@dataclass(frozen=True)
class Report:
    """What rank 0 brings home. ``hops`` holds every rank's buffer after each hop, if asked for."""

    ranks: int
    backend: str
    hops: list[list[list[int]]]
    checked: int
    timings: list[Timing]
    touching: float


def work_of_a_rank(group: Group, plan: Plan) -> Report:
    """Everything that one rank does, in the same order on all."""
    rings = make_rings(group, plan)
    hops = trace(group) if plan.show != "race" else []
    checked = check_sums(group, rings)
    timings: list[Timing] = []
    touching = 0.0
    if plan.kill >= 0:
        die_at_work(group, plan.kill, next(iter(rings.values())))
    if plan.show != "steps":
        methods = {"dist.all_reduce": dist.all_reduce}
        methods |= {name: ring.all_reduce for name, ring in rings.items()}
        timings = race(group, methods, int(plan.megabytes * 2**20), plan.rounds)
        touching = in_place_time(group, int(plan.megabytes * 2**20))
    for ring in rings.values():
        ring.close()
    return Report(group.ranks, dist.get_backend(), hops, checked, timings, touching)


def make_rings(group: Group, plan: Plan) -> dict[str, Any]:
    """The contenders. On GPUs the textbook ring runs over NCCL's own messages."""
    if group.device.type == "cuda":
        return {"textbook ring": TextbookRing(group)}
    rings: dict[str, Any] = {}
    if plan.transport in ("both", "messages"):
        rings["ring, messages"] = MessageRing()
    if plan.transport in ("both", "shared"):
        rings["ring, shared memory"] = SharedMemoryRing(seconds=plan.seconds)
    return rings


@dataclass(frozen=True)
class TextbookRing:
    """The textbook ring behind the same methods as the fast ones."""

    group: Group

    def block(self, buffer: Tensor) -> int:
        """Elements that are summed as one block: all of them."""
        return max(1, buffer.numel())

    def all_reduce(self, buffer: Tensor) -> Tensor:
        """Sum over all ranks, in place."""
        return textbook_ring(buffer, self.group.rank, self.group.ranks)

    def close(self) -> None:
        """Nothing to let go of."""


def die_at_work(group: Group, victim: int, ring: Any) -> None:
    """Sum until ``victim`` is killed in the middle of it: the others raise PeerLostError."""
    if group.rank == victim:
        kill = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGKILL))
        kill.start()
    elif under_torchrun():
        # Torchrun ends the others at once; here they shall say first what they see.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    buffer = torch.ones(1 << 20, device=group.device)
    while True:
        ring.all_reduce(buffer.fill_(1.0))


def trace(group: Group) -> list[list[list[int]]]:
    """Run the textbook ring on N numbers and look at all buffers after every hop.

    Rank r contributes 2**r, so the binary digits of a sum tell which ranks are in it.
    """
    buffer = torch.full((group.ranks,), 2**group.rank, dtype=torch.int64, device=group.device)
    mine = [buffer.tolist()]
    textbook_ring(buffer, group.rank, group.ranks, watch=lambda _: mine.append(buffer.tolist()))
    everyone: list[list[list[int]]] = [[]] * group.ranks
    dist.all_gather_object(everyone, mine)
    return [list(hop) for hop in zip(*everyone, strict=True)]


def choose_device(wanted: str, ranks: int) -> str:
    """cuda when there is a GPU for every rank (of this host), else cpu; raises SystemExit."""
    local = int(os.environ.get("LOCAL_WORLD_SIZE", ranks))
    enough = torch.cuda.device_count() >= local and dist.is_nccl_available()
    if wanted == "cuda" and not enough:
        raise SystemExit(
            f"{local} ranks need {local} GPUs and NCCL; "
            f"here are {torch.cuda.device_count()}. Choose --device cpu or fewer ranks."
        )
    return "cuda" if enough and wanted in ("auto", "cuda") else "cpu"


def main(
    ranks: Annotated[int, typer.Option(min=1, max=32, help="Processes in the ring")] = RANKS,
    megabytes: Annotated[float, typer.Option(min=0.01, max=4096, help="Largest buffer")] = 16.0,
    transport: Annotated[
        Literal["both", "messages", "shared"], typer.Option(help="How chunks travel")
    ] = "both",
    show: Annotated[
        Literal["all", "steps", "race"], typer.Option(help="The chunks' way, the race, or both")
    ] = "all",
    rounds: Annotated[int, typer.Option(min=1, max=100, help="Timed rounds of each size")] = 3,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda (one GPU a rank)")] = "auto",
    seconds: Annotated[
        float, typer.Option(min=1, max=600, help="Longest wait for a silent peer")
    ] = 20.0,
    kill: Annotated[int, typer.Option(min=-1, max=31, help="Rank to kill; -1: none")] = -1,
) -> None:
    """Sum buffers round a ring of processes, check every bit, race torch's all-reduce."""
    plan = Plan(megabytes, transport, show, rounds, seconds, kill)
    number = int(os.environ["WORLD_SIZE"]) if under_torchrun() else ranks
    if kill >= number:
        raise SystemExit(f"--kill {kill}: there are {number} ranks, 0 to {number - 1}")
    try:
        if under_torchrun():
            where = choose_device(device, number)
            report = run_as_rank(work_of_a_rank, (plan,), where, seconds)
        else:
            where = choose_device(device, ranks)
            report = start_ranks(work_of_a_rank, ranks, (plan,), where, seconds)
    except (RankDiedError, PeerLostError) as error:
        raise SystemExit(str(error)) from error
    if report is not None:
        # Only the rank that reports pays for the import of the drawing libraries.
        from _ring.pictures import draw

        draw(report)


if __name__ == "__main__":
    typer.run(main)
