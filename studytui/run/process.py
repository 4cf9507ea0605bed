"""The snippet's process as its supervisor holds it: forked from warm memory, or a new command."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, NoReturn

from studytui.run.child import script
from studytui.run.request import Request, from_line, to_line
from studytui.run.variables import KEYBOARD_VARIABLE, environment

SET_DEATH_SIGNAL, SET_SUBREAPER = 1, 36
"""The options of Linux's prctl(2)."""


@dataclass(frozen=True, slots=True)
class Process:
    """A started process: its id, what it writes to, and how to wait for its exit status.

    ``wait`` blocks; it returns the exit code, negative for the signal that ended it. By
    ``keyboard`` it gets the lines that a reader types; None where it has none.
    """

    pid: int
    out: int
    err: int
    wait: Callable[[], int]
    keyboard: IO[bytes] | None = None

    def type(self, line: str) -> None:
        """Give it a line; who has ended or does not read needs none."""
        if self.keyboard is not None:
            with contextlib.suppress(OSError, ValueError):
                self.keyboard.write(line.encode() + b"\n")

    def hang_up(self) -> None:
        """Nobody will type any more: what it asks for from now on is not there."""
        if self.keyboard is not None:
            with contextlib.suppress(OSError):
                self.keyboard.close()


def control_process(option: int, value: int) -> None:
    """Linux's prctl(2); nothing elsewhere."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


class Waiting:
    """A process forked in advance, that waits for its request. Only where there is fork."""

    def __init__(self, *unwanted: int) -> None:
        """Fork. The child closes the ``unwanted`` descriptors."""
        request, self._request = os.pipe()
        out, err = os.pipe(), os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            for descriptor in (self._request, out[0], err[0], *unwanted):
                os.close(descriptor)
            _become_child(request, out[1], err[1], parent)
        for descriptor in (request, out[1], err[1]):
            os.close(descriptor)
        self._pid, self._out, self._err = pid, out[0], err[0]

    def begin(self, request: Request) -> Process:
        """Let it run ``request``."""
        pid = self._pid
        pipe = os.fdopen(self._request, "wb", buffering=0)
        process = Process(
            pid,
            self._out,
            self._err,
            lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]),
            pipe,
        )
        _write_all(pipe, to_line(request))
        if not request.keyboard:
            process.hang_up()
        return process


def _write_all(pipe: IO[bytes], raw: bytes) -> None:
    while raw:
        raw = raw[pipe.write(raw) or 0 :]


def _become_child(request: int, out: int, err: int, parent: int) -> NoReturn:
    status = 1
    try:
        os.setsid()
        control_process(SET_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        for signum in (signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD):
            signal.signal(signum, signal.SIG_DFL)
        nowhere = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nowhere, 0), (out, 1), (err, 2)):
            os.dup2(source, target)
            os.close(source)
        pipe = os.fdopen(request, "rb")  # lines that are typed come after the request
        line = pipe.readline()
        if line:
            status = script.run(from_line(line), pipe)
    except BaseException:  # noqa: BLE001 - nobody is above us to tell it
        traceback.print_exc()
    finally:
        script.leave(status)


def _die_with_parent() -> None:
    control_process(SET_DEATH_SIGNAL, signal.SIGKILL)


def start_command(request: Request) -> Process:
    """Start the request's command, or a fresh Python with the script, in a session of its own."""
    command = request.command or (sys.executable, "-P", "-m", "studytui.run.child")
    variables = environment(request)
    keyboard: IO[bytes] | None = None
    passed: tuple[int, ...] = ()
    if request.keyboard and not request.command and os.name == "posix":
        reader, writer = os.pipe()
        keyboard, passed = os.fdopen(writer, "wb", buffering=0), (reader,)
        variables[KEYBOARD_VARIABLE] = str(reader)
    popen = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **variables},
        pass_fds=passed,
        cwd=request.folder,
        start_new_session=os.name == "posix",
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    for descriptor in passed:
        os.close(descriptor)
    out, err = _descriptor(popen.stdout), _descriptor(popen.stderr)
    return Process(popen.pid, out, err, popen.wait, keyboard)


def _descriptor(stream: IO[bytes] | None) -> int:
    assert stream is not None
    return os.dup(stream.fileno())
