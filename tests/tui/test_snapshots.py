"""How home and the reader look, at three sizes, light and dark: SVG pictures to be judged by eye.

``pytest tests/tui/test_snapshots.py -n 0 --snapshot-update`` takes them anew.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from studytui.tui.screens.help import HelpScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.contents import Contents
from tests.present import present
from tests.tui.reading import at_rest, make_app, opened
from tests.tui.waiting import all_answered, idle, until

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x50": (200, 50)}
Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Home says the day and a date."""
    monkeypatch.setattr(StudyApp, "now", lambda app: datetime(2026, 1, 6, 9, tzinfo=UTC))


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
def test_reader(snap_compare: Compare, tmp_path: Path, size: str, dark: bool) -> None:
    async def read(pilot: Pilot[None]) -> None:
        reader = await opened(pilot, "averages")
        reader.page.go(present(reader.document).contents[1].spot)
        await at_rest(pilot, reader)

    app = make_app(tmp_path, dark=dark)
    assert snap_compare(app, run_before=read, terminal_size=SIZES[size])


def test_reader_further_down(snap_compare: Compare, tmp_path: Path) -> None:
    async def read(pilot: Pilot[None]) -> None:
        reader = await opened(pilot, "averages")
        reader.page.go(present(reader.document).contents[2].spot)
        await at_rest(pilot, reader)

    assert snap_compare(make_app(tmp_path), run_before=read, terminal_size=(100, 46))


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_home(snap_compare: Compare, tmp_path: Path, dark: bool) -> None:
    async def rest(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, StudyApp)
        await until(pilot, lambda: app.shelf.entries)
        await idle(pilot)
        await all_answered(pilot, app)

    app = make_app(tmp_path, dark=dark)
    assert snap_compare(app, run_before=rest, terminal_size=(80, 24))


def test_help_explains_the_reader(snap_compare: Compare, tmp_path: Path) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await at_rest(pilot, await opened(pilot, "averages"))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        await all_answered(pilot, cast(StudyApp, pilot.app))

    assert snap_compare(make_app(tmp_path), run_before=ask, terminal_size=(80, 24))


def test_contents_over_the_text(snap_compare: Compare, tmp_path: Path) -> None:
    async def show(pilot: Pilot[None]) -> None:
        reader = await opened(pilot, "averages")
        await at_rest(pilot, reader)
        await pilot.press("t")
        await until(pilot, lambda: reader.query_one(Contents).has_focus)
        await at_rest(pilot, reader)

    assert snap_compare(make_app(tmp_path), run_before=show, terminal_size=(80, 24))
