"""The door to the terminal for the shell: whatever a verb writes is reduced to text and colours.

Names of packs, docstrings of code that nobody trusts yet, messages of errors: any of them may hold
what a terminal would act on. So nothing is written to it that has not come through here.
"""

from __future__ import annotations

import sys
import time
from io import TextIOWrapper

from studytui.cli.plainness import is_plain
from studytui.library.linear.characters import plain_text
from studytui.run.ansi import reduced

ERASE = "\r\x1b[2K"
"""Back to the beginning of a line that is written over, and nothing on it."""
SECONDS = 10.0
"""Between two lines of progress where none is written over, because each is read out."""


class Door(TextIOWrapper):
    """A text stream whose writes are harmless; everything else is as ever."""

    def write(self, text: str, /) -> int:
        """Write what is left of ``text``; returns the length of the whole, as it is gone."""
        harmless = reduced(text)
        super().write(plain_text(harmless) if is_plain() else harmless)
        return len(text)

    def rewrite(self, text: str) -> None:
        """Write one line anew, in the place of the one before."""
        super().write(ERASE + reduced(text).replace("\n", " "))
        self.flush()


def install() -> None:
    """Put doors in the place of standard output and standard error."""
    for name, errors in (("stdout", "replace"), ("stderr", "backslashreplace")):
        stream = getattr(sys, name)
        if not isinstance(stream, TextIOWrapper) or isinstance(stream, Door):
            continue  # closed, or a test's own
        encoding, line_buffering = stream.encoding, stream.line_buffering
        door = Door(
            stream.detach(), encoding, errors, line_buffering=line_buffering, write_through=False
        )
        setattr(sys, name, door)


_said_at = -SECONDS


def rewrite(text: str) -> None:
    """Write the line of progress on standard error anew; nothing where nobody would see it.

    To a plain shell it is said now and then, on a line of its own.
    """
    global _said_at
    if not sys.stderr.isatty():
        return
    if is_plain():
        if text and time.monotonic() - _said_at >= SECONDS:
            _said_at = time.monotonic()
            print(text, file=sys.stderr, flush=True)
    elif isinstance(sys.stderr, Door):
        sys.stderr.rewrite(text)
    else:
        sys.stderr.write(ERASE + reduced(text).replace("\n", " "))
        sys.stderr.flush()
