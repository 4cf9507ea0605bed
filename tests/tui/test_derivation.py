"""The bench in an article and in the review, with the real prover."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from studytui.store.events import Derived, Report
from studytui.study.desk import Desk
from studytui.study.fading import Stage
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.derivation_lines import Worked
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.step_field import StepField
from studytui.tui.widgets.text_lines import Lines
from tests.tui.reading import reader_at
from tests.tui.studio import make_desk
from tests.tui.test_review import review
from tests.tui.waiting import until

SIZE = (90, 40)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


def worked(desk: Desk, stage: Stage) -> None:
    """Days of unaided work, as many as lead from the first meeting to a stage."""
    for day in range(1, stage):
        done = Derived("count-double", "4*x", done=True, stage=5)
        desk.ledger.record(done, datetime(2026, 1, day, 12, tzinfo=UTC))


async def bench(
    pilot: Pilot[None], app: StudyApp, stage: Stage = Stage.LAST_KEY
) -> DerivationBench:
    worked(app.desk, stage)
    return await reader_at(pilot, DerivationBench)


async def offer(pilot: Pilot[None], found: DerivationBench, line: str) -> str:
    """Type a line, check it, and return what is said of it."""
    field = found.query_one(StepField)
    field.focus()
    field.value = line
    await pilot.press("enter")
    await until(pilot, lambda: not found.waiting)
    await pilot.pause()
    return said(found)


def said(found: DerivationBench) -> str:
    lines = found.query_one("#bench-verdict", Lines).shown
    return " ".join(text for line in lines for text, _ in line)


async def test_a_wrong_line_is_refuted_with_values(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app, Stage.EMPTY)
        told = await offer(pilot, found, "3*x + 2*x")
        assert "refuted" in told
        assert "x = " in told
        assert found.bench.lines == []
        assert found.query_one(StepField).value == "3*x + 2*x"


async def test_any_right_route_reaches_the_goal_and_is_graded(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app, Stage.EMPTY)
        # Not the author's line, and right all the same.
        assert "proved" in await offer(pilot, found, "y = x + 3 x")
        told = await offer(pilot, found, "4x")
        assert "Show how" in told
        await offer(pilot, found, "2x + 2x")
        await until(pilot, lambda: found.bench.done)
        assert "The goal is reached" in said(found)
        assert found.query_one(GradeBar).proposed == 3
        await pilot.press("3")
        await until(pilot, lambda: desk.ledger.state("count-double").reps == 1)
        event = desk.ledger.journal.latest("derived")["count-double"]
        assert isinstance(event.body, Derived)
        assert event.body.done


async def test_hints_grow_stronger_and_shown_lines_count_as_forgotten(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app, Stage.EMPTY)
        found.focus()
        seen = []
        for _ in range(3):
            await pilot.press("h")
            seen.append(said(found))
        assert "Begin on the left" in seen[0]
        assert "x + x" in seen[1]
        assert len(set(seen)) == 3
        await pilot.press("v", "v")
        await until(pilot, lambda: found.bench.done)
        assert found.query_one(GradeBar).proposed == 1


async def test_what_cannot_be_read_is_told_by_column_while_typing(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app)
        found.query_one(StepField).focus()
        await pilot.press("2", "x", "plus", "q")
        await pilot.pause()
        shown = str(found.query_one("#bench-preview", Lines).shown)
        assert "^" in shown
        assert "q is not a declared name" in shown
        await pilot.press("backspace", "x")
        await pilot.pause()
        shown = str(found.query_one("#bench-preview", Lines).shown)
        assert "2 x + x" in shown.replace("\\xa0", " ")


async def in_review(pilot: Pilot[None], app: StudyApp) -> tuple[ReviewScreen, DerivationBench]:
    screen = await review(pilot, app)
    while screen.shown and screen.shown.record.card != "count-double":
        await screen.action_bury()
    return screen, screen.query_one(DerivationBench)


async def test_a_derivation_comes_back_in_the_review(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    worked(desk, Stage.EMPTY)
    async with app.run_test(size=SIZE) as pilot:
        screen, found = await in_review(pilot, app)
        await offer(pilot, found, "2x + 2x")
        await offer(pilot, found, "4x")
        await until(pilot, lambda: screen.proposed is not None)
        await pilot.press("3")
        await until(pilot, lambda: desk.ledger.state("count-double").reps == 1)


async def test_what_is_wrong_with_a_derivation_is_reported_from_the_review(desk: Desk) -> None:
    """Its bench has a bar of grades of its own, and the review has one too."""
    app = StudyApp(desk=desk)
    worked(desk, Stage.EMPTY)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, found = await in_review(pilot, app)
        await offer(pilot, found, "2x + 2x")
        await offer(pilot, found, "4x")
        await until(pilot, lambda: screen.proposed is not None)
        assert screen.grades.waits
        assert screen.grades.region.height == 1
        await pilot.press("R", *"why?", "enter")
        await until(pilot, lambda: list(desk.ledger.journal.events(kinds=[Report.kind])))
        (event,) = desk.ledger.journal.events(kinds=[Report.kind])
        assert isinstance(event.body, Report)
        assert (event.body.card, event.body.text) == ("count-double", "why?")


async def test_at_first_one_line_is_missing_and_it_comes_again_tomorrow(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, found = await in_review(pilot, app)
        rows = [(row.lead, row.text, row.note) for row in found.query_one(Worked).rows]
        assert rows[-3:] == [
            ("?", "", "Add the first two"),
            ("·", "4*x", ""),
            ("goal", "y = 4*x", ""),
        ]
        assert "stands" in await offer(pilot, found, "4*x") or "Show how" in said(found)
        assert not found.bench.done
        await offer(pilot, found, "2x + 2x")
        await until(pilot, lambda: found.bench.done)
        assert "tomorrow: two lines missing" in said(found)
        await until(pilot, lambda: screen.rehearsed)
        await pilot.press("space")
        await until(pilot, lambda: screen.shown is None or not screen.rehearsed)
        state = desk.ledger.state("count-double")
        assert state.reps == 0
        assert state.buried_day > 0
        event = desk.ledger.journal.latest("derived")["count-double"].body
        assert isinstance(event, Derived)
        assert (event.done, event.stage, event.shown, event.mistakes) == (True, 1, 0, 0)


async def test_a_key_shows_more_lines_or_fewer_and_that_is_kept(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app, Stage.SKELETON)
        found.focus()
        notes = [row.note for row in found.query_one(Worked).rows]
        assert notes == ["", "Add the first two", "Add again", ""]
        await pilot.press("minus", "minus")
        assert found.query_one(Worked).rows[-1].note == "is for you to find"
        await pilot.press("plus", "plus", "plus", "plus")
        assert found.bench.stage is Stage.LAST_KEY
        await offer(pilot, found, "2x + 2x")
        await until(pilot, lambda: found.bench.done)
        assert found.query_one(GradeBar).proposed == 2
        event = desk.ledger.journal.latest("derived")["count-double"].body
        assert isinstance(event, Derived)
        assert event.stage == 1


async def test_pasted_lines_come_one_by_one_and_none_is_lost(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app, Stage.EMPTY)
        field = found.query_one(StepField)
        field.focus()
        await pilot.pause()
        app.post_message(events.Paste("y = x + 3 x\r\n\r\n5x\n  2x + 2x\n"))
        await until(pilot, lambda: field.value == "y = x + 3 x")
        await until(pilot, lambda: "2 more pasted" in said(found))
        await pilot.press("enter")
        await until(pilot, lambda: field.value == "5x")
        await pilot.press("enter")
        await until(pilot, lambda: "refuted" in said(found))
        assert field.value == "5x", "a wrong line stays, to be mended"
        field.value = "4x"
        await pilot.press("enter")
        await until(pilot, lambda: field.value == "2x + 2x")
        await pilot.press("enter")
        await until(pilot, lambda: found.bench.done)


async def test_escape_drops_pasted_lines_that_wait(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app, Stage.EMPTY)
        field = found.query_one(StepField)
        field.focus()
        await pilot.pause()
        app.post_message(events.Paste("y = x + 3 x\n5x\n"))
        await until(pilot, lambda: "1 more pasted" in said(found))
        await pilot.press("escape", "enter", "enter")
        await until(pilot, lambda: found.bench.lines and not found.waiting)
        await pilot.pause()
        assert field.value == ""


def told_keys(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(KeyBar).render_line(0).text


async def test_the_key_bar_offers_no_work_once_the_goal_is_reached(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app, Stage.EMPTY)
        assert "Work  h Hint  v Next line" in told_keys(pilot)
        await offer(pilot, found, "2x + 2x")
        await offer(pilot, found, "4x")
        await until(pilot, lambda: found.proposed is not None)
        await pilot.pause()
        assert "⏎ Good" in told_keys(pilot)
        assert "Hint" not in told_keys(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: found.proposed is None)
        await pilot.pause()
        for idle in ("Work", "Hint", "Next line", "Good"):
            assert idle not in told_keys(pilot)
        assert "Take back" in told_keys(pilot)
