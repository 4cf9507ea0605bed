"""One program in a pseudo-terminal, forked, answered, and killed at a random moment."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import random
import select
import signal
import struct
import sys
import termios
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

ROWS, COLUMNS = 24, 80
PATIENCE = 240.0
"""Seconds without a word after which a program is stuck: an error of the run, never a loss."""
MOST_GRADES = 12


class Conversation(Protocol):
    """What is typed to what is read, and which grades the reader saw saved."""

    acknowledged: list[str]

    def hear(self, output: bytes) -> bytes:
        """What to type after a piece of output."""


@dataclass
class Pace:
    """How long things took in the last sitting, so that kills fall into all parts of the next.

    Moments are drawn from what was measured: they say nothing about how fast the machine is.
    """

    start: float = 1.0
    grade: float = 0.05
    heard: list[float] = field(default_factory=list)

    def learn(self, began: float) -> None:
        """Take over the times of a sitting's acknowledgements."""
        if self.heard:
            self.start = self.heard[0] - began
        if len(self.heard) > 1:
            self.grade = (self.heard[-1] - self.heard[0]) / (len(self.heard) - 1)
        self.heard.clear()


def begin(action: Callable[[], None], home: Path) -> tuple[int, int]:
    """Fork a process that does ``action`` in a terminal of its own; its id and our end."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ["STUDYTUI_HOME"] = str(home)
        # Those of the parent remember whether theirs was a file.
        sys.stdin = sys.__stdin__ = os.fdopen(0, closefd=False)
        sys.stdout = sys.__stdout__ = os.fdopen(1, "w", closefd=False)
        sys.stderr = sys.__stderr__ = os.fdopen(2, "w", closefd=False)
        try:
            action()
            sys.stdout.flush()
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        os._exit(0)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    return child, terminal


def killed(
    action: Callable[[], None],
    conversation: Conversation,
    home: Path,
    generator: random.Random,
    pace: Pace,
    most: int = MOST_GRADES,
) -> bool:
    """One sitting that is killed after fewer than ``most`` grades, in the middle of something.

    Returns:
        Whether it lived until it was killed; else it had ended by itself.
    """
    began = time.monotonic()
    child, terminal = begin(action, home)
    grades = generator.randrange(most)
    wait = generator.uniform(0, pace.grade if grades else pace.start)
    deadline = None if grades else began + wait
    alive = True
    while deadline is None or time.monotonic() < deadline:
        left = PATIENCE if deadline is None else max(deadline - time.monotonic(), 0)
        if not select.select([terminal], [], [], left)[0]:
            if deadline is None:
                raise TimeoutError("nothing more comes from the program")
            break
        before = len(conversation.acknowledged)
        if not _heard(terminal, conversation):
            alive = False
            break
        pace.heard += [time.monotonic()] * (len(conversation.acknowledged) - before)
        if deadline is None and len(conversation.acknowledged) >= grades:
            deadline = time.monotonic() + wait
    os.kill(child, signal.SIGKILL)
    # What was written before the end still waits in the terminal, and counts.
    while _heard(terminal, conversation):
        pass
    os.waitpid(child, 0)
    os.close(terminal)
    pace.learn(began)
    return alive


def _heard(terminal: int, conversation: Conversation) -> bool:
    """Read a piece and answer it; whether there was one."""
    try:
        output = os.read(terminal, 65536)
        typed = conversation.hear(output)
        if typed:
            os.write(terminal, typed)
    except OSError:
        return False
    return bool(output)


def whole(action: Callable[[], None], home: Path) -> str:
    """Let a process do ``action`` to its end; all that it printed."""
    child, terminal = begin(action, home)
    output = bytearray()
    with contextlib.suppress(OSError):
        while piece := os.read(terminal, 65536):
            output += piece
    os.waitpid(child, 0)
    os.close(terminal)
    return output.decode(errors="replace")


def verb(*arguments: str, typed: str | None = None) -> Callable[[], None]:
    """The real ``studytui`` with arguments; ``typed`` is its whole input, None for the terminal."""

    def act() -> None:
        from studytui.cli import main

        sys.argv = ["studytui", *arguments]
        if typed is not None:
            sys.stdin = io.StringIO(typed)
        with contextlib.suppress(SystemExit):
            main()

    return act
