"""Home: what is due, where one was, all articles; the first start; broken packs."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import OptionList

from studytui.library.pack import load_pack
from studytui.paths import Directories
from studytui.settings import Settings, load_settings
from studytui.study.desk import Desk
from studytui.study.statistics import statistics
from studytui.tui.commands import Commands, commands_of
from studytui.tui.screens.help import HelpScreen
from studytui.tui.screens.home import HomeScreen, greeting
from studytui.tui.screens.problems import ProblemsScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.screens.search import Hits, SearchScreen
from studytui.tui.screens.too_small import TooSmallScreen
from studytui.tui.screens.welcome import WelcomeScreen
from studytui.tui.shell import StudyApp
from studytui.tui.themes import DARK_NAME, LIGHT_NAME
from studytui.tui.widgets.catalogue import Catalogue
from studytui.tui.widgets.text_lines import Lines
from tests.left_open import closed_behind
from tests.present import present
from tests.tui import studio
from tests.tui.reading import make_app, make_desk, opened
from tests.tui.waiting import all_answered, idle, on_screen, until


async def test_the_first_start_welcomes_and_goes_straight_into_an_article(tmp_path: Path) -> None:
    app = StudyApp(desk=make_desk(tmp_path), terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, WelcomeScreen))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_the_first_start_asks_whether_terms_are_wanted(tmp_path: Path) -> None:
    desk = studio.make_desk(tmp_path)
    desk.settings = Settings(packs=desk.settings.packs)
    app = StudyApp(desk=desk, terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, WelcomeScreen))
        assert not load_settings(desk.directories.settings).review.terms
        terms = [record for record in desk.records() if "/term/" in record.card]
        assert terms
        assert not any(record.ready for record in terms)
        await pilot.press("t")
        assert load_settings(desk.directories.settings).review.terms
        await pilot.press("t")
        assert not load_settings(desk.directories.settings).review.terms
        assert desk.settings.review.new_per_day == 20


async def test_the_second_start_opens_on_home_and_continues(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.shelf.today)
        await idle(pilot)
        assert isinstance(app.screen, HomeScreen)
        words = "".join(text for line in greeting(app.shelf) for text, _ in line)
        assert "▸ read    Running averages" in words.replace("\N{NO-BREAK SPACE}", " ")
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert present(on_screen(app, ReaderScreen).document).article.id == "averages"


async def test_a_review_asked_for_before_the_articles_are_read_comes_when_they_are(
    tmp_path: Path,
) -> None:
    app = StudyApp(desk=studio.make_desk(tmp_path, indexed=False), terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        assert not app.shelf.entries
        app.start_review("things")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)


async def test_moving_and_filtering(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        await idle(pilot)
        catalogue = app.screen.query_one(Catalogue)
        await until(pilot, lambda: catalogue.rows)
        await pilot.press("g")
        assert present(catalogue.chosen).id == "averages"
        await pilot.press("j")
        assert present(catalogue.chosen).id == "scaling"
        await pilot.press("right_square_bracket")
        assert present(catalogue.chosen).id == "long"
        await pilot.press("k", "k", "k")
        assert present(catalogue.chosen).id == "averages"
        await pilot.press("slash", *"long")
        await pilot.pause()
        assert [row.entry.id for row in catalogue.rows if row.entry] == ["long"]
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("escape")
        await pilot.pause()
        assert len([row for row in catalogue.rows if row.entry]) == 3


async def test_search_opens_the_place(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        await idle(pilot)
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        await pilot.press(*"newest counts")
        hits = app.screen.query_one(Hits)
        await until(pilot, lambda: hits.hits)
        assert hits.hits[0].article == "averages"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await until(pilot, lambda: on_screen(app, ReaderScreen).page.scroll_y > 5)


async def test_search_finds_chinese_terms(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    assert any(hit.article == "averages" for hit in desk.library.search("梯度"))


async def test_help_lists_the_keys_of_the_focused_thing(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "averages")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        lines = on_screen(app, HelpScreen).lines()
        words = "\n".join("".join(text for text, _ in line) for line in lines)
        assert "Find words in this article" in words
        assert "Leave studytui" in words
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_the_command_palette_offers_the_registry(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "averages")
        titles = [command.title for command in commands_of(app.screen)]
        assert {"Find…", "Contents…", "Copy", "Light/dark", "Quit"} <= set(titles)


@pytest.mark.parametrize(
    ("words", "title", "told"),
    [
        ("dark theme", "Light/dark", "^t"),
        ("appearance", "Light/dark", "^t"),
        ("due", "Review", "· r"),
        ("averages", "Running averages", "article"),
    ],
)
async def test_the_palette_finds_by_what_a_thing_does(
    tmp_path: Path, words: str, title: str, told: str
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        provider = Commands(app.screen)
        hits = {hit.text: hit.help or "" async for hit in provider.search(words)}
        title = next(text for text in hits if text and text.startswith(title))
        assert told in hits[title]
        leaving = [hit async for hit in provider.discover() if hit.text == "Quit"]
        assert len(leaving) == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_palette_finds_cards_and_opens_their_article_there(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with studio.make_desk(tmp_path) as desk:
        app = StudyApp(desk=desk)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.shelf.entries and app.has_looked)
            hits = [hit async for hit in Commands(app.screen).search("which is even")]
            card = next(hit for hit in hits if hit.text == "Card: Which is even?")
            assert "Of Counting" in str(card.help)
            card.command()
            await until(pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.document)
            assert on_screen(app, ReaderScreen).wanted[0] == "counting"


async def test_the_palette_opens_what_was_found(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        dark = app.palette.dark
        await pilot.press("ctrl+p", *"appearance")
        await until(pilot, lambda: app.screen.query("CommandList") and has_options(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.palette.dark != dark)


def has_options(app: StudyApp) -> bool:
    return app.screen.query_one("CommandList", OptionList).option_count > 0


async def test_keys_can_be_bound_anew(tmp_path: Path) -> None:
    app = make_app(tmp_path, settings=Settings(keys={"reader.contents": "x"}))
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        await pilot.press("t")
        await all_answered(pilot, app)
        assert not reader.query_one("#contents").display
        await pilot.press("x")
        await until(pilot, lambda: reader.query_one("#contents").display)


async def test_a_broken_pack_is_told_and_the_rest_shown(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "pack.toml").write_text("id = ", encoding="utf-8")
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    desk = closed_behind(Desk(where, Settings(packs=(str(broken),))))
    app = StudyApp(desk=desk, terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.problems)
        await pilot.press("escape", "p")
        await until(pilot, lambda: isinstance(app.screen, ProblemsScreen))
        lines = on_screen(app, ProblemsScreen).lines()
        words = "".join(text for line in lines for text, _ in line)
        assert "broken" in words
        assert "not TOML" in words


async def test_an_empty_pack_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "pack.toml").write_text('id = "empty"\ntitle = "Empty"\n', encoding="utf-8")
    desk = make_desk(tmp_path, pack=empty)
    assert desk.packs == (load_pack(empty),)
    app = StudyApp(desk=desk, terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        greeting = app.screen.query_one("#greeting", Lines)

        def told() -> bool:
            return any("no articles" in text for line in greeting.shown for text, _ in line)

        await until(pilot, told)
        await pilot.press("enter", "c", "j", "k", "slash", "escape")


async def test_a_journal_that_cannot_be_opened_is_told_and_articles_are_shown(
    tmp_path: Path,
) -> None:
    desk = make_desk(tmp_path)
    (tmp_path / "data").mkdir(exist_ok=True)
    desk.directories.journal.mkdir(parents=True)
    app = StudyApp(desk=desk, terminal_is_dark=True)
    async with app.run_test(size=(80, 24)) as pilot:
        greeting_lines = app.screen.query_one("#greeting", Lines)
        await until(
            pilot,
            lambda: any(
                "Nothing can be kept" in text for line in greeting_lines.shown for text, _ in line
            ),
        )
        assert app.shelf.entries


async def test_a_tiny_terminal_gets_a_message_and_its_screen_back(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "averages")
        await pilot.resize_terminal(20, 24)
        await until(pilot, lambda: isinstance(app.screen, TooSmallScreen))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))


async def test_the_theme_follows_the_terminal_and_can_be_switched(tmp_path: Path) -> None:
    app = make_app(tmp_path, dark=False)
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.theme == LIGHT_NAME
        await pilot.press("ctrl+t")
        assert app.theme == DARK_NAME
        assert app.palette.dark


@pytest.mark.parametrize("terms", [False, True])
async def test_home_and_mastery_count_the_same_cards(tmp_path: Path, *, terms: bool) -> None:
    """Home said 34 where the map of mastery said 37: one counted the terms, one did not."""
    review = replace(Settings().review, terms=terms)
    app = make_app(tmp_path, settings=replace(Settings(), review=review))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
        found = {each.article: each.cards for each in statistics(app.desk, app.now()).mastery}
        assert sum(found.values())
        asked = {name: count for name, count in app.shelf.asked.items() if count}
        assert asked == {name: count for name, count in found.items() if count}
