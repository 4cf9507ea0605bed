"""The user's guide in the interface: from everywhere by one key, chapter by chapter, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.tui.home_model import FILE
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.welcome import WelcomeScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.snippet import SnippetPanel
from studytui.tui.widgets.text_lines import Lines
from tests.tui.reading import make_app, make_desk
from tests.tui.waiting import until


def title(app: StudyApp) -> str:
    screen = app.screen
    document = screen.document if isinstance(screen, ReaderScreen) else None
    return document.article.title if document is not None else ""


def words(app: StudyApp) -> str:
    """What stands in the notes of all cards on the screen."""
    return " ".join(str(each.shown) for each in app.screen.query("#card-note").results(Lines))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_key_opens_the_guide_and_back_leads_home(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
        await pilot.press("f10")
        await until(pilot, lambda: title(app) == "The guide")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: title(app) == "Two minutes")
        await pilot.press("backspace")
        await until(pilot, lambda: title(app) == "The guide")
        await pilot.press("backspace")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_the_first_start_offers_a_tour_where_everything_works_and_nothing_is_kept(
    tmp_path: Path,
) -> None:
    desk = make_desk(tmp_path)
    app = StudyApp(desk=desk, terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, WelcomeScreen))
        await pilot.press("g")
        await until(pilot, lambda: title(app) == "Two minutes")
        await until(pilot, lambda: app.screen.query(SnippetPanel))
        await pilot.press("right_curly_bracket", "right_curly_bracket")
        await until(pilot, lambda: isinstance(app.focused, DerivationBench))
        await pilot.press("enter", *"y = 2x^2 + 4x", "enter")
        await until(pilot, lambda: app.screen.query_one(DerivationBench).bench.done)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
    assert not desk.ledger.journal.latest("derived")


async def test_a_card_in_a_file_of_no_pack_says_where_it_would_be_asked(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    card = "```{card} of-mine\nkind: basic\nask: Why?\nanswer: So.\n```\n"
    page.write_text(f"# Mine\n\n{card}", encoding="utf-8")
    app = make_app(tmp_path / "home")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
        app.open_article(f"{FILE}{page}")
        await until(pilot, lambda: "studytui new pack" in words(app))
