"""A formula in a title is set wherever the title stands, and never shown as it was typed."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.desk import Desk
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.places import PlacesScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.search import SearchScreen
from studytui.tui.shell import StudyApp
from tests.cli.plain_pack import write_pack
from tests.tui.painted_screen import seen
from tests.tui.waiting import all_answered, until


async def test_a_formula_in_a_title_is_set_everywhere(tmp_path: Path) -> None:
    home = write_pack(tmp_path)
    where = Directories(home / "data", home / "config", home / "cache")
    with Desk(where, Settings(packs=(str(home / "pack"),))) as desk:
        desk.library.refresh()
        app = StudyApp(desk=desk)
        async with app.run_test(size=(100, 50)) as pilot:
            await until(pilot, lambda: app.shelf.entries and app.has_looked)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            home_screen = app.screen
            assert isinstance(home_screen, HomeScreen)
            home_screen.catalogue.move(len(home_screen.catalogue.rows))
            await looked_at(pilot, app, "", HomeScreen)
            app.open_article("lines")
            await looked_at(pilot, app, "", ReaderScreen)
            await looked_at(pilot, app, "m", ReaderScreen)
            await looked_at(pilot, app, "apostrophe", PlacesScreen)
            await pilot.press("escape", "f", *"drawing")
            await looked_at(pilot, app, "", SearchScreen)
            await pilot.press("escape", "q")
            await looked_at(pilot, app, "", HomeScreen)
            await pilot.press("colon", *"lines, and")
            await until(pilot, lambda: "x²" in seen(app))
            assert "x^2" not in seen(app)


async def looked_at(pilot: Pilot[None], app: StudyApp, key: str, kind: type[object]) -> None:
    """Press a key, wait for a screen that has the title, and look at how that stands there."""
    if key:
        await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, kind) and "what is x²" in seen(app))
    await all_answered(pilot, app)
    assert "x^2" not in seen(app), kind
