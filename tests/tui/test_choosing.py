"""Choosing words by keys begins with what is on the screen, and never moves the page unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studytui.settings import Settings
from studytui.study.desk import Desk
from studytui.tui.document import Spot
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.widgets.card import CardPanel
from studytui.tui.widgets.pick_bar import PickBar
from studytui.tui.widgets.prose import Prose
from tests.asked import EVERY_CARD
from tests.present import present
from tests.tui.reading import make_desk, opened, reader_at
from tests.tui.studio import make_pack
from tests.tui.waiting import HearingApp, all_answered, on_screen, until

LONG = " ".join(f"Sentence {number} of one long paragraph." for number in range(60))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    pack = make_pack(tmp_path / "lab")
    article = pack / "things" / "counting.md"
    text = article.read_text("utf-8").replace("Counting is a start.", LONG)
    article.write_text(text, "utf-8")
    with make_desk(tmp_path, Settings(review=EVERY_CARD), pack) as desk:
        yield desk


@pytest.mark.parametrize("key", ["a", "A"])
async def test_where_no_words_are_on_the_screen_that_is_told(desk: Desk, key: str) -> None:
    app = HearingApp(desk=desk)
    async with app.run_test(size=(80, 12)) as pilot:
        await reader_at(pilot, CardPanel)
        reader = on_screen(app, ReaderScreen)
        while any(isinstance(widget, Prose) for widget, _, _ in reader.page.on_screen()):
            await pilot.press("j")
            await all_answered(pilot, app)
        reader.page.focus(scroll_visible=False)
        await all_answered(pilot, app)
        there = reader.page.scroll_y
        await pilot.press(key)
        await all_answered(pilot, app)
        assert any("No words to choose are on the screen" in told for told in app.heard)
        assert not reader.query(PickBar)
        assert reader.page.scroll_y == there


async def test_in_a_paragraph_that_fills_the_screen_the_first_whole_sentence_is_taken(
    desk: Desk,
) -> None:
    app = HearingApp(desk=desk)
    async with app.run_test(size=(80, 12)) as pilot:
        reader = await opened(pilot, "counting")
        reader.page.go(Spot(0, 0, 7))
        await all_answered(pilot, app)
        there = reader.page.scroll_y
        assert there
        await pilot.press("a")
        await until(pilot, lambda: reader.query(PickBar))
        await all_answered(pilot, app)
        assert reader.page.scroll_y == there
        (part, row, _, _) = reader.page.marks.taken[0]
        first = next(top for each, top, _ in reader.page.on_screen() if isinstance(each, Prose))
        assert part == 0
        assert row in (first, first + 1), "the first that begins here"
        before = present(reader.picking).first
        await pilot.press("j")
        await all_answered(pilot, app)
        assert present(reader.picking).first == before + 1
