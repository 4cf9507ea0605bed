"""The reader's own cards and notes, made, found and changed by keys, in real files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from studytui import paths
from studytui.cards.basic import BasicCard
from studytui.cards.cloze import ClozeCard
from studytui.library.article import Article
from studytui.library.blocks import DerivationBlock
from studytui.library.parse import parse_file
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study import questions
from studytui.study.desk import Desk
from studytui.study.own import Form, OwnItem, items
from studytui.study.own_versions import Version, version_of
from studytui.tui.document import Document, Spot, cut
from studytui.tui.screens.draft import DraftField, DraftScreen
from studytui.tui.screens.own_here import OwnHereScreen
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.shell import StudyApp
from studytui.tui.taking import Unit, locate, taken, units
from studytui.tui.widgets.card import CardPanel
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.pick_bar import PickBar
from studytui.tui.widgets.prose import NOTED, Prose
from studytui.tui.widgets.question import QuestionView
from studytui.tui.widgets.text_lines import Lines
from tests.asked import EVERY_CARD
from tests.present import present
from tests.shared import on_shared_processes
from tests.tui.reading import opened
from tests.tui.studio import make_pack
from tests.tui.waiting import HearingApp, all_answered, idle, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])
PACK = Path(__file__).parent / "pack"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The small pack stands for the one that came with studytui."""
    pack = make_pack(tmp_path / "site" / "content")
    monkeypatch.setattr(paths, "shipped_content", lambda: pack)
    monkeypatch.setattr(paths, "shipped_snippets", lambda: pack / "snippets")
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    with Desk(where, Settings(packs=(str(PACK),), review=EVERY_CARD)) as desk:
        desk.library.refresh()
        yield on_shared_processes(desk)


async def formed(pilot: Pilot[None]) -> DraftScreen:
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, DraftScreen) and app.screen.query("#front"))
    screen = app.screen
    assert isinstance(screen, DraftScreen)
    await until(pilot, lambda: screen.query_one("#front").has_focus)
    return screen


async def saved(pilot: Pilot[None], desk: Desk, article: str, count: int) -> list[OwnItem]:
    await pilot.press("ctrl+s")
    await until(pilot, lambda: len(items(desk, article)) == count)
    await until(pilot, lambda: not isinstance(pilot.app.screen, DraftScreen))
    await idle(pilot)
    return items(desk, article)


def shown(reader: ReaderScreen) -> str:
    return "\n".join(
        "".join(segment.text for segment in strip)
        for prose in reader.query(Prose)
        for strip in prose.render_lines(prose.region.reset_offset)
    )


@SIZES
async def test_a_sentence_is_chosen_by_keys_and_becomes_a_card(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        reader = await opened(pilot, "averages")
        await pilot.press("a")
        await until(pilot, lambda: reader.query(PickBar) and reader.focused is not reader.page)
        await pilot.press("j", "k", "J", "K", "enter")
        form = await formed(pilot)
        first = next(units(cut(desk.library.article("averages"))))
        assert form.query_one("#back", DraftField).text == first.markdown("averages")
        await pilot.press(*"Why?")
        preview = form.query_one("#preview-front", Fragment)
        await until(pilot, lambda: preview.markdown.endswith("Why?"))
        (item,) = await saved(pilot, desk, "averages", 1)
        card = desk.library.card(item.id)
        assert isinstance(card, BasicCard)
        assert card.ask.endswith("Why?")
        assert item.cites.quote == first.words[:120]
        await until(pilot, lambda: NOTED in shown(reader))


async def test_the_key_pressed_again_while_choosing_asks_for_the_other_thing(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        # All in one write, and once more while the first bar is closing.
        await pilot.press("a", "a", "j", "A", "escape", "a", "A")
        await until(pilot, lambda: len(reader.query(PickBar)) == 1)
        assert "what the note is made of" in reader.query_one(PickBar).render_line(0).text
        assert reader.picking is not None
        assert reader.picking.form is Form.NOTE


@SIZES
async def test_gaps_are_cut_from_selected_words(desk: Desk, size: tuple[int, int]) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, "counting")
        await pilot.press("a")
        await pilot.press("enter")
        form = await formed(pilot)
        await pilot.press("f2")
        assert form.query_one("#front", DraftField).text == "Counting is a start."
        await pilot.press("home", *["shift+right"] * len("Counting"), "f3")
        field = form.query_one("#front", DraftField)
        assert field.text == "{{c1::Counting}} is a start."
        assert form.query_one("#preview-front", Fragment).markdown == "**[…]** is a start."
        (item,) = await saved(pilot, desk, "counting", 1)
        assert isinstance(desk.library.card(f"{item.id}/c1"), ClozeCard)


async def test_what_is_typed_is_not_thrown_away_at_once(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "counting")
        await pilot.press("a", "enter")
        form = await formed(pilot)
        await pilot.press("x", "escape")
        assert "another Esc" in str(form.query_one("#draft-told", Lines).shown)
        await pilot.press("f2", "f2", "f2")
        assert form.query_one("#front", DraftField).text.endswith("x")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        assert not desk.directories.own.exists()


@SIZES
async def test_a_note_stands_in_the_margin_and_a_key_opens_it(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        reader = await opened(pilot, "counting")
        await pilot.press("A", "enter")
        await formed(pilot)
        await pilot.press(*"Mind *this*.")
        await saved(pilot, desk, "counting", 1)
        await until(pilot, lambda: NOTED in shown(reader))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, OwnHereScreen))
        sheet = app.screen
        assert isinstance(sheet, OwnHereScreen)
        await until(pilot, lambda: sheet.query(Fragment))
        assert sheet.query(Fragment).first().markdown == "Mind *this*."
        await pilot.press("e")
        await formed(pilot)
        await pilot.press(*" Yes.")
        (item,) = await saved(pilot, desk, "counting", 1)
        assert item.text == "Mind *this*. Yes."
        assert desk.library.search("mind this yes")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await until(pilot, lambda: reader.own_items and reader.own_items[0].text == item.text)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, OwnHereScreen))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await until(pilot, lambda: NOTED not in shown(reader))
        assert "Mind" in (desk.directories.own / "put-aside.md").read_text("utf-8")


async def test_selected_words_keep_their_formulas(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "averages")
        wanted = next(
            unit
            for unit in units(cut(desk.library.article("averages")))
            if "$" in unit.words and unit.inlines
        )
        prose = reader.page.prose(wanted.part)
        assert prose is not None
        flow = prose.laid
        flow.ensure(0, 10_000)
        top = flow.tops[wanted.index]
        end = flow.tops[wanted.index + 1] if wanted.index + 1 < len(flow.tops) else flow.height
        last = Offset(len(flow.line(end - 1).text), end - 1)
        reader.selections = {prose: Selection(Offset(0, top), last)}
        await pilot.press("a")
        form = await formed(pilot)
        text = form.query_one("#back", DraftField).text
        assert wanted.markdown("averages") in text
        await pilot.press("escape")


async def test_a_card_in_the_text_gives_its_question_and_answer(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "counting")
        assert reader.document is not None
        part = next(p for p in reader.document.parts if "count-why" in str(p.blocks[0]))
        reader.go_to_live(part.number)
        await until(pilot, lambda: reader.focused is not reader.page)
        await pilot.press("a")
        form = await formed(pilot)
        assert form.query_one("#back", DraftField).text == ""  # not answered yet
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await pilot.press("enter")
        widget = reader.page.widget_of(part.number)
        assert widget is not None
        await until(pilot, lambda: widget.query_one(QuestionView).is_open)
        await pilot.press("a")
        form = await formed(pilot)
        assert form.query_one("#front", DraftField).text == "Why count?"
        assert form.query_one("#back", DraftField).text == "To know **how many**."
        (item,) = await saved(pilot, desk, "counting", 1)
        assert item.cites.quote == "{card} count-why"
        assert locate(reader.document, item.cites) == Spot(part.number)
        panel = reader.page.widget_of(part.number)
        assert isinstance(panel, CardPanel)
        await until(pilot, lambda: NOTED in panel.head.aside)


async def test_the_shown_source_of_a_snippet_and_a_derivation_give_their_lines(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "counting")
        assert reader.document is not None
        parts = {type(p.blocks[0]).__name__: p.number for p in reader.document.parts}
        reader.go_to_live(parts["SnippetBlock"])
        snippet = reader.page.widget_of(parts["SnippetBlock"])
        assert snippet is not None
        await idle(pilot)
        await pilot.press("v")
        await until(pilot, lambda: snippet.query_one("#snippet-source", Fragment).display)
        await pilot.press("f6")
        form = await formed(pilot)
        assert "print(" in form.query_one("#back", DraftField).text
        assert form.query_one("#back", DraftField).text.startswith("```python\n")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        reader.go_to_live(parts["DerivationBlock"])
        await until(pilot, lambda: isinstance(reader.focused_block(), DerivationBlock))
        await pilot.press("a")
        form = await formed(pilot)
        assert form.query_one("#front", DraftField).text == "Twice: `y = x + x + 2*x`"
        assert "x" in form.query_one("#back", DraftField).text
        await pilot.press("escape")


async def test_in_a_review_a_card_is_made_of_the_one_that_is_answered(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await reviewed(pilot, app, "count-why")
        await pilot.press("a")
        form = await formed(pilot)
        assert form.query_one("#back", DraftField).text == ""  # not shown yet, not given away
        await pilot.press("escape")
        await pilot.press("space")
        await until(pilot, lambda: screen.proposed)
        await pilot.press("a")
        form = await formed(pilot)
        assert form.query_one("#back", DraftField).text == "To know **how many**."
        (item,) = await saved(pilot, desk, "counting", 1)
        assert questions.shown_at(desk, item.id).article == "counting"
        assert screen.shown is not None
        assert screen.shown.record.card == "count-why"


@pytest.mark.parametrize("card", ["count-print", "count-sum"])
async def test_while_one_types_the_same_key_makes_a_card(desk: Desk, card: str) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await reviewed(pilot, app, card)
        field = screen.view.query_one("AnswerLine, AnswerText")
        await until(pilot, lambda: field.has_focus)
        await pilot.press("2", "f6")
        await formed(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("f7")
        await formed(pilot)


async def reviewed(pilot: Pilot[None], app: StudyApp, card: str) -> ReviewScreen:
    app.start_review("things")
    await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
    screen = app.screen
    assert isinstance(screen, ReviewScreen)
    while screen.shown is not None and screen.shown.record.card != card:
        await screen.action_bury()
    await until(pilot, lambda: screen.view.question and screen.view.question.card == card)
    await all_answered(pilot, app)
    return screen


async def test_an_edit_in_a_review_makes_a_version_and_a_key_goes_back(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = desk.library.entry("counting").path
    before = article.read_bytes()

    def edited(app: object, place: questions.Place, then: object = None) -> bool:
        # A headless terminal cannot be handed to an editor: the edit is made as one would make it.
        text = place.path.read_text("utf-8")
        place.path.write_text(text.replace("Why count?", "Why do I count?"), "utf-8")
        return True

    monkeypatch.setattr("studytui.tui.versions.edit_source", edited)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await reviewed(pilot, app, "count-why")
        await pilot.press("e")
        await until(pilot, lambda: present(screen.view.question).prompt == "Why do I count?")
        assert version_of(desk, "count-why") is Version.STANDS_IN
        assert "your version" in str(screen.query_one("#review-head", Lines).shown)
        assert article.read_bytes() == before
        await pilot.press("O")
        await until(pilot, lambda: present(screen.view.question).prompt == "Why count?")
        assert version_of(desk, "count-why") is Version.NONE
        await pilot.press("O")
        assert present(screen.view.question).prompt == "Why count?"


async def test_without_an_editor_nothing_is_left_behind(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await reviewed(pilot, app, "count-why")
        await pilot.press("e")
        await pilot.pause()
        assert version_of(desk, "count-why") is Version.NONE


async def test_a_version_is_shown_where_the_original_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited(app: object, place: questions.Place, then: object = None) -> bool:
        text = place.path.read_text("utf-8")
        place.path.write_text(text.replace("Why count?", "Why do I count?"), "utf-8")
        return True

    monkeypatch.setattr("studytui.tui.versions.edit_source", edited)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "counting")
        assert reader.document is not None
        part = next(p.number for p in reader.document.parts if "count-why" in str(p.blocks[0]))
        reader.go_to_live(part)
        await until(pilot, lambda: reader.focused_block() is not None)
        await pilot.press("e")

        def prompt() -> str:
            panel = reader.page.widget_of(part)
            found = panel.query("#prompt Fragment") if isinstance(panel, CardPanel) else ()
            return next((f.markdown for f in found if isinstance(f, Fragment)), "")

        await until(pilot, lambda: prompt() == "Why do I count?")
        panel = reader.page.widget_of(part)
        assert isinstance(panel, CardPanel)
        assert "your version" in panel.head.aside
        await until(pilot, lambda: reader.focused is reader.page.widget_of(part))
        await pilot.press("O")
        await until(pilot, lambda: prompt() == "Why count?")


async def test_the_text_of_a_shipped_article_is_not_edited(desk: Desk) -> None:
    app = HearingApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "counting")
        await pilot.press("e")
        await until(pilot, lambda: app.heard)
        assert "stays as it is" in app.heard[0]


async def test_a_data_folder_that_cannot_be_written_is_told_and_the_form_stays(
    desk: Desk,
) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "counting")
        desk.directories.own.write_text("in the way")
        await pilot.press("A", "enter")
        form = await formed(pilot)
        await pilot.press(*"kept", "ctrl+s")
        assert "cannot be" in str(form.query_one("#draft-told", Lines).shown)
        assert form.query_one("#front", DraftField).text == "kept"
        desk.directories.own.unlink()
        await saved(pilot, desk, "counting", 1)


@pytest.mark.parametrize("name", ["notes/averages.md", "notes/scaling.md", "other/long.md"])
def test_all_that_can_be_taken_is_found_again_where_it_stood(name: str) -> None:
    article = parse_file(PACK / name).article
    document = cut(article)
    found = list(units(document))
    assert found
    same = [locate(document, taken(document, [unit]).cites) for unit in found]
    places = [Spot(unit.part, unit.index) for unit in found]
    # A sentence that stands twice under one heading is found at its first place.
    repeated = len(found) - len({(unit.words[:120], _section(document, unit)) for unit in found})
    assert sum(a != b for a, b in zip(same, places, strict=True)) <= repeated


def _section(document: Document, unit: Unit) -> int:
    return document.heading_above(Spot(unit.part, unit.index))


def test_what_was_changed_upstream_falls_back_to_its_heading() -> None:
    article: Article = parse_file(PACK / "notes" / "averages.md").article
    document = cut(article)
    last = list(units(document))[-1]
    cites = taken(document, [last]).cites
    gone = type(cites)(cites.article, cites.anchor, "words that stand nowhere")
    assert locate(document, gone) == document.at_anchor(cites.anchor)
