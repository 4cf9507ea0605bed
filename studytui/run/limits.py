"""What a run may use, and how far it may go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
