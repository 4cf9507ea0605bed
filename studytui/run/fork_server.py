"""The warm process: it has imported torch and its like, and only forks.

It must never compute (a child forked after one parallel operation hangs) and never touch CUDA
(children could not use it). For each run it hands the request to an attendant, forked in advance:
a supervisor with its snippet's process ready beside it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

import psutil

from studytui.run.process import SET_SUBREAPER, Waiting, control_process
from studytui.run.request import from_line
from studytui.run.supervisor import Supervisor
from studytui.run.temporary import own_folder

PRELOADED = (
    "typer",
    "rich.console",
    "rich.progress",
    "rich.table",
    "tqdm",
    "numpy",
    "matplotlib.pyplot",
    "studytui.run.child.canvas",
    "torch",
)
SPARE_DELAY = 0.3
"""Seconds after a start in which no new spare is forked: the run itself goes first."""


def preload(also: Sequence[str] = ()) -> dict[str, str]:
    """Import what snippets need, and ``also`` what some do. Returns what could not be, and why.

    What was asked for in vain is left to the snippets that import it.
    """
    missing: dict[str, str] = {}
    for name in PRELOADED:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - a broken installation raises what it likes
            missing[name] = f"{type(error).__name__}: {error}"
    if "typer" not in missing:
        _rehearse()
    for name in also:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    return missing


def _rehearse() -> None:
    """Run an empty Typer application: it imports half of itself only when it is called."""
    import typer

    def main(number: int = 1, ratio: float = 0.5, on: bool = False, word: str = "") -> None:
        """Nothing to do."""

    application = typer.Typer(add_completion=False)
    application.command()(main)
    application(args=["--number=2", "--on"], standalone_mode=False)


class Server:
    """Forks attendants on request until the other end of its socket is closed."""

    def __init__(self, connection: socket.socket, also: Sequence[str] = ()) -> None:
        self._connection = connection
        self._also = also
        self._attendants: set[int] = set()
        self._spare: socket.socket | None = None
        self._fork_at = 0.0
        self._ended, self._told = socket.socketpair()  # readable when a child has ended

    def serve(self) -> None:
        """Serve until the interface goes."""
        self._told.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        began = time.monotonic()
        missing = preload(self._also)
        gc.collect()
        gc.freeze()  # what is loaded by now stays: no pages are copied for counting it
        self._fork_spare()
        ready = {"missing": missing, "seconds": time.monotonic() - began}
        self._connection.sendall(json.dumps(ready).encode() + b"\n")
        while True:
            wait = None if self._spare else max(0.0, self._fork_at - time.monotonic())
            readable, _, _ = select.select([self._connection, self._ended], [], [], wait)
            if self._ended in readable:
                self._ended.recv(4096)
                self._reap()
            if self._connection in readable and not self._pass_on():
                return
            if self._spare is None and time.monotonic() >= self._fork_at:
                self._fork_spare()

    def _pass_on(self) -> bool:
        """Hand one run's socket to an attendant. False when the interface is gone."""
        word, descriptors, _, _ = socket.recv_fds(self._connection, 1, 1)
        if not word:
            return False
        for _ in range(2):  # a spare may have been killed while it waited: take another, once
            if self._spare is None:
                self._fork_spare()
            if self._hand_over(word, descriptors):
                break
        for descriptor in descriptors:
            os.close(descriptor)
        self._fork_at = time.monotonic() + SPARE_DELAY
        return True

    def _hand_over(self, word: bytes, descriptors: list[int]) -> bool:
        assert self._spare is not None
        spare, self._spare = self._spare, None
        with spare:
            try:
                socket.send_fds(spare, [word], descriptors)
            except OSError:
                return False
        return True

    def _fork_spare(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for each in (ours, self._connection, self._ended, self._told):
                each.close()
            _attend(theirs)
        theirs.close()
        self._attendants.add(pid)
        self._spare = ours

    def _reap(self) -> None:
        """Collect attendants that have ended, kill those that were stopped, and their orphans.

        Children of an orphan come to us when it ends, and then it is their turn.
        """
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                return
            if pid == 0:
                break
            if os.WIFSTOPPED(status):
                # A snippet stopped who watches over it, and with that all its limits.
                os.kill(pid, signal.SIGKILL)
            else:
                self._attendants.discard(pid)
        for each in psutil.Process().children():
            if each.pid not in self._attendants:
                each.kill()


def _attend(connection: socket.socket) -> NoReturn:
    """Be a supervisor: fork the snippet's process, wait for the request, watch it."""
    status = 1
    try:
        os.setsid()
        control_process(SET_SUBREAPER, 1)
        waiting = Waiting(connection.fileno())
        _, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
        connection.close()
        if descriptors:
            with socket.socket(fileno=descriptors[0]) as interface:
                _supervise(interface, waiting)
        status = 0
    finally:
        os._exit(status)


def _supervise(interface: socket.socket, waiting: Waiting) -> None:
    commands = interface.makefile("rb")
    line = commands.readline()
    if not line:
        return
    with own_folder(from_line(line)) as request:
        Supervisor(
            request,
            waiting.begin(request),
            interface.makefile("wb"),
            commands,
            subreaper=sys.platform == "linux",
        ).run()


def main() -> None:
    """``python -m studytui.run.fork_server DESCRIPTOR [MODULE]...``: serve on that socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control_process(SET_SUBREAPER, 1)
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        Server(connection, sys.argv[2:]).serve()


if __name__ == "__main__":
    main()
