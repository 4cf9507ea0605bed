"""Home at every size: a piece of the day is one line, and the list of articles is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.settings import Settings
from studytui.store.events import ReadingPlace
from studytui.tui.screens.home import HomeScreen
from studytui.tui.widgets.text_lines import Lines
from tests.asked import EVERY_CARD
from tests.tui.painted_screen import seen
from tests.tui.reading import make_desk
from tests.tui.studio import make_pack
from tests.tui.waiting import ClockedApp, all_answered, on_screen, until

TITLE = "The gradient of the example, for any number of entries and for any weight"


@pytest.mark.parametrize(("size", "pieces"), [((50, 12), 1), ((60, 18), 4), ((80, 24), 5)])
async def test_the_day_leaves_room_for_the_articles_and_no_piece_folds(
    tmp_path: Path, size: tuple[int, int], pieces: int
) -> None:
    pack = make_pack(tmp_path / "lab")
    article = pack / "things" / "counting.md"
    text = article.read_text("utf-8").replace("title: Twice", f"title: {TITLE}")
    article.write_text(text.replace("title: Counting", f"title: {TITLE}"), "utf-8")
    with make_desk(tmp_path, Settings(review=EVERY_CARD), pack) as desk:
        app = ClockedApp(desk=desk)
        desk.ledger.record(ReadingPlace("counting", 1, 0.0), app.now())
        async with app.run_test(size=(120, 40)) as pilot:
            await until(pilot, lambda: app.shelf.today is not None and app.shelf.today.has_content)
            await pilot.resize_terminal(*size)
            await all_answered(pilot, app)
            home = on_screen(app, HomeScreen)
            greeting = home.query_one("#greeting", Lines)
            width = greeting.size.width
            rows = [greeting.render_line(y).text.rstrip() for y in range(greeting.size.height)]
            listed = [each for each in rows if each.endswith(" min") and "more" not in each][1:]
            assert len(listed) == min(pieces, 4)
            assert all(len(each) <= width for each in rows)
            derived = [each for each in listed if "derive" in each]
            assert all("…: one line missing" in each for each in derived)
            assert bool(derived) == (pieces > 2)
            assert home.catalogue.size.height >= 3


async def test_what_is_chosen_in_the_plan_does_not_fold(tmp_path: Path) -> None:
    with make_desk(tmp_path, Settings(review=EVERY_CARD), make_pack(tmp_path / "lab")) as desk:
        app = ClockedApp(desk=desk)
        desk.ledger.record(ReadingPlace("counting", 1, 0.0), app.now())
        async with app.run_test(size=(50, 12)) as pilot:
            await until(pilot, lambda: app.shelf.today is not None and app.shelf.today.has_content)
            await pilot.press("P")
            await until(pilot, lambda: "minutes a day" in seen(app))
            await all_answered(pilot, app)
            assert "minutes a day  ‹ 25 ›" in seen(app)
            assert "goal  ‹ everything ›" in seen(app)
