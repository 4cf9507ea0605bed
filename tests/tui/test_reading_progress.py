"""A journal that cannot be written, or takes long to open: the app opens, and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from studytui.memory.rating import Rating
from studytui.settings import MemorySettings, Settings
from studytui.study.desk import Desk
from studytui.tui.messages import Replaying
from studytui.tui.screens.home import HomeScreen, greeting
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.screens.welcome import WelcomeScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.card import CardPanel
from studytui.tui.widgets.text_lines import Lines
from tests.tui.studio import make_desk
from tests.tui.test_snippet import panel, said
from tests.tui.waiting import HearingApp, idle, until

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def words(lines: Lines) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines.shown)


async def test_a_home_that_cannot_be_written_is_told_once_and_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way of the folder")
    with make_desk(tmp_path) as desk:
        app = HearingApp(desk=desk)
        async with app.run_test(size=(80, 40)) as pilot:
            await until(pilot, lambda: isinstance(app.screen, WelcomeScreen))
            await until(pilot, lambda: app.heard)
            assert "Nothing can be kept" in app.titles[0]
            assert "STUDYTUI_HOME" in app.heard[0]
            await pilot.press("escape")
            home = "".join(text for line in greeting(app.shelf) for text, _ in line)
            assert "Nothing can be kept" in home
            assert "the data folder cannot be made" in home

            app.start_review("things")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await until(pilot, lambda: "No card is asked" in review_note(app))
            assert "the data folder cannot be made" in review_note(app)
            await pilot.press("4", "b", "s", "escape")

            found = await panel(pilot, app, trusted=False)
            await pilot.press("T", "T")
            await until(pilot, lambda: "not recorded" in said(found))
            card = app.screen.query(CardPanel).first()
            card.proposed = Rating.GOOD
            card.action_grade(3)
            assert "not recorded" in words(card.query_one("#card-note", Lines))
            app.keep_place("counting", 3, 1.0)
            await idle(pilot)
            assert len(app.heard) == 1, "places that are not kept are told once"


def review_note(app: StudyApp) -> str:
    return "".join(map(words, app.screen.query("#review-note").results(Lines)))


async def test_what_needs_a_journal_that_is_being_replayed_waits_for_it(tmp_path: Path) -> None:
    with make_desk(tmp_path) as desk:
        desk.ledger.grade("count-why", Rating.GOOD, NOW, retention=0.9, factor=0.5)
    settings = replace(desk.settings, memory=MemorySettings(learning_steps=()))
    with Desk(desk.directories, settings) as desk:
        desk.library.refresh()
        app = StudyApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            app.on_replaying(Replaying(10, 40))
            home = app.screen_stack[0]
            assert isinstance(home, HomeScreen)
            assert "25%" in words(home.query_one("#greeting", Lines))
            app.start_review("things")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
            await until(pilot, lambda: app.replayed is None)
            assert desk.ledger.is_current


def test_the_interface_asks_for_no_more_than_reading(tmp_path: Path) -> None:
    with make_desk(tmp_path) as desk:
        StudyApp(Settings(), desk=desk)
        assert desk.may_only_read
        assert not desk.journal_is_open
