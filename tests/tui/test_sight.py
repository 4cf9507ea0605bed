"""Keys act on what is seen, and what one works at stays on the screen, at two sizes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from studytui.memory.rating import Rating
from studytui.store.events import Review
from studytui.study.desk import Desk
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.card import CardPanel
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.filter import FindBar
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.snippet import SnippetPanel
from studytui.tui.widgets.step_field import StepField
from studytui.tui.widgets.text_lines import Lines
from tests.present import present
from tests.tui.reading import make_app, opened, reader_at
from tests.tui.studio import make_desk
from tests.tui.waiting import HearingApp, all_answered, idle, on_screen, page_at_rest, until

SIZES = [(80, 24), (120, 40)]
READING = ("place", "article-read", "run")
"""Kinds of events that are written whatever is graded."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        # More text than the screen holds, above and below.
        path = tmp_path / "lab" / "things" / "counting.md"
        text = path.read_text("utf-8")
        long = "\n\n".join(f"Line {number} of a long story." for number in range(60))
        text = text.replace("Counting is a start.", f"Counting is a start.\n\n{long}")
        path.write_text(f"{text}\n\n{long}\n", encoding="utf-8")
        desk.library.refresh()
        yield desk


def is_on_screen(reader: ReaderScreen, widget: Widget) -> bool:
    return reader.page.region.contains_region(widget.region)


def rows(desk: Desk) -> list[tuple[str, str]]:
    """What was recorded of cards and derivations."""
    bodies = [event.body for event in desk.ledger.journal.events()]
    return [(body.kind, str(body)) for body in bodies if body.kind not in READING]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("away", ["g", "G"])
async def test_a_card_that_left_the_screen_is_not_graded_unseen(
    desk: Desk, away: str, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        panel = await reader_at(pilot, CardPanel)
        await pilot.press("right_curly_bracket")
        await all_answered(pilot, app)
        panel = app.focused  # type: ignore[assignment]
        assert isinstance(panel, CardPanel)
        await pilot.press("enter", "space", "enter")
        await until(pilot, lambda: panel.proposed is not None)
        reader = on_screen(app, ReaderScreen)
        await page_at_rest(pilot, reader)
        assert is_on_screen(reader, panel.query_one(GradeBar)), "what is to be pressed is seen"
        await pilot.press(away)
        await page_at_rest(pilot, reader)
        assert app.focused is reader.page
        before = rows(desk)
        await pilot.press("enter", "3", "d", "d", "u", "v", "n", "x")
        await all_answered(pilot, app)
        await idle(pilot)
        assert rows(desk) == before


async def judged_card(pilot: Pilot[None], app: StudyApp) -> CardPanel:
    """A card of the article that was answered and judged: its grade is proposed."""
    panel = await reader_at(pilot, CardPanel)
    await pilot.press("enter", *"12", "enter")
    await until(pilot, lambda: panel.proposed is not None)
    await all_answered(pilot, app)
    assert panel.is_judged
    assert is_on_screen(on_screen(app, ReaderScreen), panel.query_one(GradeBar))
    return panel


def grades(desk: Desk) -> list[tuple[str, Rating]]:
    """The cards that were graded, and how."""
    bodies = (event.body for event in desk.ledger.journal.events())
    return [(body.card, Rating(body.grade)) for body in bodies if isinstance(body, Review)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("away", ["g", "G"])
async def test_a_proposed_grade_is_taken_when_its_card_leaves_the_sight_and_never_later(
    desk: Desk, away: str, size: tuple[int, int]
) -> None:
    """It was taken when the article was left, perhaps long after the card had been seen."""
    app = HearingApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        panel = await judged_card(pilot, app)
        card, proposed = panel.records[0].card, present(panel.proposed)
        assert not grades(desk)
        await pilot.press(away)
        await until(pilot, lambda: app.focused is on_screen(app, ReaderScreen).page)
        await all_answered(pilot, app)
        assert grades(desk) == [(card, proposed)]
        assert any(f"taken as {proposed.name.lower()} · ctrl+z" in told for told in app.heard)
        await pilot.press("q")
        await until(pilot, lambda: not panel.is_running)
        assert grades(desk) == [(card, proposed)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("leave", ["q", "f", "ctrl+q"])
async def test_a_proposed_grade_is_taken_when_the_screen_is_left_with_its_card_in_sight(
    desk: Desk, leave: str, size: tuple[int, int]
) -> None:
    app = HearingApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        panel = await judged_card(pilot, app)
        card, proposed = panel.records[0].card, present(panel.proposed)
        await pilot.press("question_mark", "escape")
        await all_answered(pilot, app)
        assert not grades(desk), "help lies over the card only for a moment"
        await pilot.press(leave)
        if leave != "ctrl+q":
            await until(pilot, lambda: grades(desk))
    # The app has ended, and whatever it had yet to do is done.
    assert grades(desk) == [(card, proposed)]
    assert any("ctrl+z" in told for told in app.heard)


async def test_a_grade_is_given_only_while_the_grades_are_seen(desk: Desk) -> None:
    """The card is on the screen, and its grades are below the edge: the key brings them first."""
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await judged_card(pilot, app)
        reader, bar = on_screen(app, ReaderScreen), panel.query_one(GradeBar)
        while is_on_screen(reader, bar):
            await pilot.press("k")
            await all_answered(pilot, app)
        assert panel.has_focus_within
        await pilot.press("3")
        await all_answered(pilot, app)
        assert not grades(desk)
        assert is_on_screen(reader, bar)
        await pilot.press("3")
        await until(pilot, lambda: grades(desk))


@pytest.mark.parametrize("size", SIZES)
async def test_the_grade_of_a_derivation_is_taken_like_that_of_a_card(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = HearingApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        bench = await reader_at(pilot, DerivationBench)
        bench.propose(Rating.HARD)
        await all_answered(pilot, app)
        await pilot.press("G")
        await until(pilot, lambda: grades(desk))
        assert grades(desk) == [(bench.source.id, Rating.HARD)]
        assert any("taken as hard · ctrl+z" in told for told in app.heard)


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_proposed_out_of_sight_is_not_taken_before_it_was_seen(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        bench = await reader_at(pilot, DerivationBench)
        await pilot.press("G")
        await until(pilot, lambda: not bench.is_seen)
        bench.proposed = Rating.GOOD
        await pilot.press("q")
        await until(pilot, lambda: not bench.is_running)
        assert not grades(desk)


@pytest.mark.parametrize("size", SIZES)
async def test_paging_away_releases_the_focus_and_braces_count_from_the_screen(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        await reader_at(pilot, SnippetPanel)
        reader = on_screen(app, ReaderScreen)
        await pilot.press("space", "space")
        await page_at_rest(pilot, reader)
        here = reader.page.scroll_y
        assert app.focused is reader.page
        await pilot.press("right_curly_bracket")
        await page_at_rest(pilot, reader)
        assert reader.page.scroll_y >= here - size[1] // 4, "not thrown back"
        await pilot.press("g")
        await page_at_rest(pilot, reader)
        await pilot.press("right_curly_bracket")
        await page_at_rest(pilot, reader)
        assert isinstance(app.focused, SnippetPanel), "the first thing from the top"


@pytest.mark.parametrize("size", SIZES)
async def test_the_bench_is_seen_while_one_types(desk: Desk, size: tuple[int, int]) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        bench = await reader_at(pilot, DerivationBench)
        reader = on_screen(app, ReaderScreen)
        await pilot.press("enter")
        await page_at_rest(pilot, reader)
        field, verdict = bench.query_one(StepField), bench.query_one("#bench-verdict", Lines)
        # The field on the last line of the screen: all that grows has no room there.
        reader.page.scroll_relative(y=field.region.y - reader.page.region.bottom + 1, animate=False)
        await page_at_rest(pilot, reader)
        assert field.region.bottom == reader.page.region.bottom
        for line in ("x/(1+x) + x^3/7", "5x", "x^2/(1+x)^2"):
            field.value = line
            await page_at_rest(pilot, reader)
            assert is_on_screen(reader, field)
            assert is_on_screen(reader, bench.query_one("#bench-preview"))
            before = len(bench.history)
            await pilot.press("enter")
            await until(
                pilot, partial(lambda n: len(bench.history) > n and not bench.waiting, before)
            )
            await page_at_rest(pilot, reader)
            assert verdict.region.height
            assert is_on_screen(reader, verdict), line
            assert is_on_screen(reader, field), line


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("words", ["the", "of"])
async def test_closing_the_find_bar_keeps_the_place(
    desk: Desk, words: str, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        await reader_at(pilot, SnippetPanel)
        reader = on_screen(app, ReaderScreen)
        await pilot.press("space", "space", "slash", *words, "enter")
        await page_at_rest(pilot, reader)
        there = reader.page.scroll_y
        await pilot.press("escape")
        await page_at_rest(pilot, reader)
        assert not app.screen.query(FindBar)
        assert reader.page.scroll_y == there
        assert app.focused is reader.page


@pytest.mark.parametrize("size", SIZES)
async def test_closing_contents_keeps_the_place(tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        reader = await opened(pilot, "long")
        await pilot.press("space", "space")
        await all_answered(pilot, app)
        there = reader.page.scroll_y
        for key in ("t", "escape"):
            await pilot.press(key)
            await all_answered(pilot, app)
        assert reader.page.scroll_y == there


OVER = ("question_mark", "colon", "comma", "apostrophe", "f", "a")
"""Help, palette, settings, places, search, and the choosing of words."""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", OVER)
async def test_closing_what_lies_over_the_page_keeps_the_place(
    desk: Desk, key: str, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        await reader_at(pilot, SnippetPanel)
        reader = on_screen(app, ReaderScreen)
        await pilot.press("G", "ctrl+u")  # where there are words to choose
        await all_answered(pilot, app)
        assert app.focused is reader.page
        await pilot.press(key)
        await until(pilot, lambda: app.screen is not reader or app.focused is not reader.page)
        await all_answered(pilot, app)
        there = reader.page.scroll_y
        assert there
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is reader and app.focused is reader.page)
        await all_answered(pilot, app)
        await idle(pilot)
        assert reader.page.scroll_y == there


async def test_find_goes_to_what_a_card_asks_too_and_never_to_an_answer(desk: Desk) -> None:
    """It counted prose only: `zero_grad` was "1 of 1" though a card below had it."""
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await reader_at(pilot, SnippetPanel)
        reader = app.screen
        assert isinstance(reader, ReaderScreen)
        bar = reader.query_one(KeyBar)
        await pilot.press("g", "slash", *"why count", "enter")
        await until(pilot, lambda: bar.note == "1 of 1")
        panels = [widget for widget, _, _ in reader.page.on_screen()]
        assert any(isinstance(each, CardPanel) for each in panels)
        await pilot.press("escape", "escape", "slash", *"to know", "enter")
        await until(pilot, lambda: bar.note == "not in this article")
