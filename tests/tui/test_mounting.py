"""Parts of an article are mounted at once where they are seen, and near it when there is time."""

import random
from functools import partial
from pathlib import Path

from studytui.tui.document import Spot
from studytui.tui.screens.home import HomeScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.page import Page
from tests.present import present
from tests.tui import studio
from tests.tui.reading import at_rest, make_app, opened
from tests.tui.waiting import turns, until

MOMENTS = (0, 30, 300)
"""Turns of the loop after which something else comes in between."""


def is_whole(reader: ReaderScreen) -> bool:
    """Whether parts stand on the screen from edge to edge, but for the blank lines between."""
    page = reader.page
    assert page.document is not None
    shown = [widget for widget, _, _ in page.on_screen()]
    numbers = [page.number_of(widget) for widget in shown]
    if not numbers or numbers != list(range(numbers[0], numbers[-1] + 1)):
        return False
    first, last, screen = shown[0].region, shown[-1].region, page.content_region
    at_top = first.y <= screen.y + 1 or numbers[0] == 0
    return at_top and (
        last.bottom >= screen.bottom - 1 or numbers[-1] == len(page.document.parts) - 1
    )


async def test_what_is_near_is_mounted_in_the_end(tmp_path: Path) -> None:
    async with make_app(tmp_path).run_test(size=(80, 12)) as pilot:
        reader = await opened(pilot, "averages")
        await at_rest(pilot, reader)
        page = reader.page
        assert page.document is not None
        here = page.spot.part
        assert page.widget_of(here) is not None
        assert page.widget_of(here + 1) is not None
        page.go_to_end()
        await until(pilot, lambda: page.is_settled)
        assert page.widget_of(len(page.document.parts) - 1) is not None


async def test_leafing_leaves_no_holes(tmp_path: Path) -> None:
    async with make_app(tmp_path).run_test(size=(80, 12)) as pilot:
        reader = await opened(pilot, "averages")
        page = reader.page
        while page.scroll_y < page.max_scroll_y:
            await pilot.press("pagedown")
            await until(pilot, lambda: is_whole(reader))
        await at_rest(pilot, reader)
        assert is_whole(reader)


async def test_a_higher_terminal_has_no_hole_below(tmp_path: Path) -> None:
    async with make_app(tmp_path).run_test(size=(80, 12)) as pilot:
        reader = await opened(pilot, "averages")
        await pilot.resize_terminal(80, 60)
        await until(pilot, lambda: is_whole(reader))
        await at_rest(pilot, reader)
        assert is_whole(reader)


async def test_tab_reaches_what_is_not_mounted_yet(tmp_path: Path) -> None:
    async with make_app(tmp_path).run_test(size=(80, 12)) as pilot:
        reader = await opened(pilot, "averages")
        page = reader.page
        assert page.document is not None
        live = next(part.number for part in page.document.parts if not part.is_prose)
        page.go(Spot(live - 1, max(0, len(page.document.parts[live - 1].blocks) - 2)))
        for _ in range(10):
            reader.action_stop(1)
            await pilot.pause()
            if reader.focused is not page:
                break
        assert reader.focused in present(page.widget_of(live)).walk_children(with_self=True)


async def test_a_hurried_reader_breaks_nothing(tmp_path: Path) -> None:
    """At the first start, blocks are taken away while their parts are still being mounted."""
    generator = random.Random(1)
    with studio.make_desk(tmp_path, indexed=False) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(100, 32)) as pilot:
            await until(pilot, lambda: app.shelf.entries and app.has_looked)
            app.open_article("stochastic-approximation")
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
            reader = app.screen
            assert isinstance(reader, ReaderScreen)
            await until(pilot, lambda: reader.document is not None)
            for _ in range(15):
                await pilot.press("right_curly_bracket")
                await turns(generator.choice(MOMENTS))
            await until(pilot, lambda: reader.page.is_settled)
            assert is_whole(reader)
            await pilot.press("escape", "q")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_leaving_while_blocks_are_mounted_breaks_nothing(tmp_path: Path) -> None:
    generator = random.Random(1)
    with studio.make_desk(tmp_path) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.shelf.entries and app.has_looked)
            await pilot.press("escape")
            for _ in range(15):
                app.open_article(generator.choice(app.shelf.entries).id)
                await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
                reader = app.screen
                assert isinstance(reader, ReaderScreen)
                await until(pilot, partial(lambda reader: reader.document is not None, reader))
                for _ in range(generator.randrange(4)):
                    app.simulate_key(generator.choice(["space", "right_curly_bracket", "G"]))
                    await changed(app, reader.page, generator.randrange(4))
                await changed(app, reader.page, generator.randrange(8))
                reader.action_leave()
                await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def changed(app: StudyApp, page: Page, times: int) -> None:
    """Wait until parts were mounted or taken away so often, or the page lies as it will."""
    for _ in range(times):
        before = len(page.mounted)
        while len(page.mounted) == before and not page.is_settled:
            assert app.return_code is None, "it has failed"
            await turns(1)
