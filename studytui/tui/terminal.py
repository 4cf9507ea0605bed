"""Whether the terminal is light or dark. Imports nothing: it is asked before all else."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import Any

_REPLY = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)")


def dark_by_environment(environment: Mapping[str, str]) -> bool | None:
    """What ``COLORFGBG`` says (``15;0``: light on dark); None if it says nothing."""
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    if not ground.isdigit():
        return None
    return int(ground) in (0, 1, 2, 3, 4, 5, 6, 8)


def dark_by_reply(reply: bytes) -> bool | None:
    """What the answer to the question for the background colour (OSC 11) says."""
    match = _REPLY.search(reply)
    if match is None:
        return None
    red, green, blue = (int(part, 16) / float(16 ** len(part) - 1) for part in match.groups())
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5)


class BackgroundQuestion:
    """Asks the terminal for its background while the program is still starting.

    The question is followed by one that every terminal answers (its kind), so that no reply to the
    first is noticed at once. ``answer`` waits at most ``patience`` seconds in all.
    """

    def __init__(self, patience: float = 0.12) -> None:
        self.patience = patience
        self._saved: list[Any] | None = None
        if sys.platform == "win32" or os.environ.get("TERM", "") in ("", "dumb", "linux"):
            return
        import termios
        import tty

        try:
            self._saved = termios.tcgetattr(sys.stdin.fileno())
            tty.setcbreak(sys.stdin.fileno(), termios.TCSANOW)
            os.write(sys.stdout.fileno(), b"\x1b]11;?\x1b\\\x1b[c")
        except (termios.error, OSError, ValueError):
            self._saved = None

    def answer(self) -> bool | None:
        """Whether the terminal is dark; None if it did not say."""
        if self._saved is None:
            return None
        import select
        import termios
        from time import monotonic

        descriptor = sys.stdin.fileno()
        end = monotonic() + self.patience
        reply = b""
        try:
            while b"c" not in reply.rpartition(b"\x1b[?")[2] or b"\x1b[?" not in reply:
                left = end - monotonic()
                if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                    break
                reply += os.read(descriptor, 512)
        finally:
            termios.tcsetattr(descriptor, termios.TCSANOW, self._saved)
        return dark_by_reply(reply)
