"""The user's guide in the interface: from everywhere by one key, chapter by chapter, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp
from tests.tui.reading import make_app
from tests.tui.waiting import until


def title(app: StudyApp) -> str:
    screen = app.screen
    document = screen.document if isinstance(screen, ReaderScreen) else None
    return document.article.title if document is not None else ""


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_key_opens_the_guide_and_back_leads_home(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        await pilot.press("f10")
        await until(pilot, lambda: title(app) == "The guide")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: title(app) == "The first hour")
        await pilot.press("backspace")
        await until(pilot, lambda: title(app) == "The guide")
        await pilot.press("backspace")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
