"""The interface's handle of the warm server: start it, use it, replace it when it dies."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

import studytui
from studytui.run.variables import BACK_END

GIVEN_UP = "given up"
ATTEMPTS = 3
"""Deaths before the server was ever ready, after which it is given up."""


@dataclass(frozen=True, slots=True)
class State:
    """``name``: cold, warming, warm, given up. ``missing`` are modules and why they are not there;
    ``note`` is what happened to the server before.
    """

    name: str
    seconds: float = 0.0
    missing: tuple[tuple[str, str], ...] = ()
    note: str = ""


def possible() -> bool:
    """Whether this platform can fork and pass descriptors."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds") and os.name == "posix"


def python(module: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Command and environment that run a module of ours, wherever the current folder is."""
    root = str(Path(studytui.__file__).parent.parent)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")])),
        # Found by NVML, CUDA stays untouched in the server, and so usable in its children.
        "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
        # Threads that spin while they wait make everything slow on a busy machine.
        "OMP_WAIT_POLICY": "PASSIVE",
        "MPLBACKEND": BACK_END,
        # Apple's runtime kills a forked child otherwise; the server has one thread only.
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
    }
    return [sys.executable, "-P", "-m", module, *arguments], environment


class WarmServer:
    """One server process at a time, kept by a thread. All methods return at once."""

    def __init__(
        self, environment: Mapping[str, str] | None = None, also: Sequence[str] = ()
    ) -> None:
        """``environment`` is added to that of this process; the modules ``also`` are imported."""
        self._added = dict(environment or {})
        self._also = tuple(also)
        self._lock = threading.Lock()
        self._state = State("cold" if possible() else GIVEN_UP)
        self._connection: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._failures = 0
        self._note = ""

    @property
    def state(self) -> State:
        """What is known of it now."""
        return self._state

    @property
    def pid(self) -> int:
        """The server's process, 0 when there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def start(self) -> None:
        """Start it in the background, unless it is there already."""
        with self._lock:
            if self._closed or self._connection is not None or self._state.name == GIVEN_UP:
                return
            ours, theirs = socket.socketpair()
            command, environment = python(
                "studytui.run.fork_server", str(theirs.fileno()), *self._also
            )
            log = tempfile.TemporaryFile()  # noqa: SIM115 - the keeper closes it
            self._process = subprocess.Popen(
                command,
                env=environment | self._added,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            theirs.close()
            self._connection = ours
            self._state = State("warming", note=self._note)
        threading.Thread(
            target=self._keep, args=(ours, self._process, log), daemon=True, name="warm server"
        ).start()

    def _keep(
        self,
        connection: socket.socket,
        process: subprocess.Popen[bytes],
        log: tempfile._TemporaryFileWrapper[bytes],
    ) -> None:
        """Wait for its word and for its end; replace it."""
        ready = False
        with contextlib.suppress(OSError, ValueError), connection.makefile("rb") as lines:
            for line in lines:
                told = json.loads(line)
                ready = True
                self._failures = 0
                self._state = State(
                    "warm", float(told["seconds"]), tuple(told["missing"].items()), self._note
                )
        code = process.wait()
        log.seek(0)
        last = log.read()[-2000:].decode("utf-8", "replace").strip().rpartition("\n")[2]
        log.close()
        with self._lock:
            connection.close()
            if self._connection is connection:
                self._connection = None
            if self._closed:
                return
            how = f"signal {-code}" if code < 0 else f"exit status {code}"
            reason = f"{how}: {last}" if last else how
            self._failures += not ready
            given_up = self._failures >= ATTEMPTS
            then = "snippets start without it" if given_up else "a new one was started"
            self._note = f"The warm process for snippets had died ({reason}); {then}."
            self._state = State(GIVEN_UP if given_up else "cold", note=self._note)
        if not given_up:
            self.start()

    def hand_over(self, end: socket.socket) -> bool:
        """Give the server the far end of a run's socket. False when there is no server."""
        with self._lock:
            if self._connection is None:
                return False
            if self._is_stopped():
                self._process.kill()  # type: ignore[union-attr]  # its keeper starts another one
                return False
            try:
                socket.send_fds(self._connection, [b"r"], [end.fileno()])
            except OSError:
                return False
            return True

    def _is_stopped(self) -> bool:
        """Whether a snippet has stopped the server."""
        if self._process is None:
            return False
        try:
            return psutil.Process(self._process.pid).status() == psutil.STATUS_STOPPED
        except psutil.Error:
            return False

    def take_note(self) -> str:
        """What happened to the server since the last call; told once."""
        with self._lock:
            note, self._note = self._note, ""
            return note

    def close(self) -> None:
        """End it and wait for its end."""
        with self._lock:
            self._closed = True
            connection, process = self._connection, self._process
            if connection is not None:
                # The keeper's read ends by this, and so does the server's.
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        if process is not None:
            try:
                # While it still imports it hears nothing, and has forked nothing: no need to wait.
                process.wait(2.0 if self._state.name == "warm" else 0.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
