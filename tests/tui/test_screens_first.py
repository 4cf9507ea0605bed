"""Every screen looks the same whether it is the first that opens or comes after all others."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from studytui.store.events import ReadingPlace
from studytui.study.desk import Desk
from studytui.study.own import Draft, Form
from studytui.study.questions import Place
from studytui.tui import shell
from studytui.tui.screens.claims import ClaimsScreen
from studytui.tui.screens.day import DayScreen
from studytui.tui.screens.draft import DraftScreen
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.screens.place import PlaceScreen
from studytui.tui.screens.plan import PlanScreen
from studytui.tui.screens.problems import ProblemsScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.screens.welcome import WelcomeScreen
from studytui.tui.screens.whole_output import WholeOutputScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.live_block import HeadLine
from tests.present import present
from tests.tui.studio import make_desk
from tests.tui.waiting import idle, until

STYLES = Path(shell.__file__).parent / "styles"
Opening = Callable[[StudyApp], object]
OPENINGS: dict[str, Opening] = {
    "home": lambda app: None,
    "reader": lambda app: app.open_article("counting", line=40),
    "review": lambda app: app.start_review("things"),
    "statistics": lambda app: app.show_statistics(),
    "cards": lambda app: app.show_cards(),
    "search": lambda app: app.action_search(),
    "help": lambda app: app.action_help(),
    "plan": lambda app: app.plan.show(),
    "the end of a day": lambda app: app.push_screen(
        DayScreen(app.palette, present(app.shelf.today))
    ),
    "the way back": lambda app: app.push_screen(
        DayScreen(app.palette, present(app.shelf.today), is_back=True)
    ),
    "placement": lambda app: app.push_screen(PlaceScreen(app.desk, app.palette)),
    "settings": lambda app: app.action_settings(),
    "places": lambda app: app.action_places(),
    "guide": lambda app: app.action_guide(),
    "editor": lambda app: app.push_screen(
        EditorScreen(app.palette, Place(Path("draft.py"), 1), "x = 1\n")
    ),
    "claims": lambda app: app.push_screen(ClaimsScreen(app.palette, [("checks", "assert True")])),
    "whole output": lambda app: app.push_screen(WholeOutputScreen(app.palette, ["one", "two"])),
    "own card": lambda app: app.push_screen(
        DraftScreen(app.desk, app.palette, {Form.CARD: Draft(Form.CARD, "Why?")}, Form.CARD)
    ),
    "problems": lambda app: app.push_screen(ProblemsScreen(app.palette, app.shelf.problems)),
    "welcome": lambda app: app.push_screen(
        WelcomeScreen(app.palette, "counting", "Counting", app.desk)
    ),
}


def shapes(screen: Screen[object]) -> list[tuple[str, Region]]:
    return [
        (str(widget), widget.region) for widget in screen.walk_children(Widget) if widget.display
    ]


async def settled(pilot: Pilot[None], app: StudyApp) -> None:
    """Wait until nothing on the screen moves any more."""
    seen: list[list[tuple[str, Region]]] = []

    def rests() -> bool:
        seen.append(shapes(app.screen))
        return len(seen) > 3 and seen[-1] == seen[-4]

    await idle(pilot)
    if isinstance(app.screen, ReaderScreen):
        reader = app.screen
        await until(pilot, lambda: reader.query("#page") and reader.page.is_settled)
    if isinstance(app.screen, PlanScreen):
        plan = app.screen
        await until(pilot, lambda: any(each.size.height > 1 for each in plan.query("#plan-carry")))
    await until(pilot, rests)


def begun(folder: Path) -> Desk:
    """A desk after a first start, whose derivation alone is due."""
    from datetime import UTC, datetime

    desk = make_desk(folder)
    desk.ledger.record(ReadingPlace("counting", 0, 0.3), datetime(2026, 1, 5, tzinfo=UTC))
    return desk


async def to_the_derivation(screen: ReviewScreen) -> None:
    while screen.shown and screen.shown.record.card != "count-double":
        await screen.action_bury()


@pytest.mark.parametrize("name", OPENINGS)
async def test_a_screen_needs_no_other_screens_sheet(tmp_path: Path, name: str) -> None:
    with begun(tmp_path) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(100, 35)) as pilot:
            await until(pilot, lambda: app.shelf.entries)
            OPENINGS[name](app)
            await settled(pilot, app)
            if isinstance(app.screen, ReviewScreen):
                await to_the_derivation(app.screen)
                await settled(pilot, app)
            alone = shapes(app.screen)
            app.stylesheet.read_all(sorted(STYLES.glob("*.tcss")))
            app.stylesheet.reparse()
            app.refresh_css()
            await settled(pilot, app)
            assert shapes(app.screen) == alone


@pytest.mark.parametrize("name", sorted(OPENINGS.keys() - {"help"}))
async def test_every_screen_keeps_help_in_its_key_bar_at_every_width(
    tmp_path: Path, name: str
) -> None:
    """Cards, search, welcome and what lies over the page had none."""
    with begun(tmp_path) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(60, 24)) as pilot:
            await until(pilot, lambda: app.shelf.entries and app.has_looked)
            OPENINGS[name](app)
            await settled(pilot, app)
            bar = app.screen.query_one(KeyBar)
            for width in (60, 80, 120):
                await pilot.resize_terminal(width, 24)
                await until(pilot, lambda: bar.size.width == width)  # noqa: B023
                told = bar.render_line(0).text
                assert re.search(r" (\?|f1) Help ", told), told


async def test_a_due_derivation_can_be_seen_straight_from_home(tmp_path: Path) -> None:
    with begun(tmp_path) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(100, 35)) as pilot:
            app.start_review("things")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
            screen = app.screen
            assert isinstance(screen, ReviewScreen)
            await to_the_derivation(screen)
            await settled(pilot, app)
            bench = screen.query_one(DerivationBench)
            assert bench.query_one(HeadLine).size.height == 1
            assert bench.region.bottom <= screen.size.height
