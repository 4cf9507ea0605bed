"""The worker process seen from outside: started, asked line by line, killed when it is late."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

START_SECONDS = 60.0
"""How long the process may take to come up; a second is usual, more on a busy machine."""


class Service:
    """One worker process and the thread that reads what it says."""

    def __init__(self, memory_mb: int) -> None:
        self.memory_mb = memory_mb
        self.reason = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._child = 0
        self._starting = threading.Lock()

    def start(self) -> None:
        """Start the process if none runs, and return at once."""
        with self._starting:
            if self._process is not None:
                if self._process.poll() is None:
                    return
                _ended(self._process)
            root = str(Path(__file__).resolve().parents[2])
            inherited = os.environ.get("PYTHONPATH", "")
            path = os.pathsep.join(part for part in (root, inherited) if part)
            self._child = 0
            self._messages = queue.Queue()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "studytui.derive.worker", str(self.memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
                start_new_session=True,
            )
            threading.Thread(
                target=_read, args=(self._process, self._messages), daemon=True
            ).start()

    def ask(self, line: bytes, number: int, seconds: float) -> Iterator[dict[str, Any]]:
        """Send a request and yield its answers; ends when the limit passes, after killing."""
        self.reason = ""
        if not self._ready():
            self.reason = "the prover's process did not start"
            return
        process = self._process
        assert process is not None and process.stdin is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except OSError:
            self.close()
            self.reason = "the prover's process ended"
            return
        deadline = time.monotonic() + seconds
        while True:
            try:
                message = self._messages.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self._kill_child()
                return
            if message is None:
                self.close()
                self.reason = "the prover's process ended"
                return
            if "ready" in message:
                self._child = int(message["ready"])
                self.reason = "the check ended its process, most likely for want of memory"
                return
            if message.get("number") == number:
                yield message
                if message["final"]:
                    return

    def close(self) -> None:
        """End the process and whatever it started."""
        with self._starting:
            process, self._process = self._process, None
        if process is None:
            return
        _ended(process)

    def _ready(self) -> bool:
        """Wait until a child stands ready to check."""
        self.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._child:
            try:
                message = self._messages.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.close()
                return False
            if message is None:
                self.close()
                return False
            self._child = int(message.get("ready", 0))
        return True

    def _kill_child(self) -> None:
        """Kill the child that checks; the process forks another one."""
        child, self._child = self._child, 0
        if not hasattr(os, "fork") or not child:
            self.close()
            return
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with all that it started, and close its pipes."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _read(process: subprocess.Popen[bytes], messages: queue.Queue[dict[str, Any] | None]) -> None:
    """Put each line of the process on the queue, and None at its end."""
    assert process.stdout is not None
    try:
        for line in process.stdout:
            with contextlib.suppress(ValueError):
                message = json.loads(line)
                if isinstance(message, dict):
                    messages.put(message)
    except (OSError, ValueError):
        # The pipe was closed under the reader: the process is being ended.
        pass
    messages.put(None)
