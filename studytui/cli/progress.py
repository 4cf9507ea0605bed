"""A line on standard error that is written over while something takes long; nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from studytui.cli.door import rewrite

if TYPE_CHECKING:
    from studytui.study.desk import Desk

LONGEST = 100

Progress = Callable[[int, int], None]


def announce(text: str) -> None:
    """Write the line anew."""
    rewrite(text[:LONGEST])


def clear() -> None:
    """Take the line away."""
    announce("")


def counting(what: str) -> Progress | None:
    """Tells ``what DONE of TOTAL`` where somebody sees it."""
    if not sys.stderr.isatty():
        return None
    return lambda done, total: announce(f"{what} {done:,} of {total:,}")


def replaying() -> Progress | None:
    """Tells how far a replay of the journal is; the line goes when it is done."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        if done < total:
            announce(f"replaying the journal: {done:,} of {total:,} events")
        else:
            clear()

    return tell


@contextmanager
def stoppable(how_far: Callable[[], str]) -> Iterator[None]:
    """Ctrl+C says how far it came, and then ends the program as ever, with status 130."""
    try:
        yield
    except KeyboardInterrupt:
        clear()
        print(f"stopped: {how_far()}", file=sys.stderr)
        raise


def open_desk() -> Desk:
    """The desk, which tells when the journal has to be replayed. Raises SettingsError."""
    from studytui.study.desk import Desk

    desk = Desk.open()
    desk.on_replay = replaying()
    return desk
