"""The short programs of output cards: run to get the answer that was to be predicted."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

from studytui.errors import StudyError

SECONDS = 5.0
"""Generous: the programs take milliseconds, but a busy machine may not give them any for long."""
LONGEST_OUTPUT = 64 * 1024


_running: set[subprocess.Popen[bytes]] = set()


def kill_running() -> None:
    """Kill every program that a thread still waits for: for who was interrupted."""
    for process in tuple(_running):
        _end(process)


def program_output(code: str, *, seconds: float = SECONDS) -> str:
    """What ``code`` prints, in a Python process of its own without the reader's site packages.

    Raises StudyError when it fails, prints more than 64 KiB or takes longer than ``seconds``; the
    whole process group is killed then.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    late = threading.Event()

    def give_up() -> None:
        late.set()
        _end(process)

    timer = threading.Timer(seconds, give_up)
    timer.start()
    _running.add(process)
    assert process.stdout is not None
    try:
        printed = process.stdout.read(LONGEST_OUTPUT + 1)
        if len(printed) <= LONGEST_OUTPUT:
            process.wait()
    finally:
        timer.cancel()
        _end(process)
        _running.discard(process)
        process.stdout.close()
    text = printed.decode(errors="replace")
    if late.is_set():
        raise StudyError(f"the program of this card takes over {seconds:g} s")
    if len(printed) > LONGEST_OUTPUT:
        raise StudyError("the program of this card prints more than 64 KiB")
    if process.returncode:
        last = "".join(text.strip().splitlines()[-1:]) or f"exit status {process.returncode}"
        raise StudyError(f"the program of this card fails: {last}")
    return text


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process group, children included."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
