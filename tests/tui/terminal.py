"""The real program in a pseudo-terminal, with its screen as a person would see it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic

import pexpect
import pyte

from tests.tui.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
OURS = {"NO_COLOR", "COLUMNS", "LINES"}
"""Variables that would speak louder than the pseudo-terminal."""


class Terminal:
    """``studytui`` with some arguments in a terminal of some size, and a home of its own."""

    def __init__(
        self, home: Path, *arguments: str, size: tuple[int, int] = (80, 24), **environment: str
    ) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "studytui", *arguments],
            dimensions=(rows, columns),
            cwd=str(ROOT),
            timeout=PATIENCE,
            env={
                **{name: value for name, value in os.environ.items() if name not in OURS},
                "TERM": "xterm-256color",
                "COLORFGBG": "15;0",
                "STUDYTUI_HOME": str(home),
                **environment,
            },
        )

    @property
    def text(self) -> str:
        """The screen as lines."""
        return "\n".join(self.screen.display)

    def read(self, seconds: float = 0.05) -> None:
        """Take in what the program writes for a moment."""
        try:
            data = self.child.read_nonblocking(65536, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self.written += data
        # What pyte does not know (the kitty keyboard protocol) it would print.
        self.stream.feed(data.replace(b"\x1b[>1u", b"").replace(b"\x1b[<u", b""))

    def see(self, words: str, seconds: float = PATIENCE) -> str:
        """Wait until words stand on the screen."""
        end = monotonic() + seconds
        while words not in self.text:
            if monotonic() > end or not (self.child.isalive() or self._left()):
                raise AssertionError(f"{words!r} is not on the screen:\n{self.text}")
            self.read()
        return self.text

    def see_gone(self, words: str, seconds: float = PATIENCE) -> None:
        """Wait until words stand on the screen no more."""
        end = monotonic() + seconds
        while words in self.text:
            assert monotonic() < end, self.text
            self.read()

    def _left(self) -> bool:
        before = len(self.written)
        self.read()
        return len(self.written) > before

    def press(self, *keys: str) -> None:
        """Send keys as the bytes that a terminal sends."""
        for key in keys:
            self.child.send(key)
            self.read(0.1)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for the program to end; its exit status."""
        end = monotonic() + seconds
        while self.child.isalive():
            if monotonic() > end:
                raise AssertionError(f"it is still running:\n{self.text}")
            self.read()
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.child.close(force=True)
