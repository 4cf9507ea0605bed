"""What a turned page shows was painted before the key, and the key lays out no more than that."""

from collections import Counter
from pathlib import Path

import pytest
from rich.color import Color
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.layout import DockArrangeResult
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from studytui.library.layout.flow import Flow
from studytui.tui.palette import LIGHT
from studytui.tui.screens.help import HelpScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp
from studytui.tui.themes import LIGHT_NAME
from studytui.tui.widgets.column import Column
from studytui.tui.widgets.ending import Ending
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.live_block import HeadLine, LiveBlock
from studytui.tui.widgets.one_line import OneLine
from studytui.tui.widgets.options import Choices
from studytui.tui.widgets.page import Page
from studytui.tui.widgets.painted import Grounded, Kept, Painted
from studytui.tui.widgets.painting_ahead import soon_seen
from studytui.tui.widgets.prose import Prose
from studytui.tui.widgets.text_lines import Lines
from tests.tui import studio
from tests.tui.reading import opened
from tests.tui.waiting import until

SIZE = (80, 16)


def is_painted_ahead(page: Page) -> bool:
    """Whether nothing that one page up or down would show is still to be read or painted."""
    is_read = all(worker.is_finished for worker in page.app.workers) and all(
        block.is_read for block in page.query(LiveBlock)
    )
    is_painted = all(each.is_painted(lines) for each, lines in soon_seen(page))
    return is_read and page.is_settled and is_painted


async def painted_ahead(pilot: Pilot[None]) -> ReaderScreen:
    """The article with a block of every kind, painted as far as it will be."""
    reader = await opened(pilot, "counting")
    await until(pilot, lambda: is_painted_ahead(reader.page))
    return reader


async def test_a_page_that_was_painted_ahead_is_not_painted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: Counter[str] = Counter()

    def watch(kind: type[object], name: str) -> None:
        line = getattr(kind, name)

        def counted(self: object, number: int) -> object:
            if not isinstance(self, Ending):  # it is no part of the article
                painted[kind.__name__] += 1
            return line(self, number)

        monkeypatch.setattr(kind, name, counted)

    with studio.make_desk(tmp_path) as desk:
        async with StudyApp(desk=desk).run_test(size=SIZE) as pilot:
            reader = await painted_ahead(pilot)
            page = reader.page
            watch(Flow, "line")  # of all prose
            for kind in (HeadLine, Lines, Fragment, Choices):
                watch(kind, "render_line")
            shown: set[str] = set()
            frames: dict[float, tuple[Counter[str], set[int]]] = {}

            def note(_: object) -> None:
                frames.setdefault(page.scroll_y, (painted.copy(), set(page.mounted)))

            reader.screen_layout_refresh_signal.subscribe(page, note, immediate=True)
            while page.scroll_y < page.max_scroll_y:
                await until(pilot, lambda: is_painted_ahead(page))
                painted.clear()
                frames.clear()
                before = frames[page.scroll_y] = (Counter(), set(page.mounted))
                await pilot.press("pagedown")
                await until(pilot, lambda: len(frames) > 1)
                assert list(frames.values())[1] == before
                shown |= {type(each).__name__ for each, _ in soon_seen(page)}
            assert {"Prose", "HeadLine", "Lines", "Fragment", "Choices"} <= shown


async def test_a_page_down_lays_out_what_is_seen_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[Widget] = []
    arrange = Widget.arrange

    def noted(self: Widget, size: Size, optimal: bool = False) -> DockArrangeResult:
        laid_out.append(self)
        return arrange(self, size, optimal)

    with studio.make_desk(tmp_path) as desk:
        async with StudyApp(desk=desk).run_test(size=SIZE) as pilot:
            reader = await painted_ahead(pilot)
            page = reader.page
            # Off the screen something has changed meanwhile: Textual's map of all is out of date.
            page.children[-1].refresh()
            await pilot.pause()
            monkeypatch.setattr(Widget, "arrange", noted)
            frames: list[list[Widget]] = []
            reader.screen_layout_refresh_signal.subscribe(
                page, lambda _: frames.append(laid_out.copy()), immediate=True
            )
            await pilot.press("pagedown")
            await until(pilot, lambda: frames)
            seen = frames[0]
            assert page in seen
            assert len(seen) == len(set(seen))
            assert all(each.region.overlaps(reader.region) for each in seen)


class _Field(App[None]):
    """One field in a column."""

    def compose(self) -> ComposeResult:
        with Column():
            yield OneLine("typed")


async def test_what_was_painted_while_it_was_hidden_is_not_kept() -> None:
    app = _Field()
    async with app.run_test(size=(20, 5)) as pilot:
        column, field = app.query_one(Column), app.query_one(OneLine)
        lines = field.outer_size.region
        shown = field.render_lines(lines)
        assert field.is_painted(lines)
        column.display = False
        await pilot.pause()
        field.refresh()
        assert field.render_lines(lines) != shown
        column.display = True
        await pilot.pause()
        assert [line.text for line in field.render_lines(lines)] == [line.text for line in shown]


def _colours(lines: list[Strip]) -> set[Color | None]:
    """What words are written in."""
    styles = [segment.style for line in lines for segment in line if segment.text.strip()]
    return {style.color for style in styles if style is not None}


async def test_other_colours_reach_all_that_was_painted_ahead(tmp_path: Path) -> None:
    with studio.make_desk(tmp_path) as desk:
        async with StudyApp(desk=desk, terminal_is_dark=True).run_test(size=SIZE) as pilot:
            reader = await painted_ahead(pilot)
            page = reader.page
            kept = [
                each
                for each in page.walk_children(Widget, with_self=True)
                if each.display and each.outer_size.area
            ]
            await pilot.press("question_mark")
            await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
            pilot.app.theme = LIGHT_NAME
            await pilot.pause()
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is reader)
            for each in kept:
                ground = each.background_colors[1].rich_color
                if isinstance(each, Grounded):
                    assert each.ground.bgcolor == ground
                lines = each.render_lines(each.outer_size.region)
                if isinstance(each, Painted | Prose):
                    assert _colours(lines) <= {Color.parse(colour) for colour in LIGHT.values()}
                each.refresh()
                assert lines == each.render_lines(each.outer_size.region)
            assert any(isinstance(each, Kept) for each in kept)
