"""Something done in between, once what is under way takes long."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import mpmath

AMBIENT_DIGITS = 15
"""The precision of mpmath where nothing sets another."""


@contextmanager
def after(seconds: float, call: Callable[[], None]) -> Iterator[None]:
    """Call ``call`` once what is inside has used so many seconds of the processor, or first of
    all where the system has no such alarm. What it raises ends what is inside."""
    if not hasattr(signal, "setitimer") or threading.current_thread() != threading.main_thread():
        call()
        yield
        return

    def ring(*_: object) -> None:
        with mpmath.workdps(AMBIENT_DIGITS):
            call()

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
