"""The snippet panel in an article: real processes, started and stopped by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from textual.pilot import Pilot

from studytui.errors import StudyError
from studytui.study.desk import Desk
from studytui.tui.messages import RunNews, SnippetBroken, SnippetRead
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.screens.search import SearchScreen
from studytui.tui.shell import StudyApp
from studytui.tui.widgets.parameter_form import ParameterForm
from studytui.tui.widgets.run_output import RunOutput
from studytui.tui.widgets.snippet import SnippetPanel
from studytui.tui.widgets.text_lines import Lines
from tests.present import present
from tests.tui.reading import reader_at
from tests.tui.studio import make_desk
from tests.tui.waiting import on_screen, page_at_rest, until

SIZE = (80, 40)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


async def panel(pilot: Pilot[None], app: StudyApp, *, trusted: bool = True) -> SnippetPanel:
    found = await reader_at(pilot, SnippetPanel)
    await until(pilot, lambda: found.snippet is not None)
    if trusted:
        await pilot.press("T", "T")
    return found


def said(found: SnippetPanel) -> str:
    return str(found.query_one("#snippet-state", Lines).shown)


async def test_code_of_another_pack_is_seen_and_trusted_before_it_runs(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await panel(pilot, app, trusted=False)
        assert found.script is not None
        helper = found.script.path.with_name("_unseen.py")
        helper.write_text("`" * 20 + "\nlate = 1\n")
        await pilot.press("ctrl+j")
        await until(pilot, lambda: "did not come with studytui" in said(found))
        assert found.runs.latest.run is None
        source = found.query_one("#snippet-source")
        assert source.display
        assert "_unseen.py" in source.markdown  # type: ignore[attr-defined]
        assert "late = 1" in source.markdown  # type: ignore[attr-defined]
        (helper.parent / "_later.py").write_text("late = 2\n")
        await pilot.press("T")
        assert not found.trusted, "what appeared meanwhile is shown first"
        assert "late = 2" in source.markdown  # type: ignore[attr-defined]
        await pilot.press("T", "ctrl+j")
        await until(pilot, lambda: "done" in said(found))
        # It is asked once, not at every run.
        assert desk.ledger.journal.latest("trust")


async def test_one_key_runs_it_and_its_output_stays(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await panel(pilot, app)
        await pilot.press("ctrl+j")
        await until(pilot, lambda: "done" in said(found))
        assert found.query_one(RunOutput).lines.text == "number 0\nnumber 1\nnumber 2"
        assert desk.ledger.journal.latest("run")
    again = StudyApp(desk=desk)
    async with again.run_test(size=SIZE) as pilot:
        found = await panel(pilot, again, trusted=False)
        await until(pilot, lambda: "from " in said(found))
        assert found.query_one(RunOutput).lines.text.startswith("number 0")


async def test_what_comes_when_the_panel_was_left_is_too_late(desk: Desk) -> None:
    """What it said last time is read beside the interface, and may come when one has left."""
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await panel(pilot, app)
        await pilot.press("ctrl+j")
        await until(pilot, lambda: "done" in said(found))
        script, snippet, runs = present(found.script), present(found.snippet), found.runs
        last = found.workbench.past(script)[0]
        await found.remove()
        read = SnippetRead(script, snippet, None, trusted=True, last=last)
        broken = SnippetBroken(StudyError("it cannot be read"))
        for widget, message in ((found, read), (found, broken), (runs, RunNews())):
            await widget._dispatch_message(message)  # noqa: SLF001 - as its queue would
        assert not found.query(RunOutput)


async def test_the_form_changes_values_and_tells_what_will_not_do(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await panel(pilot, app)
        await pilot.press("p")
        await until(pilot, lambda: bool(found.query(ParameterForm)))
        field = found.query_one("#field-n")
        field.value = "5000"  # type: ignore[attr-defined]
        await pilot.pause()
        assert found.query_one("#told-n").has_class("wrong")
        field.value = "2"  # type: ignore[attr-defined]
        await pilot.pause()
        field.focus()
        await pilot.press("enter")
        await until(pilot, lambda: "done" in said(found))
        assert found.query_one(RunOutput).lines.text == "number 0\nnumber 1"


async def test_stop_stops_and_leaves_nothing_behind(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await panel(pilot, app)
        await until(pilot, lambda: desk.runner.state.name == "warm")
        found.values["forever"] = "true"
        # The server keeps a process ready: the run gets it, and another one is made ready.
        server = psutil.Process(desk.runner.server_pid)
        await until(pilot, lambda: server.children(recursive=True))
        mine = {process.pid for process in server.children(recursive=True)}
        await pilot.press("ctrl+j")
        await until(pilot, lambda: "number 2" in found.query_one(RunOutput).lines.text)
        # The interface answers while it runs.
        await pilot.press("v")
        assert found.query_one("#snippet-source").display
        assert any(map(psutil.pid_exists, mine))
        await pilot.press("x")
        await until(pilot, lambda: "stopped" in said(found))
        await until(pilot, lambda: not any(map(psutil.pid_exists, mine)))


async def test_f_searches_and_a_difference_goes_with_the_copy(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await panel(pilot, app)
        assert found.snippet is not None
        found.workbench.edits.write(found.snippet, found.snippet.source + "# mine\n")
        found.read_again()
        await until(pilot, lambda: found.copy is not None)
        source = found.query_one("#snippet-source")
        await pilot.press("equals_sign")
        await until(pilot, lambda: source.display)
        assert "+# mine" in source.markdown  # type: ignore[attr-defined]
        await pilot.press("O")
        await until(pilot, lambda: found.copy is None)
        assert not source.display
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))


async def test_a_run_is_seen_while_its_source_is_open(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "lab" / "snippets" / "things" / "count.py"
    path.write_text(path.read_text() + "\n# So on.\n" * 200)
    article = tmp_path / "lab" / "things" / "counting.md"
    above = "\n\n".join(f"Line {number} above it." for number in range(30))
    article.write_text(article.read_text().replace("Counting is a start.", above))
    desk.library.refresh()
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        found = await panel(pilot, app)
        reader = on_screen(app, ReaderScreen)
        page = reader.page
        await page_at_rest(pilot, reader)
        # Its head on the last lines of the screen: what is shown has no room there.
        page.scroll_relative(y=found.region.y - page.region.bottom + 3, animate=False)
        await page_at_rest(pilot, reader)
        assert found.region.y == page.region.bottom - 3
        await pilot.press("v")
        await until(pilot, lambda: found.query_one("#snippet-source").region.height > 200)
        await page_at_rest(pilot, reader)
        listing = found.query_one("#snippet-source").region
        assert page.region.y <= listing.y < page.region.bottom - 3, "its beginning is seen"
        await pilot.press("ctrl+j")
        await until(pilot, lambda: "done" in said(found))
        await page_at_rest(pilot, reader)
        for part in ("#snippet-state", "RunOutput"):
            assert page.region.contains_region(found.query_one(part).region)


async def test_a_kept_output_tells_the_values_it_was_made_with(desk: Desk) -> None:
    app = StudyApp(desk=desk)
    async with app.run_test(size=SIZE) as pilot:
        found = await panel(pilot, app)
        found.values["n"] = "2"
        await pilot.press("ctrl+j")
        await until(pilot, lambda: "done" in said(found))
    again = StudyApp(desk=desk)
    async with again.run_test(size=SIZE) as pilot:
        found = await panel(pilot, again, trusted=False)
        await until(pilot, lambda: "from " in said(found))
        assert "it ran with n 2" in said(found)
        assert "forever" not in said(found)
