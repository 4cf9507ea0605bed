"""What a test opens and does not close itself is closed behind it.

From Python 3.13 on SQLite warns of each connection that was left open, and warnings are errors
here. Helpers that hand out something open say so by wrapping it::

    return closed_behind(Desk(where, Settings()))
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Protocol, TypeVar

LEFT_OPEN = ExitStack()


class Closable(Protocol):
    def close(self) -> None: ...


T = TypeVar("T", bound=Closable)


def closed_behind(opened: T) -> T:
    """The same, closed when the test that asked for it has ended."""
    LEFT_OPEN.callback(opened.close)
    return opened
