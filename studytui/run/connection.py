"""The wire to a run's supervisor: a socket through the warm server, or the pipes of a cold one."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
from typing import IO

from studytui.run.fork_server_client import WarmServer, python
from studytui.run.request import Request, to_line

LINE_LIMIT = 64 * 1024 * 1024


class Connection:
    """Lines of events come in, commands go out. ``warm`` tells which kind it is."""

    def __init__(
        self,
        reader: IO[bytes],
        writer: IO[bytes],
        *,
        warm: bool,
        process: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self.warm = warm
        self._reader = reader
        self._writer = writer
        self._process = process
        self._lock = threading.Lock()

    def read(self) -> bytes:
        """The next line; empty at the end, or when the other side broke off."""
        try:
            line = self._reader.readline(LINE_LIMIT)
        except (OSError, ValueError):
            return b""
        return line if line.endswith(b"\n") else b""

    def send(self, command: bytes) -> None:
        """Send a command; a run that has ended needs none."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._writer.write(command)
            self._writer.flush()

    def close(self) -> None:
        """Close it. A supervisor that still runs takes this as the order to kill."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._writer.close()
        with contextlib.suppress(OSError, ValueError):
            self._reader.close()
        if self._process is not None:
            self._process.wait()


def connect_warm(server: WarmServer, request: Request) -> Connection | None:
    """A connection by the warm server; None when there is no server."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        if not server.hand_over(theirs):
            return None
        connection = Connection(ours.makefile("rb"), ours.makefile("wb"), warm=True)
    connection.send(to_line(request))
    return connection


def connect_cold(request: Request) -> Connection:
    """A connection to a fresh supervisor that starts a fresh Python."""
    command, environment = python("studytui.run.direct_launch")
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if hasattr(os, "waitid"):
        threading.Thread(target=_guard, args=(process.pid,), daemon=True, name="guard").start()
    assert process.stdin is not None
    assert process.stdout is not None
    connection = Connection(process.stdout, process.stdin, warm=False, process=process)
    connection.send(to_line(request))
    return connection


def _guard(pid: int) -> None:
    """Kill a supervisor that its snippet has stopped: no limit would hold any more."""
    watched = os.WSTOPPED | os.WEXITED | os.WNOWAIT
    with contextlib.suppress(ChildProcessError):
        state = os.waitid(os.P_PID, pid, watched)
        if state is not None and state.si_code == os.CLD_STOPPED:
            os.kill(pid, signal.SIGKILL)
