"""One key takes the last thing back, from wherever one is, and shows what it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.memory.rating import Rating
from studytui.study.desk import Desk
from studytui.study.review import ReviewSession
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.derivation import DerivationBench
from tests.present import present
from tests.tui.studio import make_desk
from tests.tui.test_key_queue import all_answered, send
from tests.tui.test_sight import reader_at
from tests.tui.waiting import on_screen, until

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


async def test_a_grade_of_an_earlier_session_is_taken_back_from_the_reader(desk: Desk) -> None:
    earlier = ReviewSession(desk.ledger, desk.records(), YESTERDAY, track="things")
    card = present(earlier.next(YESTERDAY)).record.card
    earlier.grade(Rating.GOOD, YESTERDAY)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        bench = await reader_at(pilot, app, DerivationBench)
        reader = on_screen(app, ReaderScreen)
        reader.set_focus(reader.page, scroll_visible=False)
        await all_answered(pilot, app)
        place = reader.page.scroll_y
        send(app, "ctrl+z")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        review = on_screen(app, ReviewScreen)
        await until(pilot, lambda: review.shown and review.shown.record.card == card)
        assert desk.ledger.state(card).reps == 0
        await until(pilot, lambda: any("Taken back" in n.message for n in app._notifications))
        await all_answered(pilot, app)
        send(app, "escape")
        await all_answered(pilot, app)
        send(app, "q")
        await until(pilot, lambda: app.screen is reader)
        assert bench.is_attached
        assert reader.page.scroll_y == place


async def test_where_nothing_was_graded_that_is_told_and_one_stays(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await reader_at(pilot, app, DerivationBench)
        reader = on_screen(app, ReaderScreen)
        reader.set_focus(reader.page, scroll_visible=False)
        await all_answered(pilot, app)
        send(app, "ctrl+z")
        await until(pilot, lambda: any("no grade" in n.message for n in app._notifications))
        assert app.screen is reader
