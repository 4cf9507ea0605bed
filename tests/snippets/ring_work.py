"""What the ranks of the ring's tests do: importable by name, so that a fresh process finds it."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import torch
import torch.distributed as dist

from tests.snippets.parts import part


def make(name: str, **options: Any) -> Any:
    if name == "messages":
        return part("engineering", "_ring.messages").MessageRing(**options)
    return part("engineering", "_ring.shared").SharedMemoryRing(**options)


def sums(group: Any, sizes: tuple[int, ...], segment_bytes: int) -> list[str]:
    """All-reduce every size and type with every ring; what was wrong, from all ranks."""
    checks = part("engineering", "_ring.checks")
    plan = part("engineering", "_ring.plan")
    wrong: list[str] = []
    for name in ("messages", "shared"):
        ring = make(name, segment_bytes=segment_bytes)
        for size in sizes:
            for dtype in (torch.int64, torch.float32, torch.bfloat16, torch.uint8):
                parts = [checks.part_of(rank, size, dtype) for rank in range(group.ranks)]
                got = ring.all_reduce(parts[group.rank].clone())
                if not torch.equal(got, plan.expected_sum(parts, ring.block(got))):
                    wrong.append(f"{name} {size} {dtype} on rank {group.rank}")
        ring.close()
    everyone: list[list[str]] = [[]] * group.ranks
    dist.all_gather_object(everyone, wrong)
    return [line for lines in everyone for line in lines]


def sums_as_on_macos(group: Any, sizes: tuple[int, ...], segment_bytes: int) -> list[str]:
    """The same without what only Linux has: files in memory, and giving the core away."""
    mailbox: Any = part("engineering", "_ring.mailbox")
    del os.memfd_create
    mailbox.SLOTS, mailbox.give_way = mailbox.UNDER_WAY, lambda: None
    return sums(group, sizes, segment_bytes)


def textbook(group: Any, sizes: tuple[int, ...]) -> bool:
    snippet = part("engineering", "ring_allreduce")
    right = True
    for size in sizes:
        buffer = torch.arange(size) * (group.rank + 1)
        snippet.textbook_ring(buffer, group.rank, group.ranks)
        total = group.ranks * (group.ranks + 1) // 2
        right &= torch.equal(buffer, torch.arange(size) * total)
    everyone = [False] * group.ranks
    dist.all_gather_object(everyone, right)
    return all(everyone)


def process_ids(group: Any) -> list[int]:
    everyone = [0] * group.ranks
    dist.all_gather_object(everyone, os.getpid())
    return everyone


def cores(group: Any) -> list[list[int]]:
    everyone: list[list[int]] = [[]] * group.ranks
    dist.all_gather_object(everyone, sorted(os.sched_getaffinity(0)))
    return everyone


def endless(group: Any, name: str, seconds: float, victim: int, how: str) -> None:
    """Sum for ever; after a while the victim dies, stops answering, or raises."""
    options = {"seconds": seconds} if name == "shared" else {}
    ring = make(name, **options)
    buffer = torch.ones(1 << 18)
    for turn in range(10_000):
        if turn == 3 and group.rank == victim:
            if how == "raise":
                raise ValueError("a mistake in the work itself")
            os.kill(os.getpid(), signal.SIGKILL if how == "kill" else signal.SIGSTOP)
        ring.all_reduce(buffer.fill_(1.0))


def leave_early(group: Any, code: int) -> None:
    if group.rank == 1:
        os._exit(code)
    time.sleep(30)


def with_gaps(group: Any, name: str) -> None:
    """A buffer that cannot be summed in place, while all are alive."""
    make(name).all_reduce(torch.ones(20)[::2])
