"""Waiting for what an app under test is at: nothing here is a matter of how fast the machine is."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from textual.app import App
from textual.pilot import Pilot, WaitForScreenTimeout
from textual.screen import Screen

from studytui.tui import shell
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp

Kind = TypeVar("Kind", bound=Screen[Any])

PATIENCE = 120.0
"""Seconds: much longer than anything takes on a busy machine."""
PAUSE = 0.02
LOOKS = round(PATIENCE / PAUSE)
"""How often one looks, and no clock: it would count the time for which the test stood still."""


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Let the app work until something holds."""
    for _ in range(LOOKS):
        if holds():
            return
        # A widget that went meanwhile, or a machine that stood still, is no verdict.
        with contextlib.suppress(WaitForScreenTimeout):
            await pilot.pause(PAUSE)
    raise AssertionError("it did not come to hold")


async def all_answered(pilot: Pilot[None], app: StudyApp) -> None:
    """Wait until every key that was sent is answered, and what it asked for is done."""
    await pilot.pause()
    await until(pilot, app.key_queue.is_at_rest)


async def page_at_rest(pilot: Pilot[None], reader: ReaderScreen) -> None:
    """Wait until every key is answered, and the page lies as it will."""
    app = reader.app
    assert isinstance(app, StudyApp)
    await until(pilot, lambda: reader.page.is_settled and app.key_queue.is_at_rest())


async def turns(count: int) -> None:
    """Let whatever is ready have its turn so many times: a moment in the middle of something."""
    for _ in range(count):
        await asyncio.sleep(0)


async def idle(pilot: Pilot[None]) -> None:
    """Wait until no worker is at work; one that gave way to a newer one is no failure."""
    await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers))


def on_screen(app: App[None], kind: type[Kind]) -> Kind:
    """The screen that is shown, which must be of that kind."""
    assert isinstance(app.screen, kind)
    return app.screen


class ClockedApp(StudyApp):
    """The app with a clock that stands until the test moves it."""

    CSS_PATH = str(Path(shell.__file__).parent / "styles" / "app.tcss")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.clock = datetime(2026, 1, 6, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.clock

    def wait(self, seconds: float) -> None:
        self.clock += timedelta(seconds=seconds)


class HearingApp(StudyApp):
    """The app, which keeps all that it told: a toast may be gone before a busy test looks."""

    CSS_PATH = str(Path(shell.__file__).parent / "styles" / "app.tcss")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.heard: list[str] = []
        self.titles: list[str] = []

    def notify(self, message: str, *, title: str = "", **named: Any) -> None:
        self.heard.append(message)
        self.titles.append(title)
        super().notify(message, title=title, **named)


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
