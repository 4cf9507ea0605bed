"""The review screen, driven by its keys, over a real journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from studytui.memory.rating import Rating
from studytui.store.events import Review, Undo
from studytui.study.desk import Desk
from studytui.study.questions import Place
from studytui.tui.history import Visit
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.fields import AnswerLine
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.options import Choices, Ordering
from studytui.tui.widgets.question import QuestionView
from studytui.tui.widgets.text_lines import Lines
from tests.asked import EVERY_CARD
from tests.present import present
from tests.tui.studio import make_desk
from tests.tui.waiting import all_answered, until

SIZE = (80, 24)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


async def review(pilot: Pilot[None], app: StudyApp) -> ReviewScreen:
    app.start_review("things")
    await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
    assert isinstance(app.screen, ReviewScreen)
    await posed(pilot, app.screen)
    return app.screen


async def posed(pilot: Pilot[None], screen: ReviewScreen) -> None:
    """Wait until the question on the screen has the focus, so that keys reach it."""
    view = screen.view

    def has_focus() -> bool:
        focused = screen.focused
        return focused is not None and view in focused.ancestors_with_self

    if not screen.query("DerivationBench") and screen.shown is not None:
        await until(pilot, lambda: view.question and not view.is_open and has_focus())
    app = screen.app
    assert isinstance(app, StudyApp)
    await all_answered(pilot, app)


async def answer_this(pilot: Pilot[None], screen: ReviewScreen) -> None:
    """Answer the card on the screen rightly, by keys."""
    view = screen.view
    question = view.question
    assert question is not None
    match question.source.KIND.name if question.source else "":
        case "number":
            values = dict(question.values)
            await pilot.press(*str(int(values["a"]) + int(values["b"])), "enter")
        case "choice":
            await pilot.press(str(question.right[0] + 1), "enter")
        case "order":
            ordering = screen.query_one(Ordering)
            for place, wanted in enumerate(question.right):
                at = ordering.order.index(wanted)
                while ordering.cursor != at:
                    await pilot.press("down")
                await pilot.press(*["K"] * (at - place))
            await pilot.press("enter")
        case "expression":
            await pilot.press("1", "plus", "x", "plus", "x", "enter")
        case "output":
            await pilot.press("2", "ctrl+j")
            verdict = screen.query_one("#verdict", Lines)
            await until(pilot, lambda: "trust" in str(verdict.shown))
            await pilot.press("f9")
        case _:
            await pilot.press("space")
    await until(pilot, lambda: view.is_open)


async def test_every_kind_is_answered_by_keys_and_graded(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        seen: set[str] = set()
        while screen.shown is not None and len(seen) < 6:
            card = screen.shown.record.card
            if screen.query("DerivationBench"):
                await pilot.press("escape")
                await screen.action_bury()
                continue
            if card in seen:
                break
            seen.add(card)
            await answer_this(pilot, screen)
            assessment = screen.view.assessment
            assert assessment is not None
            assert assessment.right is not False, (card, assessment)
            before = desk.ledger.journal.count()
            await pilot.press("4")
            await until(pilot, partial(lambda before: desk.ledger.journal.count() > before, before))
            await until(pilot, lambda: not screen.view.is_open or screen.query("DerivationBench"))
            await posed(pilot, screen)
            event = desk.ledger.journal.history(card)[-1]
            assert isinstance(event.body, Review)
            assert event.body.grade == 4
        assert {"count-sum", "count-pick", "count-order", "count-form"} <= seen


async def test_a_wrong_answer_proposes_again_and_the_reader_has_the_last_word(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown and screen.shown.record.card != "count-sum":
            await screen.action_bury()
        await pilot.press("1", "0", "0", "enter")
        await until(pilot, lambda: screen.view.is_open)
        bar = screen.query_one(GradeBar)
        assert bar.proposed == 1
        assert bar.waits[0].endswith("m")
        await pilot.press("3")
        await pilot.pause()
        event = desk.ledger.journal.history("count-sum")[-1]
        assert isinstance(event.body, Review)
        assert event.body.grade == 3


async def test_maths_that_cannot_be_read_is_no_answer_yet(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown and screen.shown.record.card != "count-sum":
            await screen.action_bury()
        await pilot.press("7", "plus", "enter")
        verdict = screen.query_one("#verdict", Lines)
        await until(pilot, lambda: "column" in str(verdict.shown))
        assert not screen.view.is_open
        assert desk.ledger.journal.history("count-sum") == []


async def test_a_hint_lowers_the_proposed_grade(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown and screen.shown.record.card != "count-sum":
            await screen.action_bury()
        await pilot.press("f2")
        await answer_this(pilot, screen)
        assert screen.query_one(GradeBar).proposed == 2


async def test_undo_takes_the_grade_back_and_shows_the_card_again(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown and screen.shown.record.card != "count-pick":
            await screen.action_bury()
        await answer_this(pilot, screen)
        await pilot.press("3")
        await until(pilot, lambda: desk.ledger.state("count-pick").reps == 1)
        await until(pilot, lambda: not screen.view.is_open)
        await all_answered(pilot, app)  # the next card takes the focus only after it was posed
        screen.set_focus(None)
        await pilot.press("u")
        await until(pilot, lambda: desk.ledger.state("count-pick").reps == 0)
        assert screen.shown is not None
        assert screen.shown.record.card == "count-pick"
        kinds = [type(event.body) for event in desk.ledger.journal.history("count-pick")]
        assert kinds[-1] is Undo


async def test_an_edited_source_is_asked_anew_and_keeps_its_history(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited(app: object, place: Place, then: object = None) -> bool:
        # A headless terminal cannot be handed to an editor: the edit is made as one would make it.
        text = place.path.read_text("utf-8")
        place.path.write_text(text.replace("Which is even", "Which is 4"), "utf-8")
        return True

    monkeypatch.setattr("studytui.tui.versions.edit_source", edited)
    before = datetime(2026, 1, 5, tzinfo=UTC)
    desk.ledger.grade("count-pick", Rating.GOOD, before, retention=0.9, factor=0.5)
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown and screen.shown.record.card != "count-pick":
            await screen.action_bury()
        await posed(pilot, screen)
        await pilot.press("e")
        await until(pilot, lambda: "Which is 4" in present(screen.view.question).prompt)
        assert screen.query(Choices)
        assert desk.ledger.state("count-pick").reps == 1


async def test_nothing_due_says_so_and_leads_back(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown is not None:
            await screen.action_suspend()
        assert "Nothing is due" in str(screen.query_one("#review-note", Lines).shown)
        assert "m brings" not in str(screen.query_one("#review-note", Lines).shown)
        assert "m More" not in keys_of(screen)
        await pilot.press("m")
        assert screen.shown is None  # all that is left was put aside
        await pilot.press("q")
        await until(pilot, lambda: not isinstance(app.screen, ReviewScreen))
        assert not app.screen.query(QuestionView)


async def test_more_new_cards_come_when_all_is_done(desk: Desk) -> None:
    desk.settings = replace(desk.settings, review=replace(EVERY_CARD, new_per_day=1))
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        assert "m More" not in keys_of(screen)
        await screen.action_suspend()
        assert screen.shown is None
        assert "m brings" in str(screen.query_one("#review-note", Lines).shown)
        assert "m More" in keys_of(screen)
        assert "Next" not in keys_of(screen), "there is none"
        await pilot.press("m")
        await until(pilot, lambda: screen.shown is not None)
        assert present(screen.shown).is_new


def keys_of(screen: ReviewScreen) -> str:
    """The key bar as it stands on the screen."""
    return screen.query_one(KeyBar).render_line(0).text


async def test_from_a_typed_card_the_ways_back_are_seen(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown and screen.shown.record.card != "count-sum":
            await screen.action_bury()
        await posed(pilot, screen)
        await pilot.press("7", "plus", "enter")
        verdict = screen.query_one("#verdict", Lines)
        await until(pilot, lambda: "column" in str(verdict.shown))
        await pilot.press("escape")
        assert screen.focused is screen.view
        assert "⏎ Answer" in keys_of(screen)
        await pilot.press("enter")
        field = screen.query_one(AnswerLine)
        assert field.has_focus, "not the old text once more"
        await pilot.press("escape", "escape", "enter")
        assert field.has_focus, "from the screen itself as well"
        await pilot.press("1")
        assert field.value == "7+1"
        await pilot.pause()
        assert not verdict.display, "it was said of another text"
        assert "^z Undo" in keys_of(screen)


async def test_a_pasted_answer_of_several_lines_is_whole(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown and screen.shown.record.card != "count-form":
            await screen.action_bury()
        await posed(pilot, screen)
        app.post_message(events.Paste("2*x\n\n  + 1\n"))
        field = screen.query_one(AnswerLine)
        await until(pilot, lambda: field.value == "2*x + 1")


@pytest.mark.parametrize("back", ["backspace", "q"])
async def test_from_the_article_of_a_card_one_comes_back_to_the_card(desk: Desk, back: str) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown and screen.shown.record.card != "count-sum":
            await screen.action_bury()
        await posed(pilot, screen)
        app.visits.leave(Visit("counting"))  # something was read before
        await pilot.press("7", "escape", "o")
        await until(
            pilot, lambda: isinstance(app.screen, ReaderScreen) and app.screen.document is not None
        )
        await pilot.press(back)
        await until(pilot, lambda: app.screen is screen)
        assert screen.shown is not None
        assert screen.shown.record.card == "count-sum"
        assert screen.query_one(AnswerLine).value == "7"
