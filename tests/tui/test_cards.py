"""The list of cards, driven by its keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from studytui.memory.rating import Rating
from studytui.study.browsing import Standing
from studytui.study.desk import Desk
from studytui.tui.screens.cards import CardList, CardsScreen, TagBar, cut_id
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.text_lines import Lines
from tests.tui.studio import make_desk
from tests.tui.waiting import all_answered, on_screen, until

SIZE = (80, 24)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


async def listed(pilot: Pilot[None], app: StudyApp, query: str = "article:counting") -> CardsScreen:
    app.show_cards()
    await until(
        pilot,
        lambda: isinstance(app.screen, CardsScreen) and app.screen.query(CardList),
    )
    screen = on_screen(app, CardsScreen)
    await until(pilot, lambda: screen.list.rows)
    await pilot.press("slash", *query, "enter")
    await until(pilot, lambda: screen.list.has_focus)
    return screen


def told(screen: CardsScreen) -> str:
    return str(screen.query_one("#cards-told", Lines).shown)


async def test_a_query_chooses_and_a_wrong_one_is_told(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await listed(pilot, app)
        assert {row.article for row in screen.list.rows} == {"counting"}
        await pilot.press("slash", *" is:late")
        assert "no card is 'late'" in told(screen)
        assert screen.list.rows  # what was found before stays
        await pilot.press("escape")
        assert screen.list.has_focus
        assert isinstance(app.screen, CardsScreen)


async def test_of_the_card_under_the_cursor_its_last_grade_and_source_are_told(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await listed(pilot, app)
        row = screen.list.rows[1]
        desk.ledger.grade(row.card, Rating.HARD, app.now(), retention=0.9, factor=None)
        await pilot.press("j")
        here = screen.query_one("#cards-here", Lines)
        await until(pilot, lambda: f"last hard · {row.title} · {row.track}" in str(here.shown))
        await pilot.press("k")
        await until(pilot, lambda: "last" not in str(here.shown))
        assert row.title in str(here.shown)


async def test_marked_cards_are_put_aside_and_an_undo_brings_them_back(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await listed(pilot, app)
        await pilot.press("space", "space", "s")
        standing = [row.standing for row in screen.list.rows]
        assert standing[:2] == [Standing.SUSPENDED] * 2
        assert Standing.SUSPENDED not in standing[2:]
        await pilot.press("u")
        assert {row.standing for row in screen.list.rows} == {Standing.NEW}
        await pilot.press("u")
        assert "nothing to undo" in told(screen)


async def test_all_that_a_query_shows_are_changed_at_once(desk: Desk) -> None:
    now = StudyApp(desk=desk).now()
    desk.ledger.grade("count-sum", Rating.EASY, now, retention=0.9, factor=None)
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await listed(pilot, app)
        await pilot.press("a", "d")
        assert "1 of" in told(screen)
        assert [row.card for row in screen.list.rows if row.is_due] == ["count-sum"]
        await pilot.press("R")
        assert not any(row.reps for row in screen.list.rows)


async def test_the_card_under_the_cursor_is_read_in_its_article(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await listed(pilot, app)
        assert screen.query_one("#words", Input).value
        await pilot.press("down", "up", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_marked_cards_get_tags_at_once_and_an_undo_takes_them_off(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await listed(pilot, app)
        await pilot.press("space", "space", "t")
        await until(pilot, lambda: screen.query(TagBar))
        await pilot.press(*"exam later", "enter")
        await until(pilot, lambda: not screen.query(TagBar))
        assert [row.tags for row in screen.list.rows[:3]] == [("exam", "later")] * 2 + [()]
        await pilot.press("t", *"-later", "enter")
        await until(pilot, lambda: screen.list.rows[0].tags == ("exam",))
        await pilot.press("u", "u")
        assert not any(row.tags for row in screen.list.rows)
        await pilot.press("t", *"a,b", "enter")
        await until(pilot, lambda: "is no tag" in told(screen))


@pytest.mark.parametrize(
    ("card", "room", "told"),
    [
        ("ag-passes", 12, "ag-passes"),
        ("autograd/term/automatic-differentiation/zh-en", 31, "autograd/term/automatic-…/zh-en"),
        ("a-very-long-name-of-a-card", 12, "a-very-long…"),
        ("short/a-very-long-name-of-a-card", 12, "short/a-ver…"),
    ],
)
def test_an_id_that_is_cut_is_marked_and_keeps_its_last_part(
    card: str, room: int, told: str
) -> None:
    assert cut_id(card, room) == told
    assert len(told) <= room


@pytest.mark.parametrize("size", [(50, 12), (80, 24)])
async def test_at_every_width_it_is_read_which_card_it_is_and_how_it_stands(
    desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    article = tmp_path / "lab" / "things" / "counting.md"
    article.write_text(article.read_text("utf-8").replace("count-sum", "count-sum-of-two"), "utf-8")
    desk.library.refresh()
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        screen = await listed(pilot, app)
        await all_answered(pilot, app)
        assert screen.list.rows[0].card == "count-sum-of-two"
        row = screen.list.render_line(0).text
        assert screen.list.rows[0].card in row
        assert screen.list.rows[0].standing.value in row
