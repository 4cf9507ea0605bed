"""The standard input of a run: a line from the reader where somebody is there to type one.

The descriptor itself is empty, for whoever is started by the snippet: only what the snippet's own
Python asks for is asked of the reader.
"""

from __future__ import annotations

import io
from typing import IO

from studytui.run.events import Asked, Output
from studytui.run.message import Channel

NO_KEYBOARD = "A snippet has no keyboard: make what it asks for a parameter of main.\n"


class Keyboard(io.TextIOWrapper):
    """Asks for one line at a time; says once that there is no keyboard where there is none."""

    def __init__(self, nothing: IO[bytes], channel: Channel, typed: IO[bytes] | None) -> None:
        super().__init__(nothing, encoding="utf-8")
        self._channel = channel
        self._typed = typed
        self._told = False

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        """The line that the reader types; empty when there is none, or no more."""
        if self._typed is not None:
            self._channel.send(Asked())
            return self._typed.readline().decode("utf-8", "replace")
        if not self._told:
            self._told = True
            self._channel.send(Output(NO_KEYBOARD, "note"))
        return ""

    def read(self, size: int | None = -1, /) -> str:
        """All there is: one line."""
        return self.readline()

    def readlines(self, hint: int = -1, /) -> list[str]:  # type: ignore[override]
        """All there is, as lines: one."""
        return [line for line in (self.readline(),) if line]
