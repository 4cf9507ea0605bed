"""The settings screen, the list of places, and the palette that leads to both."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from studytui.settings import load_settings
from studytui.tui.commands import Commands
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.places import PlacesScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.settings import SettingsScreen
from studytui.tui.shell import StudyApp
from studytui.tui.themes import DARK_NAME, LIGHT_NAME
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.text_lines import Lines
from tests.tui.reading import make_app, opened
from tests.tui.waiting import on_screen, until

SIZES = [(80, 24), (120, 40)]


async def settings_of(pilot: Pilot[None], app: StudyApp, words: str = "") -> SettingsScreen:
    await until(pilot, lambda: app.shelf.entries)
    await pilot.press("comma")
    await until(pilot, lambda: isinstance(app.screen, SettingsScreen) and app.screen.list.rows)
    if words:
        await pilot.press("slash", *words, "enter")
    screen = app.screen
    assert isinstance(screen, SettingsScreen)
    return screen


def told(screen: SettingsScreen) -> str:
    lines = screen.query_one("#settings-told", Lines).shown
    return "\n".join("".join(text for text, _ in line) for line in lines)


@pytest.mark.parametrize("size", SIZES)
async def test_a_theme_is_seen_while_one_chooses_and_kept(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        screen = await settings_of(pilot, app)
        assert screen.list.chosen is not None
        assert screen.list.chosen.name == "interface.theme"
        await pilot.press("right")
        await until(pilot, lambda: app.theme == LIGHT_NAME)
        assert load_settings(app.desk.directories.settings).interface.theme == "light"
        await pilot.press("right")
        await until(pilot, lambda: app.theme == DARK_NAME)
        await pilot.press("d")
        await until(pilot, lambda: "auto" in str(screen.list.chosen))
        assert load_settings(app.desk.directories.settings).interface.theme == "auto"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_a_limit_is_typed_and_what_will_not_do_is_told(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZES[0]) as pilot:
        screen = await settings_of(pilot, app, "new per")
        assert "new cards a study day" in told(screen).lower()
        await pilot.press("enter", "ctrl+u", *"many", "enter")
        await until(pilot, lambda: "whole number" in told(screen))
        await pilot.press("ctrl+u", *"7", "enter")
        await until(pilot, lambda: app.desk.settings.review.new_per_day == 7)
        assert app.focused is screen.list


async def test_a_key_is_changed_at_once_and_none_is_given_twice(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZES[0]) as pilot:
        screen = await settings_of(pilot, app, "home.statistics")
        await pilot.press("enter", "ctrl+u", *"r", "enter")
        await until(pilot, lambda: "is 'Review' there already" in told(screen))
        await pilot.press("ctrl+u", *"nokey", "enter")
        await until(pilot, lambda: "there is no key" in told(screen))
        await pilot.press("ctrl+u", *"Z", "enter")
        await until(pilot, lambda: app.settings.keys == {"home.statistics": "Z"})
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("Z")
        await until(pilot, lambda: type(app.screen).__name__ == "StatisticsScreen")


@pytest.mark.parametrize(
    ("words", "name"), [("time limit of a run", "run.seconds"), ("gpu", "run.device")]
)
async def test_the_palette_finds_settings_by_what_they_are(
    tmp_path: Path, words: str, name: str
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        await pilot.press("colon", *words)
        await until(pilot, lambda: not len(app.key_queue))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen) and app.focused)
        assert isinstance(app.screen, SettingsScreen)
        assert app.screen.list.chosen is not None
        assert app.screen.list.chosen.name == name


@pytest.mark.parametrize("size", SIZES)
async def test_a_marked_place_is_listed_opened_and_taken_away(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        reader = await opened(pilot, "long")
        await pilot.press("space", "space", "m")
        line = reader.visit.line
        await pilot.press("g", "apostrophe")
        await until(pilot, lambda: isinstance(app.screen, PlacesScreen))
        places = app.screen
        assert isinstance(places, PlacesScreen)
        assert next((p.article, p.line, p.is_marked) for p in places.list.places) == (
            "long",
            line,
            True,
        )
        assert any(p.article == "averages" and not p.is_marked for p in places.list.places)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await until(pilot, lambda: reader.visit.line == line)
        await pilot.press("apostrophe")
        await until(pilot, lambda: isinstance(app.screen, PlacesScreen))
        await pilot.press("d")
        await until(
            pilot, lambda: not any(p.is_marked for p in on_screen(app, PlacesScreen).list.places)
        )


@pytest.mark.parametrize("width", [40, 60, 80, 120])
async def test_help_stands_in_the_key_bar_at_every_width(tmp_path: Path, width: int) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(width, 24)) as pilot:
        reader = await opened(pilot, "averages")
        for _ in range(3):
            bar = reader.query_one(KeyBar)
            shown = "".join(segment.text for segment in bar.render_line(0))
            assert "? Help" in shown
            assert len(shown) == width
            await pilot.press("right_curly_bracket")
        place = shown.index("? Help")
        await pilot.click(bar, offset=(place, 0))
        await until(pilot, lambda: type(app.screen).__name__ == "HelpScreen")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("export", "Export cards and notebooks…"),
        ("sync", "Sync with another machine…"),
        ("import anki", "Import a deck or a history…"),
        ("dark", "Light/dark"),
        ("preferences", "Settings…"),
        ("bookmarks", "Places…"),
    ],
)
async def test_the_palette_puts_first_what_is_looked_for(
    tmp_path: Path, words: str, title: str
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        commands = Commands(app.screen)
        hits = [hit async for hit in commands.search(words)]
        best = max(hits, key=lambda hit: hit.score)
        assert best.text == title


async def test_the_palette_backs_up_at_once(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        await pilot.press("colon", *"backup")
        await until(pilot, lambda: not len(app.key_queue))
        await pilot.press("enter")
        await until(pilot, lambda: list(app.desk.directories.backups.glob("*")))
