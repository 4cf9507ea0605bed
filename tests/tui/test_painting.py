"""What is cut away at a side of the screen is marked there."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from studytui.library.layout.layout_lines import Line
from studytui.library.layout.layout_lines import Segment as Words
from studytui.tui.painting import paint, window
from studytui.tui.palette import Palette
from studytui.tui.screens.whole_output import OutputView, WholeOutputScreen
from tests.tui.reading import make_app
from tests.tui.waiting import until


def shown(text: str, shift: int, width: int, still: int = 0) -> str:
    return window(Strip([Segment(text)]), shift, width, Style(), still).text


@pytest.mark.parametrize(
    ("text", "shift", "width", "still", "expected"),
    [
        ("abcdef", 0, 6, 0, "abcdef"),
        ("abcdef", 0, 4, 0, "abc›"),
        ("abcdef", 2, 4, 0, "‹def"),
        ("abcdefgh", 2, 4, 0, "‹de›"),
        ("  abcdefgh", 2, 6, 2, "  ‹de›"),
        ("      abc", 3, 6, 0, "   abc"),
        ("abc", 5, 6, 0, "‹"),
        ("注意力机制", 2, 6, 0, "‹ 力 ›"),
    ],
)
def test_words_out_of_sight_are_marked_at_their_side(
    text: str, shift: int, width: int, still: int, expected: str
) -> None:
    assert shown(text, shift, width, still).rstrip() == expected


def test_a_wide_line_of_an_article_that_was_moved_is_marked_at_both_sides() -> None:
    line = Line((Words("  "), Words("x" * 100)), indent=2)
    strip = paint(line, Palette(dark=True), 40, shift=8)
    assert strip.text == "  ‹" + "x" * 36 + "›"


async def test_a_long_line_of_the_whole_output_is_never_cut_without_a_mark(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        lines = ["start " + "y" * 200 + " end", "short"]
        app.push_screen(WholeOutputScreen(app.palette, lines))
        await until(pilot, lambda: app.screen.query(OutputView))
        view = app.screen.query_one(OutputView)
        await until(pilot, lambda: view.size.width > 0)
        assert view.render_line(0).text == "start " + "y" * 73 + "›"
        await pilot.press("l")
        await until(pilot, lambda: view.scroll_offset.x == 8)
        assert view.render_line(0).text == "‹" + "y" * 78 + "›"
        assert view.render_line(1).text.rstrip() == "‹"
        await pilot.press(*["l"] * 20)
        await until(pilot, lambda: view.render_line(0).text.rstrip().endswith(" end"))
