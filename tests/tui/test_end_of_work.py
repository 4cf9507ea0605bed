"""Where work ends, what is told of it is seen: also in a block that is higher than the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from studytui.memory.rating import Rating
from studytui.tui.palette import Palette
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.too_small import TooSmallScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.step_field import StepField
from studytui.tui.widgets.text_lines import Lines
from tests.tui.reading import make_desk, reader_at
from tests.tui.studio import make_pack
from tests.tui.waiting import all_answered, on_screen, until


@pytest.mark.parametrize("size", [(60, 12), (80, 24)])
async def test_that_the_goal_is_reached_is_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    with make_desk(tmp_path, pack=make_pack(tmp_path / "lab")) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=size) as pilot:
            bench = await reader_at(pilot, DerivationBench)
            await pilot.press("enter", *"2*x + 2*x", "enter")
            await until(pilot, lambda: bench.bench.done)
            await all_answered(pilot, app)
            page = on_screen(app, ReaderScreen).page
            verdict = bench.query_one("#bench-verdict", Lines)
            assert verdict.region.height
            assert page.region.contains_region(verdict.region)
            assert bench.has_focus


@pytest.mark.parametrize("key", ["escape", "enter"])
async def test_leaving_or_entering_a_field_does_not_turn_the_page(tmp_path: Path, key: str) -> None:
    with make_desk(tmp_path, pack=make_pack(tmp_path / "lab")) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(60, 12)) as pilot:
            bench = await reader_at(pilot, DerivationBench)
            await pilot.press("enter")
            await all_answered(pilot, app)
            page = on_screen(app, ReaderScreen).page
            there = page.scroll_y
            await pilot.press("escape")
            await all_answered(pilot, app)
            assert bench.has_focus
            if key == "enter":
                await pilot.press("enter")
                await all_answered(pilot, app)
            assert page.scroll_y == there


async def test_a_terminal_that_was_too_small_for_a_moment_leaves_one_where_one_typed(
    tmp_path: Path,
) -> None:
    with make_desk(tmp_path, pack=make_pack(tmp_path / "lab")) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            bench = await reader_at(pilot, DerivationBench)
            await pilot.press("enter", *"2*x")
            await all_answered(pilot, app)
            await pilot.resize_terminal(20, 5)
            await until(pilot, lambda: isinstance(app.screen, TooSmallScreen))
            await all_answered(pilot, app)
            await pilot.resize_terminal(80, 24)
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
            await all_answered(pilot, app)
            await pilot.press("q")
            await all_answered(pilot, app)
            assert bench.query_one(StepField).value == "2*xq"


class OneBar(App[None]):
    """Grades alone on a screen."""

    def compose(self) -> ComposeResult:
        yield GradeBar(Palette(dark=True))


@pytest.mark.parametrize("width", [34, 40, 50, 80])
async def test_all_four_grades_are_seen_and_clicked_at_every_width(width: int) -> None:
    app = OneBar()
    async with app.run_test(size=(width, 10)) as pilot:
        bar = app.query_one(GradeBar)
        bar.offer(("10m", "6.5d", "1.2mo", "2.5y"), Rating.GOOD)
        await pilot.pause()
        told = bar.render_line(0).text
        assert [word for word in told.split() if word.isalpha()] == [
            "Again",
            "Hard",
            "Good",
            "Easy",
        ]
        assert ("2.5y" in told) == (width > 50)
        assert bar.grade_at(told.index("Easy")) is Rating.EASY
        assert bar.grade_at(told.index("Again")) is Rating.AGAIN
