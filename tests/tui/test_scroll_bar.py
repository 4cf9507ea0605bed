"""The page's scroll bar looks and answers as Textual's own."""

from pathlib import Path

import pytest
from textual.geometry import Region
from textual.scrollbar import ScrollBar

from studytui.tui.widgets.scroll_bar import PageScrollBar
from tests.tui.reading import at_rest, make_app, opened


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
async def test_paints_what_textual_paints(tmp_path: Path, dark: bool) -> None:
    async with make_app(tmp_path, dark=dark).run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        await at_rest(pilot, reader)
        bar = reader.page.vertical_scrollbar
        assert isinstance(bar, PageScrollBar)
        region = Region(0, 0, bar.size.width, bar.size.height)
        for line in range(0, round(reader.page.max_scroll_y) + 1, 3):
            reader.page.scroll_to(y=line, animate=False, immediate=True)
            await pilot.pause()
            own = bar.render_lines(region)
            theirs = ScrollBar.render_lines(bar, region)
            # Meta too: by it the mouse knows what it grabs.
            assert [list(strip) for strip in own] == [list(strip) for strip in theirs]
            assert bar.render_lines(Region(0, 3, 1, 5)) == own[3:8]


async def test_without_colours_it_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with make_app(tmp_path).run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        bar = reader.page.vertical_scrollbar
        for strip in bar.render_lines(Region(0, 0, 1, bar.size.height)):
            assert all(style is None or style.color is None for _, style, _ in strip)
