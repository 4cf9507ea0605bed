"""Any Markdown file in the reader, formulas as TeX and back, and where the cursor stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Offset

from studytui.store.events import ReadingPlace
from studytui.study.editors import word_before
from studytui.tui.screens.places import PlaceList, PlacesScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.screens.search import SearchScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.one_line import OneLine
from studytui.tui.widgets.picture import PictureView
from studytui.tui.widgets.prose import Prose
from studytui.tui.widgets.title_bar import TitleBar
from tests.tui.painted_screen import seen
from tests.tui.reading import make_app, make_desk, opened
from tests.tui.studio import make_desk as make_studio
from tests.tui.terminal import Terminal
from tests.tui.waiting import HearingApp, all_answered, idle, on_screen, until

SIZES = [(80, 24), (120, 40)]


def shown(reader: ReaderScreen) -> str:
    """The text on the screen."""
    return "\n".join(
        widget.laid.line(number).text
        for widget, first, last in reader.page.on_screen()
        if isinstance(widget, Prose)
        for number in range(first, last)
    )


@pytest.mark.parametrize("size", SIZES)
async def test_formulas_are_shown_as_tex_and_drawn_again(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        reader = await opened(pilot, "averages")
        drawn = shown(reader)
        assert "$" not in drawn
        place = reader.page.spot
        await pilot.press("dollar_sign")
        await until(pilot, lambda: "$" in shown(reader))
        assert (reader.page.spot.part, reader.page.spot.block) == (place.part, place.block)
        await pilot.press("dollar_sign")
        await until(pilot, lambda: shown(reader) == drawn)


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_is_read_under_its_first_heading_and_no_place_is_kept(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "one.md").write_text("# Of $x^2$ and more\n\nWords. See [two](two.md).\n")
    (book / "two.md").write_text("# The second\n\n" + "Long.\n\n" * 80)
    desk = make_desk(tmp_path)
    app = StudyApp(desk=desk, file=book / "one.md")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.document)
        reader = app.screen
        assert isinstance(reader, ReaderScreen)
        assert reader.query_one(TitleBar).left == ("Of x² and more",)
        assert "Words." in shown(reader)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: reader.query_one(TitleBar).left[0] == "The second")
        await pilot.press("space", "backspace")
        await until(pilot, lambda: reader.query_one(TitleBar).left[0] == "Of x² and more")
        await pilot.press("q")
        await idle(pilot)
    assert not desk.ledger.journal.latest(ReadingPlace.kind)


def test_open_reads_a_file_in_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    file.write_text("# A title\n\nWith $\\frac{1}{2}$ in it.[^a]\n\n[^a]: A note.\n")
    with Terminal(tmp_path / "home", "open", str(file)) as terminal:
        terminal.see("A title")
        terminal.see("A note.")
        terminal.press("\x11")
        assert terminal.ended() == 0


@pytest.mark.parametrize(("typed", "cells"), [("abc", 3), ("消偏", 4), ("", 0)])
async def test_the_cursor_of_the_terminal_stands_where_the_next_character_goes(
    tmp_path: Path, typed: str, cells: int
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        app.action_search()
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        await until(pilot, lambda: isinstance(app.focused, OneLine))
        field = app.focused
        assert isinstance(field, OneLine)
        field.value = typed
        field.cursor_position = len(typed)
        await pilot.pause()
        assert field.cursor_screen_offset == field.content_region.offset + Offset(cells, 0)


async def test_a_reader_that_was_opened_from_the_review_says_where_leaving_leads(
    tmp_path: Path,
) -> None:
    with make_studio(tmp_path) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=(120, 40)) as pilot:
            await until(pilot, lambda: app.shelf.entries and app.has_looked)
            app.start_review("things")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
            assert isinstance(app.screen, ReviewScreen)
            app.screen.action_article()
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
            bar = app.screen.query_one(KeyBar)
            bar.show(("reader", "everywhere"))
            labels = [item.label for _, item in bar.shown_items()]
            text = "".join(segment.text for cell, _ in bar.shown_items() for segment in cell)
            assert "Home" in labels, "the registry's word"
            assert "Review" in text
            assert "Home" not in text


async def test_places_are_empty_with_a_word_on_what_marks_one(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        app.action_places()
        await until(
            pilot, lambda: app.screen.query(PlaceList) and on_screen(app, PlacesScreen).list.places
        )
        assert isinstance(app.screen, PlacesScreen)
        assert [place.article for place in app.screen.list.places] == ["averages"]


def test_who_gets_vi_is_told_how_it_is_left() -> None:
    assert ":wq" in word_before(["vi", "+1", "x.py"], {})
    assert not word_before(["vi", "x.py"], {"EDITOR": "vi"})
    assert not word_before(["nano", "x.py"], {})


async def test_a_link_to_a_file_that_is_missing_is_told_and_one_is_where_one_was(
    tmp_path: Path,
) -> None:
    """The reader took the name of what it could not open: a mark was set in no article."""
    one = tmp_path / "one.md"
    one.write_text("# The first\n\nSee [two](two.md).\n")
    app = HearingApp(desk=make_desk(tmp_path), file=one)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.document)
        reader = on_screen(app, ReaderScreen)
        await until(pilot, lambda: app.shelf.entries)
        before = reader.visit.article
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.heard)
        assert "No such file" in app.heard[0]
        assert str(tmp_path / "two.md") in app.heard[0]
        await pilot.press("m")
        await all_answered(pilot, app)
        assert reader.visit.article == before
        assert app.visits.before == []
        await pilot.press("apostrophe")
        await until(pilot, lambda: isinstance(app.screen, PlacesScreen))
        listed = on_screen(app, PlacesScreen).list.places
        assert [place.article for place in listed if place.is_marked] == [before]


@pytest.mark.parametrize("plain", [True, False])
def test_what_is_no_text_is_not_opened(tmp_path: Path, *, plain: bool) -> None:
    file = tmp_path / "drawing.md"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    words = ["--plain", "open", str(file)] if plain else ["open", str(file)]
    with Terminal(tmp_path / "home", *words) as terminal:
        terminal.see("this is no text in UTF-8")
        terminal.see("Open a Markdown file, saved as UTF-8")
        assert terminal.ended() == 2


async def test_of_a_picture_that_is_not_there_its_words_and_its_file_are_told(
    tmp_path: Path,
) -> None:
    one = tmp_path / "one.md"
    one.write_text("# The first\n\n![A curve of $x^2$ and more](curve.png)\n")
    app = StudyApp(desk=make_desk(tmp_path), file=one)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.document)
        await until(pilot, lambda: app.screen.query(PictureView))
        await all_answered(pilot, app)
        told = seen(app)
        assert told.count("A curve of x² and more") == 1
        assert "curve.png is no picture in the folder of this article." in told
        assert "x^2" not in told
