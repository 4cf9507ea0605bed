"""Waiting for what an app under test is at: nothing here is a matter of how fast the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from studytui.tui import shell
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp

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


class ClockedApp(StudyApp):
    """The app with a clock that stands until the test moves it."""

    CSS_PATH = Path(shell.__file__).parent / "styles" / "app.tcss"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.clock = datetime(2026, 1, 6, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.clock

    def wait(self, seconds: float) -> None:
        self.clock += timedelta(seconds=seconds)


async def read_through(pilot: Pilot[None], reader: ReaderScreen) -> None:
    """Page down to the end of an article, with a minute for each screen."""
    app = pilot.app
    assert isinstance(app, ClockedApp)

    def at_end() -> bool:
        return reader.page.is_settled and reader.page.scroll_y >= reader.page.max_scroll_y

    await until(pilot, lambda: reader.page.is_settled)
    while not at_end():
        before = reader.page.scroll_y
        app.wait(60)
        await pilot.press("space")
        await until(pilot, lambda: reader.page.scroll_y > before or at_end())  # noqa: B023
    app.wait(60)
    await pilot.press("space")
    await until(pilot, lambda: reader.reading and reader.reading.is_whole)
    await idle(pilot)
