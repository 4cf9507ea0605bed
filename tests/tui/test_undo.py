"""One key takes the last thing back, from wherever one is, and shows what it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from studytui.memory.rating import Rating
from studytui.study.desk import Desk
from studytui.study.review import ReviewSession
from studytui.tui.screens.draft import DraftScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.card import CardPanel
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.question import QuestionView
from studytui.tui.widgets.text_lines import Lines
from tests.present import present
from tests.tui.reading import opened, reader_at
from tests.tui.studio import make_desk
from tests.tui.test_key_queue import send
from tests.tui.waiting import HearingApp, all_answered, on_screen, until

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


async def test_a_grade_of_an_earlier_session_is_taken_back_from_the_reader(desk: Desk) -> None:
    earlier = ReviewSession(desk.ledger, desk.records(), YESTERDAY, track="things")
    card = present(earlier.next(YESTERDAY)).record.card
    earlier.grade(Rating.GOOD, YESTERDAY)
    app = HearingApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        bench = await reader_at(pilot, DerivationBench)
        reader = on_screen(app, ReaderScreen)
        reader.set_focus(reader.page, scroll_visible=False)
        await until(pilot, lambda: reader.focused is reader.page)
        await all_answered(pilot, app)
        place = reader.page.spot
        send(app, "ctrl+z")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        review = on_screen(app, ReviewScreen)
        await until(pilot, lambda: review.shown and review.shown.record.card == card)
        assert desk.ledger.state(card).reps == 0
        await until(pilot, lambda: any("Taken back" in told for told in app.heard))
        await all_answered(pilot, app)
        send(app, "escape")
        await all_answered(pilot, app)
        send(app, "q")
        await until(pilot, lambda: app.screen is reader)
        assert bench.is_attached
        assert reader.page.spot == place


def graded_yesterday(desk: Desk) -> str:
    """A card that was graded in an earlier session."""
    earlier = ReviewSession(desk.ledger, desk.records(), YESTERDAY, track="things")
    card = present(earlier.next(YESTERDAY)).record.card
    earlier.grade(Rating.GOOD, YESTERDAY)
    return card


async def the_reader(pilot: Pilot[None], app: StudyApp) -> ReaderScreen:
    """The reader, with no block that has the focus."""
    reader = await opened(pilot, "counting")
    assert reader.focused is reader.page
    return reader


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("key", ["question_mark", "ctrl+p", "comma", "t", "C", "apostrophe", "f"])
async def test_undo_works_from_whatever_lies_over_the_article(
    desk: Desk, key: str, size: tuple[int, int]
) -> None:
    card = graded_yesterday(desk)
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        reader = await the_reader(pilot, app)
        await pilot.press(key)
        await all_answered(pilot, app)
        assert app.screen is not reader or key == "t"
        await pilot.press("ctrl+z")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        review = on_screen(app, ReviewScreen)
        await until(pilot, lambda: review.shown and review.shown.record.card == card)
        assert desk.ledger.state(card).reps == 0
        assert not [each for each in app.screen_stack if each.is_modal], "sheets were closed"


async def test_what_is_being_written_is_not_lost_by_undo_and_that_is_told(desk: Desk) -> None:
    card = graded_yesterday(desk)
    app = HearingApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await the_reader(pilot, app)
        await pilot.press("a", "enter")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        draft = on_screen(app, DraftScreen)
        draft.query_one("#tags", Input).focus()
        await until(pilot, lambda: isinstance(draft.focused, Input))
        await pilot.press(*"mine", "ctrl+z")
        await until(pilot, lambda: any("Save or leave" in told for told in app.heard))
        assert app.screen is draft
        assert draft.query_one("#tags", Input).value.endswith("mine")
        assert desk.ledger.state(card).reps == 1


async def test_a_card_says_no_more_of_a_grade_that_was_taken_back_elsewhere(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await reader_at(pilot, CardPanel)
        reader = on_screen(app, ReaderScreen)
        card = panel.records[0].card
        await pilot.press("enter", *"12", "enter")
        await until(pilot, lambda: panel.proposed is not None)
        await pilot.press("3")
        await until(pilot, lambda: panel.outcome is not None)
        assert desk.ledger.state(card).reps == 1
        await all_answered(pilot, app)
        reader.set_focus(reader.page, scroll_visible=False)
        await until(pilot, lambda: reader.focused is reader.page)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await until(pilot, lambda: desk.ledger.state(card).reps == 0)
        await all_answered(pilot, app)
        await pilot.press("escape", "q")
        await until(pilot, lambda: app.screen is reader)
        await until(
            pilot, lambda: panel.outcome is None and not panel.query_one(QuestionView).is_open
        )
        assert not panel.query_one("#card-note", Lines).display


async def test_a_derivation_asks_for_its_grade_again_when_it_was_taken_back(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        bench = await reader_at(pilot, DerivationBench)
        bench.propose(Rating.GOOD)
        await all_answered(pilot, app)
        await pilot.press("3")
        await until(pilot, lambda: bench.outcome is not None)
        assert desk.ledger.state("count-double").reps == 1
        await pilot.press("u")
        await until(pilot, lambda: bench.proposed is Rating.GOOD)
        assert desk.ledger.state("count-double").reps == 0
        await pilot.press("3")
        await until(pilot, lambda: bench.outcome is not None)
        desk.ledger.take_back(present(bench.outcome), app.now())
        app.show_statistics()
        await all_answered(pilot, app)
        await pilot.press("q")
        await until(pilot, lambda: bench.proposed is Rating.GOOD)
        assert "taken back" in str(bench.query_one("#bench-verdict", Lines).shown)


async def test_where_nothing_was_graded_that_is_told_and_one_stays(desk: Desk) -> None:
    app = HearingApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await reader_at(pilot, DerivationBench)
        reader = on_screen(app, ReaderScreen)
        reader.set_focus(reader.page, scroll_visible=False)
        await until(pilot, lambda: reader.focused is reader.page)
        await all_answered(pilot, app)
        send(app, "ctrl+z")
        await until(pilot, lambda: any("no grade" in told for told in app.heard))
        assert app.screen is reader
