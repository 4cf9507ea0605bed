"""A program in a pseudo-terminal that answers as a real one does, and the time to some output."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
from collections.abc import Mapping, Sequence
from time import perf_counter

ANSWERS = {
    b"\x1b]11;?": b"\x1b]11;rgb:1000/1000/1000\x1b\\\x1b[?62;c",
}


def seconds_to(
    marker: bytes,
    command: Sequence[str],
    environment: Mapping[str, str],
    size: tuple[int, int] = (24, 80),
    patience: float = 60,
) -> float:
    """Seconds from the start of a program until ``marker`` stands in what it wrote; then kill it.

    Raises TimeoutError when it does not come.
    """
    start = perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update({"TERM": "xterm-256color", **environment})
        os.environ.pop("COLORFGBG", None)
        os.execv(command[0], list(command))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    written = b""
    answered: set[bytes] = set()
    try:
        while marker not in written:
            if perf_counter() - start > patience:
                raise TimeoutError(f"{marker!r} did not come: {written[-300:]!r}")
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            written += os.read(terminal, 65536)
            for question in ANSWERS.keys() - answered:
                if question in written:
                    os.write(terminal, ANSWERS[question])
                    answered.add(question)
        return perf_counter() - start
    except OSError as error:
        raise TimeoutError(f"it ended without {marker!r}: {written[-300:]!r}") from error
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
