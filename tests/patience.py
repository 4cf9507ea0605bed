"""Waiting for something that another process does."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 120.0
"""Seconds: much longer than anything takes on a busy machine."""


def wait_until(true: Callable[[], object], told: Callable[[], object] = str) -> None:
    """Wait until something holds. What is ``told`` says what does, if it never comes to hold."""
    late = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < late, told()
        time.sleep(0.01)
