"""The worker process seen from outside: started, asked line by line, killed when it is late."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studytui.derive.process.line_reader import LineReader, line_reader

TIMED = hasattr(signal, "setitimer") and hasattr(os, "fork")
"""Whether a process can be ended by its own processor time; else only by the clock."""
WORKER = "studytui.derive.process.worker"
"""Started with ``-P``: nothing in the folder where the user stands is ever imported."""
START_SECONDS = 120.0
"""How long the process may take to come up; a second is usual, more on a busy machine."""
LEAST_SHARE = 1 / 60
"""A process that gets less of a processor than this is taken for stuck. Only there does the clock
on the wall count: the limit itself is one of processor time, which the process keeps."""
CLOSED = "the prover was closed"


class WorkerHandle:
    """One worker process, asked by one thread at a time; lost, it is started again, until the
    handle is closed."""

    def __init__(self, memory_mb: int) -> None:
        self.memory_mb = memory_mb
        self.reason = ""
        self.process: subprocess.Popen[bytes] | None = None
        self._lines: LineReader | None = None
        self.child = 0
        self._starting = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Start the process if none runs, and return at once."""
        with self._starting:
            if self._closed:
                return  # who still asks in a thread would leave a process that nobody ends
            if self.process is not None:
                if self.process.poll() is None:
                    return
                _ended(self.process, self._lines)
            root = str(Path(__file__).resolve().parents[3])
            inherited = os.environ.get("PYTHONPATH", "")
            path = os.pathsep.join(part for part in (root, inherited) if part)
            self.child = 0
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", WORKER, str(self.memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
                start_new_session=True,
            )
            assert self.process.stdout is not None
            self._lines = line_reader(self.process.stdout)

    def ask(self, line: bytes, number: int, seconds: float) -> Iterator[dict[str, Any]]:
        """Send a request and yield its answers.

        They end without a final one where the limit passed or the process was lost: ``reason``
        says which.
        """
        self.reason = ""
        if not self._ready():
            self.reason = CLOSED if self._closed else "the prover's process did not start"
            return
        if not self._sent(line):
            self._end()
            self.reason = self._loss()
            return
        limited = f"the limit of {seconds:g} s passed"
        deadline = time.monotonic() + (START_SECONDS + seconds / LEAST_SHARE if TIMED else seconds)
        while True:
            try:
                message = self._message(deadline)
            except TimeoutError:
                self._kill_child()
                self.reason = "the prover got no time from a busy machine" if TIMED else limited
                return
            if message is None:
                self._end()
                self.reason = self._loss()
                return
            if "ready" in message:
                self.child = int(message["ready"])
                lost = "the check ended its process, most likely for want of memory"
                self.reason = limited if message.get("late") else lost
                return
            if message.get("number") == number:
                yield message
                if message["final"]:
                    return

    def close(self) -> None:
        """End the process and whatever it started, for good: what is asked later is not begun."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        """End the process and whatever it started; the next question starts another one."""
        with self._starting:
            process, self.process = self.process, None
            lines = self._lines
        if process is not None:
            _ended(process, lines)

    def _loss(self) -> str:
        return CLOSED if self._closed else "the prover's process ended"

    def _sent(self, line: bytes) -> bool:
        process = self.process
        if process is None:
            return False
        assert process.stdin is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except (OSError, ValueError):  # ended, or closed meanwhile by another thread
            return False
        return True

    def _ready(self) -> bool:
        """Wait until a child stands ready to check."""
        self.start()
        if self._closed:
            return False
        deadline = time.monotonic() + START_SECONDS
        while not self.child:
            try:
                message = self._message(deadline)
            except TimeoutError:
                self._end()
                return False
            if message is None:
                self._end()
                return False
            self.child = int(message.get("ready", 0))
        return True

    def _message(self, deadline: float) -> dict[str, Any] | None:
        """The next message; None once the process has ended.

        :raises TimeoutError: none came before the deadline.
        """
        lines = self._lines
        if lines is None:
            return None
        while True:
            line = lines.line(max(0.0, deadline - time.monotonic()))
            if line is None:
                return None
            with contextlib.suppress(ValueError):
                message = json.loads(line)
                if isinstance(message, dict):
                    return message

    def _kill_child(self) -> None:
        """Kill the child that checks; the process forks another one."""
        child, self.child = self.child, 0
        if not hasattr(os, "fork") or not child:
            self._end()
            return
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)


def _ended(process: subprocess.Popen[bytes], lines: LineReader | None) -> None:
    """Kill a process with all that it started, and close its pipes."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    if lines is not None:
        lines.close()
