"""The bench in an article and in the review, with the real prover."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from studytui.store.events import Derived
from studytui.study.desk import Desk
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.derivation import DerivationBench
from studytui.tui.widgets.grade_bar import GradeBar
from studytui.tui.widgets.lines import Lines
from studytui.tui.widgets.step_field import StepField
from tests.tui.studio import make_desk
from tests.tui.test_review import review, until

SIZE = (90, 40)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


async def bench(pilot: Pilot[None], app: StudyApp) -> DerivationBench:
    app.open_article("counting")
    await until(pilot, lambda: bool(app.screen.query("#page")))
    while not app.screen.query(DerivationBench):
        await pilot.press("pagedown")
        await pilot.pause(0.05)
    found = app.screen.query_one(DerivationBench)
    await until(pilot, lambda: found.is_mounted and bool(found.query(StepField)))
    return found


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
    lines = found.query_one("#bench-verdict", Lines)._source
    return " ".join(text for line in lines for text, _ in line)


async def test_a_wrong_line_is_refuted_with_values(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app)
        told = await offer(pilot, found, "3*x + 2*x")
        assert "refuted" in told
        assert "x = " in told
        assert found.bench.lines == []
        assert found.query_one(StepField).value == "3*x + 2*x"


async def test_any_right_route_reaches_the_goal_and_is_graded(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app)
        # Not the author's line, and right all the same.
        assert "proved" in await offer(pilot, found, "y = x + 3 x")
        await offer(pilot, found, "4x")
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
        found = await bench(pilot, app)
        found.focus()
        seen = []
        for _ in range(3):
            await pilot.press("h")
            seen.append(said(found))
        assert "Begin on the left" in seen[0]
        assert "x + x" in seen[1]
        assert len(set(seen)) == 3
        await pilot.press("n", "n")
        await until(pilot, lambda: found.bench.done)
        assert found.query_one(GradeBar).proposed == 1


async def test_what_cannot_be_read_is_told_by_column_while_typing(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await bench(pilot, app)
        found.query_one(StepField).focus()
        await pilot.press("2", "x", "plus", "q")
        await pilot.pause()
        shown = str(found.query_one("#bench-preview", Lines)._source)
        assert "^" in shown
        assert "q is not a declared name" in shown
        await pilot.press("backspace", "x")
        await pilot.pause()
        shown = str(found.query_one("#bench-preview", Lines)._source)
        assert "2 x + x" in shown.replace("\\xa0", " ")


async def test_a_derivation_comes_back_in_the_review(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await review(pilot, app)
        while screen.shown and screen.shown.record.card != "count-double":
            await screen.action_bury()
        found = screen.query_one(DerivationBench)
        await offer(pilot, found, "4x")
        await until(pilot, lambda: screen.proposed is not None)
        await pilot.press("3")
        await until(pilot, lambda: desk.ledger.state("count-double").reps == 1)
