"""Ctrl+C stops what runs where one is; only where nothing runs does it lead out."""

from __future__ import annotations

from pathlib import Path

from studytui.tui.widgets.run_output import RunOutput
from studytui.tui.widgets.snippet import SnippetPanel
from studytui.tui.widgets.text_lines import Lines
from tests.present import present
from tests.tui.reading import make_desk, reader_at
from tests.tui.studio import make_pack
from tests.tui.waiting import HearingApp, all_answered, until

LEAVE = "Press Ctrl+C again to leave studytui."


async def test_ctrl_c_stops_a_run_before_it_leads_out(tmp_path: Path) -> None:
    with make_desk(tmp_path, pack=make_pack(tmp_path / "lab")) as desk:
        app = HearingApp(desk=desk)
        async with app.run_test(size=(80, 24)) as pilot:
            found = await reader_at(pilot, SnippetPanel)
            await until(pilot, lambda: found.is_read)
            bench, script = found.workbench, present(found.script)
            bench.trust(script, present(bench.untrusted(script)))
            found.trusted = True
            found.values["forever"] = "true"
            await pilot.press("ctrl+j")
            await until(pilot, lambda: "number 2" in found.query_one(RunOutput).lines.text)
            await pilot.press("ctrl+c")
            state = found.query_one("#snippet-state", Lines)
            await until(pilot, lambda: any("stopped" in text for text, _ in state.shown[0]))
            assert LEAVE not in app.heard
            await pilot.press("ctrl+c")
            await all_answered(pilot, app)
            assert LEAVE in app.heard
            assert app.is_running
