"""Lines from a process's pipe, each awaited for a limited time."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import threading
import time
from typing import IO, Protocol


class LineReader(Protocol):
    """Lines as they come. :meth:`line` is called by one thread at a time."""

    def line(self, seconds: float) -> bytes | None:
        """The next line; None once the pipe has ended.

        :raises TimeoutError: none came within ``seconds``.
        """

    def close(self) -> None:
        """Close the pipe, whose writer has ended."""


class PolledLines:
    """Waits on the pipe itself: no other thread has to wake up for a line to arrive."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._waiting = b""
        self._reading = threading.Lock()
        self._poll = select.poll()
        self._poll.register(pipe.fileno(), select.POLLIN)

    def line(self, seconds: float) -> bytes | None:
        """The next line; None once the pipe has ended."""
        deadline = time.monotonic() + seconds
        with self._reading:
            while b"\n" not in self._waiting:
                if self._pipe.closed:
                    return None
                left = max(0.0, deadline - time.monotonic())
                if not self._poll.poll(1000 * left):
                    raise TimeoutError
                more = os.read(self._pipe.fileno(), 1 << 16)
                if not more:
                    return None
                self._waiting += more
            line, _, self._waiting = self._waiting.partition(b"\n")
            return line

    def close(self) -> None:
        """Close the pipe, once whoever reads it has seen its end."""
        with self._reading, contextlib.suppress(OSError):
            self._pipe.close()


class ThreadedLines:
    """A thread that reads, for systems on which pipes cannot be polled."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def line(self, seconds: float) -> bytes | None:
        """The next line; None once the pipe has ended."""
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None

    def close(self) -> None:
        """Close the pipe."""
        with contextlib.suppress(OSError):
            self._pipe.close()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # closed while it was read
            for line in self._pipe:
                self._lines.put(line)
        self._lines.put(None)


def line_reader(pipe: IO[bytes]) -> LineReader:
    """The quickest reader that this system has."""
    return (
        PolledLines(pipe) if hasattr(select, "poll") and os.name == "posix" else ThreadedLines(pipe)
    )
