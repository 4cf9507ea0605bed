"""What a run may use, and how far it may go."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from studytui.errors import StudyError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` of wall time, resident ``memory_bytes`` of all processes of the run together,
    ``output_bytes`` printed, ``processes`` alive at once, ``grace`` seconds from SIGINT to SIGKILL.

    0 for memory: three quarters of the machine's (or of its control group's limit).
    """

    seconds: float = 600.0
    memory_bytes: int = 0
    output_bytes: int = 4 * MEBIBYTE
    processes: int = 512
    grace: float = 2.0

    def memory(self) -> int:
        """The limit on resident memory in bytes."""
        return self.memory_bytes or machine_memory() * 3 // 4


def machine_memory() -> int:
    """Bytes of memory that this machine, or the control group we are in, has."""
    import psutil

    total = int(psutil.virtual_memory().total)
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        try:
            text = (Path("/sys/fs/cgroup") / name).read_text().strip()
        except OSError:
            continue
        if text.isdigit():
            total = min(total, int(text))
    return total


def parse_size(text: str) -> int:
    """Bytes of ``500M``, ``2G``, ``2 GiB`` or a plain number. Raises StudyError."""
    match = re.fullmatch(r"\s*(\d{1,12}(?:\.\d{1,3})?)\s*([KMGT]?)(i?B)?\s*", text, re.IGNORECASE)
    if match is None:
        raise StudyError(f"{text!r} is no size", todo="Write it as 500M or 2G.")
    return int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " "))


def limits_from(base: Limits, seconds: float, memory: str, output: str) -> Limits:
    """``base`` with what a person asked for in its place; 0 and empty text ask for nothing."""
    return replace(
        base,
        seconds=seconds or base.seconds,
        memory_bytes=parse_size(memory) if memory else base.memory_bytes,
        output_bytes=parse_size(output) if output else base.output_bytes,
    )
