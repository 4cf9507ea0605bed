"""No text has the terminal's own colour: upon a light theme in a dark terminal it would be lost."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.screens.search import SearchScreen
from studytui.tui.screens.statistics import StatisticsScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.run_output import RunOutput
from tests.tui import studio
from tests.tui.painted_screen import painted
from tests.tui.test_snippet import panel
from tests.tui.waiting import all_answered, idle, until

SIZE = (100, 50)


def colourless(app: StudyApp) -> list[str]:
    """What stands on the screen without a colour of its own."""
    return [
        segment.text
        for strip in painted(app)
        for segment in strip
        if segment.text.strip()
        and (segment.style is None or segment.style.color is None or segment.style.color.is_default)
    ]


async def settled(pilot: Pilot[None], app: StudyApp) -> None:
    await all_answered(pilot, app)
    await idle(pilot)
    await all_answered(pilot, app)


async def test_everything_has_a_colour(tmp_path: Path) -> None:
    with studio.make_desk(tmp_path) as desk:
        app = StudyApp(desk=desk, terminal_is_dark=False)
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: app.shelf.entries)
            await settled(pilot, app)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
            assert not colourless(app)
            await pilot.press("question_mark")
            await settled(pilot, app)
            assert not colourless(app)
            await pilot.press("escape", "s")
            await until(pilot, lambda: isinstance(app.screen, StatisticsScreen))
            await settled(pilot, app)
            assert not colourless(app)
            await pilot.press("q", "f")
            await until(pilot, lambda: isinstance(app.screen, SearchScreen))
            await pilot.press(*"mean")
            await settled(pilot, app)
            assert not colourless(app)
            await pilot.press("escape", "escape")
            app.open_article("adam-and-adamw")
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
            await settled(pilot, app)
            for _ in range(6):
                await pilot.press("right_curly_bracket")
                await settled(pilot, app)
                assert not colourless(app)
            await pilot.press("q")
            app.start_review("things")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
            await settled(pilot, app)
            assert not colourless(app)


async def test_what_a_snippet_prints_has_a_colour(tmp_path: Path) -> None:
    with studio.make_desk(tmp_path) as desk:
        app = StudyApp(desk=desk, terminal_is_dark=False)
        async with app.run_test(size=SIZE) as pilot:
            found = await panel(pilot, app)
            await pilot.press("r")
            output = found.query_one(RunOutput)
            await until(pilot, lambda: output.ended is not None)
            await settled(pilot, app)
            assert "number 0" in output.lines.text
            assert not colourless(app)
