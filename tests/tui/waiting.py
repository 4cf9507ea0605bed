"""Waiting for what an app under test is at: nothing here is a matter of how fast the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

Kind = TypeVar("Kind", bound=Screen[Any])

PATIENCE = 120.0
"""Seconds: much longer than anything takes on a busy machine."""


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Let the app work until something holds."""
    late = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > late:
            raise AssertionError("it did not come to hold")
        await pilot.pause(0.02)


async def idle(pilot: Pilot[None]) -> None:
    """Wait until no worker is at work; one that gave way to a newer one is no failure."""
    await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers))


def on_screen(app: App[None], kind: type[Kind]) -> Kind:
    """The screen that is shown, which must be of that kind."""
    assert isinstance(app.screen, kind)
    return app.screen
