"""Starting the ranks: real processes, watched, and none of them left behind.

Alone, the script starts its ranks itself. Under ``torchrun`` (RANK and WORLD_SIZE are set) it *is*
one of them.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import connection
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import multiprocessing

from _ring.peers import PeerLostError

GRACE = 2.0  # seconds for the others to notice a death by themselves, and to say so


class RankDiedError(RuntimeError):
    """At least one rank ended before its work was done."""


@dataclass(frozen=True)
class Group:
    """What a rank knows of its group. ``device`` is where its tensors live."""

    rank: int
    ranks: int
    device: torch.device


def under_torchrun() -> bool:
    """Whether somebody else has started the ranks."""
    return "RANK" in os.environ and "WORLD_SIZE" in os.environ


def run_as_rank(
    work: Callable[..., Any], arguments: tuple[Any, ...], device: str, seconds: float
) -> Any:
    """Under torchrun: do this rank's share. The result of ``work`` on rank 0, None elsewhere.

    Raises PeerLostError when another rank is lost.
    """
    rank, ranks = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    return _share(rank, ranks, None, work, arguments, device, seconds)


def start_ranks(
    work: Callable[..., Any],
    ranks: int,
    arguments: tuple[Any, ...] = (),
    device: str = "cpu",
    seconds: float = 10.0,
    method: str | None = None,
) -> Any:
    """Run ``work(group, *arguments)`` in ``ranks`` processes; the result of rank 0.

    ``seconds`` limits how long a rank waits for a silent peer. ``method`` is how processes start:
    by default fork where that is safe (it takes milliseconds: torch is imported already, and this
    process has computed nothing yet), else spawn.

    Raises RankDiedError, with who and why, when a rank dies; the others are ended with it.
    """
    if method is None:
        method = "fork" if sys.platform == "linux" and device == "cpu" else "spawn"
    context = multiprocessing.get_context(method)
    meeting = Path(tempfile.mkdtemp(prefix="ring-"))
    ends = [context.Pipe(duplex=False) for _ in range(ranks)]
    processes = []
    try:
        for rank, (_, answer) in enumerate(ends):
            process = context.Process(
                target=_child,
                args=(rank, ranks, str(meeting), work, arguments, device, seconds, answer),
                daemon=True,
            )
            process.start()
            answer.close()  # ours: the pipe then ends when the rank does
            processes.append(process)
        return _supervise(processes, [listen for listen, _ in ends])
    finally:
        for process in processes:
            process.kill()
            process.join()
        for listen, _ in ends:
            listen.close()
        shutil.rmtree(meeting, ignore_errors=True)


def _supervise(processes: list[Any], pipes: list[Any]) -> Any:
    """Collect each rank's answer; on the first death give the others GRACE seconds to speak."""
    waiting = {pipe: rank for rank, pipe in enumerate(pipes)}
    answers: dict[int, Any] = {}
    complaints: dict[int, str] = {}
    dead: dict[int, str] = {}
    deadline = None
    while waiting:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        ready = connection.wait(list(waiting), timeout=left)
        if not ready:
            break
        for pipe in ready:
            rank = waiting.pop(pipe)
            try:
                good, value = pipe.recv()
            except (EOFError, ConnectionResetError):
                processes[rank].join()
                dead[rank] = _cause(processes[rank].exitcode)
            else:
                (answers if good else complaints)[rank] = value
        if (dead or complaints) and deadline is None:
            deadline = time.monotonic() + GRACE
    if dead or complaints:
        raise RankDiedError(_story(dead, complaints))
    for process in processes:
        process.join()
    return answers[0]


def _cause(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return f"killed by {signal.Signals(-exitcode).name}"
    return f"ended by itself with exit code {exitcode}"


def _story(dead: dict[int, str], complaints: dict[int, str]) -> str:
    lines = [f"rank {rank} was {cause}" for rank, cause in sorted(dead.items())]
    lines += [complaint for _, complaint in sorted(complaints.items())]
    return "the ring broke:\n  " + "\n  ".join(lines)


def _child(rank, ranks, meeting, work, arguments, device, seconds, answer) -> None:
    """A rank's process, from start to end; it sends (True, result) or (False, complaint)."""
    _end_with_the_parent()
    try:
        result = _share(rank, ranks, meeting, work, arguments, device, seconds)
    except PeerLostError as error:
        answer.send((False, str(error)))
    except Exception as error:  # whatever it is, the parent must hear of it
        answer.send((False, f"rank {rank}: {type(error).__name__}: {error}"))
        raise
    else:
        answer.send((True, result))
    finally:
        answer.close()


def _end_with_the_parent() -> None:
    """Even a parent that is killed outright takes its ranks along."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _here(ranks: int) -> int:
    """How many of the ranks are on this host."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", ranks))


def _take_cores(rank: int, ranks: int) -> None:
    """Bind each rank of this host to its share of the cores, neighbours side by side.

    So does ``mpirun``. Left alone, the kernel wakes a rank beside the one that rang its bell, until
    all of them take turns on one core.
    """
    cores = range(os.cpu_count() or 1)
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
    first, last = (len(cores) * r // ranks for r in (rank, rank + 1))
    mine = cores[first : max(first + 1, last)]
    torch.set_num_threads(len(mine))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, mine)


def _share(rank, ranks, meeting, work, arguments, device, seconds) -> Any:
    """Join the group, do the work, leave the group."""
    _take_cores(int(os.environ.get("LOCAL_RANK", rank)), _here(ranks))
    where = torch.device("cpu")
    if device == "cuda":
        where = torch.device("cuda", int(os.environ.get("LOCAL_RANK", rank)))
        torch.cuda.set_device(where)
    dist.init_process_group(
        "nccl" if device == "cuda" else "gloo",
        init_method="env://" if meeting is None else f"file://{meeting}/store",
        rank=rank,
        world_size=ranks,
        timeout=timedelta(seconds=seconds),
    )
    try:
        result = work(Group(rank, ranks, where), *arguments)
        dist.barrier()
    except RuntimeError as error:
        if "gloo/transport" not in str(error):
            raise
        raise PeerLostError(f"rank {rank}: a collective lost its connection to a peer") from error
    finally:
        dist.destroy_process_group()
    return result if rank == 0 else None
