"""At 80 columns and fewer nothing that one needs is cut, and a place is told by one number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.widgets import Input

from studytui.study.desk import Desk
from studytui.tui.palette import Palette
from studytui.tui.screens.cards import CardList, CardsScreen
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.settings import SettingsScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.catalogue import Catalogue
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.parameter_form import ParameterForm
from studytui.tui.widgets.share_bar import share_bar
from studytui.tui.widgets.snippet import SnippetPanel
from studytui.tui.widgets.title_bar import TitleBar
from tests.tui.painted_screen import seen
from tests.tui.reading import make_app, opened, reader_at
from tests.tui.studio import make_desk
from tests.tui.waiting import all_answered, on_screen, until

SIZES = [(60, 30), (80, 24), (120, 40)]
TITLE = "The gradient of the example, for any number of entries and for any weight"
HELP = "Seed of all random numbers that this program draws, from the first to the last one"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path, indexed=False) as desk:
        lab = tmp_path / "lab"
        article, snippet = lab / "things" / "counting.md", lab / "snippets" / "things" / "count.py"
        article.write_text(
            article.read_text("utf-8").replace("title: Twice", f"title: {TITLE}"), "utf-8"
        )
        snippet.write_text(snippet.read_text("utf-8").replace("How far", HELP), "utf-8")
        desk.library.refresh()
        yield desk


def shown(app: App[Any]) -> str:
    """All words on the screen, on one line."""
    return " ".join(seen(app).replace("▌", " ").split())


@pytest.mark.parametrize("size", SIZES)
async def test_the_title_of_what_is_to_be_done_is_never_cut(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        bench = await reader_at(pilot, DerivationBench)
        assert isinstance(bench, DerivationBench)
        head = bench.head
        lines = [head.render_line(y).text for y in range(head.size.height)]
        assert "  ".join(lines).split() == f"∴ {TITLE} derivation · one line missing".split()


@pytest.mark.parametrize("size", SIZES)
async def test_what_a_parameter_may_be_is_never_cut(desk: Desk, size: tuple[int, int]) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        panel = await reader_at(pilot, SnippetPanel)
        await until(pilot, lambda: panel.is_read and panel.snippet)
        await pilot.press("p")
        await until(pilot, lambda: panel.query(ParameterForm))
        await until(pilot, lambda: isinstance(app.focused, Input))
        await all_answered(pilot, app)
        told = panel.query_one("#told-n")
        width = told.content_size.width
        assert told.content_size.height == told.get_content_height(app.size, app.size, width)
        assert "1 to 1000" in shown(app)


def test_the_title_is_cut_before_the_section() -> None:
    bar = TitleBar(Palette(dark=True))
    told = ("Autograd, or how backward works", "The chain rule, from the end")
    for width, origin in ((80, "our words"), (60, ""), (120, "translated")):
        bar.show(told, origin, 0.5)
        line = bar.line(width)
        assert line.cell_length == width
        assert " › The chain rule, from the end " in line.text, width
        assert line.text.startswith(" Autograd")
        assert ("…" in line.text) == (width < 120)
        assert line.text.endswith(" 50% ")


async def test_a_place_has_one_share_at_every_width_and_at_home(tmp_path: Path) -> None:
    told = {await _share_of_a_place(tmp_path / str(size[0]), size) for size in SIZES}
    assert len(told) == 1
    assert 0 < told.pop() < 1


async def _share_of_a_place(folder: Path, size: tuple[int, int]) -> float:
    app = make_app(folder)
    async with app.run_test(size=size) as pilot:
        reader = await opened(pilot, "long")
        for _ in range(4):
            await pilot.press("right_square_bracket")
        await all_answered(pilot, app)
        share = reader.query_one(TitleBar).share
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        assert app.shelf.share("long") == share
    return share


def test_without_colours_a_bar_shows_its_share_by_its_shape() -> None:
    palette = Palette(dark=True, colour=False)
    bars = {"".join(part.text for part in share_bar(n / 8, 8, palette)) for n in range(9)}
    assert len(bars) == 9


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_one_click_opens_an_article(desk: Desk, size: tuple[int, int]) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
        await pilot.press("escape")
        home = on_screen(app, HomeScreen)
        listed = home.query_one(Catalogue)
        await all_answered(pilot, app)
        other = next(
            n
            for n, row in enumerate(listed.rows)
            if row.entry and n != listed.cursor and n < listed.size.height
        )
        entry = listed.rows[other].entry
        assert entry is not None
        await pilot.click(listed, offset=(5, other))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert on_screen(app, ReaderScreen).wanted[0] == entry.id


async def test_where_a_list_is_worked_a_click_chooses_and_a_second_does_what_enter_does(
    desk: Desk,
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
        app.show_cards()
        await until(pilot, lambda: isinstance(app.screen, CardsScreen))
        cards = on_screen(app, CardsScreen)
        await until(pilot, lambda: cards.query(CardList))
        listed = cards.query_one(CardList)
        await until(pilot, lambda: len(listed.rows) > 3)
        await all_answered(pilot, app)
        await pilot.click(listed, offset=(5, 2))
        await until(pilot, lambda: listed.cursor == 2)
        assert app.screen is cards
        await pilot.click(listed, offset=(5, 2))
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await pilot.press("comma")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        settings = on_screen(app, SettingsScreen)
        await all_answered(pilot, app)
        theme = next(
            n for n, row in enumerate(settings.list.rows) if getattr(row, "key", "") == "theme"
        )
        was = app.settings.interface.theme
        await pilot.click(settings.list, offset=(5, theme))
        await until(pilot, lambda: settings.list.cursor == theme)
        if settings.list.cursor != theme or app.settings.interface.theme == was:
            await pilot.click(settings.list, offset=(5, theme))
        await until(pilot, lambda: app.settings.interface.theme != was)
