"""Values that move, two runs side by side, lines that are asked for, output of any length."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from studytui.run.outputs import kept
from studytui.study.desk import Desk
from studytui.tui.screens.whole_output import OutputView, WholeOutputScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets import runs
from studytui.tui.widgets.output_lines import MOST_LINES
from studytui.tui.widgets.parameter_form import ParameterForm
from studytui.tui.widgets.snippet import SnippetPanel
from studytui.tui.widgets.typed_line import TypedLine
from tests.tui.studio import make_desk
from tests.tui.test_snippet import panel, said
from tests.tui.waiting import until

HEAD = '''"""Draws a line."""
from typing import Annotated
import typer
'''
END = """
if __name__ == "__main__":
    typer.run(main)
"""
DRAWS = """
def main(n: Annotated[int, typer.Option(min=1, max=1000)] = 5, up: bool = True) -> None:
    import matplotlib.pyplot as plt
    print("the same line")
    print("n is", n)
    plt.plot([0, n], [0, n])
    plt.xlabel("step")
    plt.show()
"""
ASKS = """
def main(n: int = 1) -> None:
    print("hello", input("name? "))
"""
LONG = """
def main(n: int = 1) -> None:
    print("\\n".join(f"line {number}" for number in range(12000)))
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


def write(desk_folder: Path, source: str) -> None:
    path = desk_folder / "lab" / "snippets" / "things" / "count.py"
    path.write_text(HEAD + source + END)


@pytest.fixture
def always_live(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is, a run counts as one that took about a second."""
    monkeypatch.setattr(runs, "LIVE_SECONDS", math.inf)


async def ran(pilot: Pilot[None], found: SnippetPanel, line: str) -> None:
    """Wait until the present run has ended and printed that line."""
    await until(pilot, lambda: line in found.output.lines.plain_lines() and not found.runs.goes)


async def form_of(pilot: Pilot[None], found: SnippetPanel) -> ParameterForm:
    await pilot.press("p")
    await until(pilot, lambda: bool(found.query(ParameterForm)))
    return found.query_one(ParameterForm)


@pytest.mark.usefixtures("always_live")
async def test_a_number_that_is_moved_runs_again_at_once_in_place(
    desk: Desk, tmp_path: Path
) -> None:
    write(tmp_path, DRAWS)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 40)) as pilot:
        found = await panel(pilot, app)
        await pilot.press("ctrl+j")
        await ran(pilot, found, "n is 3")
        figure = found.output.shown_figures[0]
        form = await form_of(pilot, found)
        await pilot.press("right")
        await ran(pilot, found, "n is 4")
        assert found.output.shown_figures == [figure], "the figure keeps its widget"
        assert len(found.output.figures) == 1
        assert "at once" in str(form.query_one("#form-note").render())
        await pilot.press("plus", "shift+right")
        await ran(pilot, found, "n is 15")
        await pilot.press(*["minus"] * 30)
        await ran(pilot, found, "n is 1")
        # What lay between was stopped or never begun, and left nothing behind.
        assert found.script is not None
        await until(pilot, lambda: not found.runs.latest.is_busy)
        assert len(kept(desk.directories.outputs, "lab/things/count")) == 2
        assert len(list(desk.ledger.journal.events())) < 10, "one run is in the journal, not forty"


@pytest.mark.usefixtures("always_live")
async def test_letters_and_the_cursor_work_in_a_number_as_in_any_field(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 40)) as pilot:
        found = await panel(pilot, app)
        await form_of(pilot, found)
        await pilot.press("1", "2", "left", "5")
        assert found.values["n"] == "152"
        assert not found.runs.goes, "what is typed runs when it is asked for"


async def test_a_slow_snippet_runs_when_it_is_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "LIVE_SECONDS", 0.0)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 40)) as pilot:
        found = await panel(pilot, app)
        await pilot.press("ctrl+j")
        await ran(pilot, found, "number 2")
        form = await form_of(pilot, found)
        await pilot.press("right")
        assert found.values["n"] == "4"
        assert not found.runs.goes
        assert "ctrl+j runs" in str(form.query_one("#form-note").render())


@pytest.mark.usefixtures("always_live")
@pytest.mark.parametrize(("width", "wide"), [(80, False), (150, True)])
async def test_two_runs_are_compared(desk: Desk, tmp_path: Path, width: int, wide: bool) -> None:
    write(tmp_path, DRAWS)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(width, 60)) as pilot:
        found = await panel(pilot, app)
        await pilot.press("K")
        assert "no run yet" in said(found)
        await pilot.press("ctrl+j")
        await ran(pilot, found, "n is 3")
        await pilot.press("K")
        await form_of(pilot, found)
        await pilot.press("right")
        await ran(pilot, found, "n is 4")
        compared = found.runs.compared
        first, second = compared.held, compared.output
        assert first is not None
        await until(pilot, lambda: "n 4" in str(second.head.shown))
        assert "n 3" in str(first.head.shown)
        assert first.lines.plain_lines()[:2] == ["the same line", "n is 3"]
        assert first.lines.differing == second.lines.differing == frozenset({1})
        axes = [each.shown_figures[0].panels[0].y for each in (first, second)]  # type: ignore[attr-defined]
        assert axes[0] == axes[1]
        await until(pilot, lambda: second.region.height > 2)
        side_by_side = first.region.y == second.region.y and first.region.x < second.region.x
        above = first.region.x == second.region.x and first.region.bottom <= second.region.y
        assert (side_by_side, above) == (wide, not wide)
        await pilot.press("f2")
        await until(pilot, lambda: compared.held is None)
        assert found.output.lines.differing is None
        assert not found.output.has_class("compared")


async def test_a_line_that_the_snippet_asks_for_is_typed_under_its_output(
    desk: Desk, tmp_path: Path
) -> None:
    write(tmp_path, ASKS)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        found = await panel(pilot, app)
        await pilot.press("ctrl+j")
        await until(pilot, lambda: bool(found.query(TypedLine)))
        await until(pilot, lambda: found.query_one(TypedLine).has_focus)
        await pilot.press("A", "d", "a", "enter")
        await ran(pilot, found, "hello Ada")
        assert found.output.lines.plain_lines()[0] == "name? Ada"
        assert not found.query(TypedLine)
        assert found.has_focus
        await pilot.press("ctrl+j")
        await until(pilot, lambda: bool(found.query(TypedLine)))
        await until(pilot, lambda: found.query_one(TypedLine).has_focus)
        await pilot.press("ctrl+d")
        await until(pilot, lambda: "failed" in said(found))


async def test_what_the_screen_cuts_is_shown_whole(desk: Desk, tmp_path: Path) -> None:
    write(tmp_path, LONG)
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        found = await panel(pilot, app)
        await pilot.press("ctrl+j")
        await ran(pilot, found, "line 11999")
        assert found.output.lines.cut == 12_000 - MOST_LINES
        found.output.lines.scroll_visible(top=True, animate=False)
        cut = "7,000 lines before: all of it is shown by W"
        await until(pilot, lambda: cut in found.output.lines.render_line(0).text)
        await pilot.press("W")
        await until(pilot, lambda: isinstance(app.screen, WholeOutputScreen))
        view = app.screen.query_one(OutputView)
        assert len(view.lines) == 12_000
        await until(pilot, lambda: view.size.height > 0)
        assert view.render_line(0).text.rstrip() == "line 0"
        await pilot.press("G")
        await until(pilot, lambda: view.scroll_offset.y > 11_000)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, WholeOutputScreen))
