"""An exercise written in the article and in the review, by keys, with real runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from studytui.library.pack import load_pack
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.store.events import Exercised, Review
from studytui.study.desk import Desk
from studytui.tui.messages import DraftJudged
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.code_area import CodeArea
from studytui.tui.widgets.exercise import ExercisePanel
from studytui.tui.widgets.fragment import Fragment
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.output_lines import OutputLines
from studytui.tui.widgets.text_lines import Lines
from tests.asked import EVERY_CARD
from tests.shared import on_shared_processes
from tests.study.test_exercising import ARTICLE, ID, PACK, SNIPPET
from tests.tui.reading import reader_at
from tests.tui.waiting import idle, until

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    root = tmp_path / "lab"
    (root / "things").mkdir(parents=True)
    (root / "snippets" / "things").mkdir(parents=True)
    (root / "pack.toml").write_text(PACK)
    (root / "things" / "twice.md").write_text(ARTICLE)
    (root / "snippets" / "things" / "two.py").write_text(SNIPPET)
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    with Desk(where, Settings(review=EVERY_CARD)) as desk:
        desk.packs = (replace(load_pack(root), shipped=True),)
        desk.library.refresh()
        yield on_shared_processes(desk)


async def in_article(pilot: Pilot[None], app: StudyApp) -> ExercisePanel:
    panel = await reader_at(pilot, ExercisePanel, "twice")
    await until(pilot, lambda: panel.bench is not None)
    return panel


def said(panel: ExercisePanel) -> str:
    lines = panel.query_one("#exercise-verdict", Lines).shown
    return "\n".join("".join(text for text, _ in line) for line in lines)


def climb(desk: Desk) -> None:
    """Let the reader have written the missing line before: the signature is asked now."""
    then = datetime.now(UTC) - timedelta(days=1)
    desk.ledger.record(Exercised(ID, "", passed=True, tries=1, rung=1), then)


async def checked(pilot: Pilot[None], panel: ExercisePanel, key: str = "ctrl+j") -> str:
    """Have it checked by a key, and wait for the verdict on this try, not for the last one's."""
    panel.say([("not checked yet", "")])
    await pilot.press(key)
    await until(pilot, lambda: not panel.checking and "check" not in said(panel))
    return said(panel)


async def write(pilot: Pilot[None], panel: ExercisePanel, text: str) -> str:
    """Put a draft into the place to write in, and have it checked by a key."""
    await until(pilot, lambda: panel.query(CodeArea) and panel.query_one(CodeArea).has_focus)
    panel.query_one(CodeArea).load_text(text)
    return await checked(pilot, panel)


def case_of(panel: ExercisePanel) -> list[Widget]:
    """The verdict, and the case that fails."""
    return [panel.query_one("#exercise-verdict"), panel.query_one(OutputLines)]


def is_seen(widget: Widget) -> bool:
    """Whether all of a widget is on the screen."""
    page = widget.screen.query_one("#page")
    return bool(widget.region.area) and page.region.contains_region(widget.region)


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_written_in_place_and_the_failing_case_stands_under_it(
    desk: Desk, size: tuple[int, int]
) -> None:
    climb(desk)
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        panel = await in_article(pilot, app)
        await pilot.press("enter")
        told = await write(pilot, panel, "def double(x):\n    return x * x\n")
        assert told == "✗ twice 1"
        case = panel.query_one(OutputLines).text
        assert "for x = 1" in case
        assert "came" in case
        area = panel.query_one(CodeArea)
        assert area.has_focus
        # The case is on the screen, after a long function too.
        for text in ("", 40 * "# A remark.\n"):
            area.load_text(f"{text}def double(x):\n    return x * x\n")
            await checked(pilot, panel)
            await until(pilot, lambda: all(map(is_seen, case_of(panel))))
        told = await write(pilot, panel, "def double(x):\n    return x + nothing\n")
        assert "in line 2 of yours:  return x + nothing" in told
        told = await write(pilot, panel, "def double(x):\n    return x + x\n")
        assert told.startswith("✓")
        assert "return FACTOR * x" in panel.query_one("#exercise-solution", Fragment).markdown
        assert panel.query_one(GradeBar).proposed == 2  # five tries
        await pilot.press("3")
        await until(pilot, lambda: desk.ledger.state(ID).reps == 1)
        event = desk.ledger.journal.last(Exercised.kind, ID)
        assert event is not None
        assert isinstance(event.body, Exercised)
        assert (event.body.passed, event.body.tries, event.body.shown) == (True, 5, 0)
        assert event.body.code == "def double(x):\n    return x + x\n"


async def test_a_case_that_is_laid_out_late_is_on_the_screen(desk: Desk) -> None:
    """The verdict's widgets are busy when the block asks for a refresh."""
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await in_article(pilot, app)
        await pilot.press("enter")
        await write(pilot, panel, 40 * "# A remark.\n" + "def double(x):\n    return x * x\n")
        assert panel.bench is not None
        judged = panel.bench.check(panel.bench.draft)
        panel.say()
        panel.query_one(CodeArea).move_cursor((0, 0))
        await until(pilot, lambda: not any(map(is_seen, case_of(panel))))
        free = asyncio.Event()

        async def hold(held: asyncio.Event) -> None:
            held.set()
            await free.wait()

        try:
            for widget in case_of(panel):
                held = asyncio.Event()
                widget.call_later(hold, held)
                await held.wait()
            assert not any(map(is_seen, case_of(panel)))
            panel.post_message(DraftJudged(judged))
            for _ in range(2):  # what the message asks for comes behind the first
                await panel.wait_for_refresh()
            assert not any(map(is_seen, case_of(panel)))
        finally:
            free.set()  # else the app could not be left
        await until(pilot, lambda: all(map(is_seen, case_of(panel))))


async def test_typing_indents_undoes_and_is_kept(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await in_article(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: panel.query(CodeArea))
        area = panel.query_one(CodeArea)
        # What is typed first fills the gap.
        assert area.selected_text.startswith("raise NotImplementedError(")
        area.load_text("")
        await pilot.press(*"if", "space", "x", "colon", "enter", *"y", "enter", "tab", "z")
        assert area.text == "if x:\n    y\n        z"
        await pilot.press("ctrl+z")
        assert area.text != "if x:\n    y\n        z"
        await pilot.press("ctrl+y", "escape")
        await until(pilot, lambda: panel.has_focus)
        assert panel.bench is not None
        assert panel.bench.draft == area.text
        if area.language:
            keyword, text = area.get_line(0), area.render_line(0)
            inks = {each.text.strip(): each.style and each.style.color for each in text}
            assert inks["if"] != inks["x:"], (keyword, inks)


async def test_a_first_time_is_not_graded_and_comes_again_with_less(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await in_article(pilot, app)
        await until(pilot, lambda: "one line missing" in panel.head.kind)
        await pilot.press("enter")
        told = await write(pilot, panel, "def double(x):\n    return x + x\n")
        assert told.startswith("✓")
        hint = panel.query_one("#exercise-hint", Fragment).markdown
        assert hint == "It comes again tomorrow: signature only."
        assert panel.proposed is None
        assert desk.ledger.state(ID).reps == 0


async def test_plus_and_minus_give_more_and_less_of_it(desk: Desk) -> None:
    climb(desk)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await in_article(pilot, app)
        await until(pilot, lambda: "signature only" in panel.head.kind)
        await pilot.press("minus")
        assert panel.bench is not None
        assert panel.bench.draft == "# Your turn: def double(x)\n"
        await pilot.press("plus", "plus", "plus")
        assert "watch" in panel.head.kind
        assert "return FACTOR * x" in panel.bench.draft
        assert panel.bench.grade == 1


async def test_hints_come_one_by_one_and_the_solution_when_asked_for(desk: Desk) -> None:
    climb(desk)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await in_article(pilot, app)
        hint = panel.query_one("#exercise-hint", Fragment)
        await pilot.press("h")
        assert hint.markdown == "*Hint 1:* What is $x + x$?"
        await pilot.press("h")
        assert hint.markdown == "*Hint 2:* It is `x + x`."
        await pilot.press("v")
        assert "return FACTOR" in panel.query_one("#exercise-solution", Fragment).markdown
        assert panel.query_one(GradeBar).proposed == 1
        event = desk.ledger.journal.last(Exercised.kind, ID)
        assert event is not None
        assert isinstance(event.body, Exercised)
        assert event.body == replace(event.body, passed=False, hints=2, shown=1)


async def test_code_of_another_pack_is_shown_before_it_is_trusted(desk: Desk) -> None:
    desk.packs = tuple(replace(pack, shipped=False) for pack in desk.packs)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await in_article(pilot, app)
        await until(pilot, lambda: not panel.trusted)
        await pilot.press("J")
        assert "def check_double" in panel.query_one("#exercise-solution", Fragment).markdown
        assert not panel.checking
        await pilot.press("T")
        assert panel.trusted
        assert "NotImplementedError" in await checked(pilot, panel, "J")


@pytest.mark.parametrize("size", SIZES)
async def test_it_comes_back_in_the_review_from_the_open_gap(
    desk: Desk, size: tuple[int, int]
) -> None:
    climb(desk)
    app = StudyApp(desk=desk)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.shelf.entries)
        app.start_review()
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        await until(pilot, lambda: screen.query(CodeArea))
        panel = screen.query_one(ExercisePanel)
        assert "Your turn" in panel.query_one(CodeArea).text
        assert "twice" in await write(pilot, panel, "def double(x):\n    return x\n")
        told = await write(pilot, panel, "def double(x):\n    return x + x\n")
        assert told.startswith("✓")
        await until(pilot, lambda: screen.proposed == 3)
        await pilot.press("space")
        await until(pilot, lambda: desk.ledger.state(ID).reps == 1)
        event = desk.ledger.journal.history(ID)[-1]
        assert isinstance(event.body, Review)
        assert event.body.grade == 3
        await idle(pilot)
