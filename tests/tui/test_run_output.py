"""What a run shows: odd bars and tables break nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from studytui.run.events import Failed, Output, Progress, Started
from studytui.run.outputs import RUNNING, Kept
from studytui.tui.palette import Palette
from studytui.tui.widgets.output_lines import BAR_CELLS, GOES_ON, OutputLines
from studytui.tui.widgets.run_messages import past_line
from studytui.tui.widgets.run_output import RunOutput
from studytui.tui.widgets.text_lines import Styled

ODD = [(10.0, -1.0), (-5.0, 3.0), (1e15, 1e-9), (0.0, 0.0), (-1e15, 1.0), (7.0, 3.0)]


@pytest.mark.parametrize(("done", "total"), ODD)
def test_a_bar_is_never_longer_than_its_room(done: float, total: float) -> None:
    lines = OutputLines(Palette(dark=True))
    strip = lines.bar_strip(Progress("bar", done, total, "note"))
    assert sum(segment.text.count("━") for segment in strip) == BAR_CELLS


WIDTH = 60
TRACEBACK = f"""Traceback (most recent call last):
  File "/home/reader/{"long/" * 12}engine.py", line 207, in main
    check(loss, "一二三四五六七八九十" * 3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
lab.errors.WrongError: the gradient is wrong
"""


class Shown(App[None]):
    """Nothing but the output of a run."""

    def compose(self) -> ComposeResult:
        yield RunOutput(Palette(dark=True))


def rows(output: RunOutput) -> list[str]:
    """What stands on the screen."""
    lines = output.lines
    strips = lines.render_lines(lines.size.region)
    return [strip.text.rstrip() for strip in strips]


async def test_a_long_line_goes_on_in_the_next_row_and_an_error_is_told_once() -> None:
    app = Shown()
    async with app.run_test(size=(WIDTH, 40)) as pilot:
        output = app.query_one(RunOutput)
        red = f"\x1b[31m{'red ' * 30}\x1b[0m end"
        failed = Failed("WrongError", "the gradient is wrong", TRACEBACK, 207)
        output.show([Output(red + "\n"), failed])
        await pilot.pause()
        for width in (WIDTH, 31):
            await pilot.resize_terminal(width, 60)
            await pilot.pause()
            shown = rows(output)
            told = "".join(row.removeprefix(GOES_ON) for row in shown).replace(" ", "")
            for whole in ("line207,inmain", "一二三四五六七八九十", "9,10])", "redend"):
                assert whole in told, (width, whole)
            assert any(row.startswith(GOES_ON) for row in shown)
            assert all(strip <= width for strip in map(len, shown))
            assert told.count("thegradientiswrong") == 1
        assert GOES_ON not in output.lines.text, "what is copied is as it was printed"


def test_a_run_that_has_not_ended_is_told_as_such(tmp_path: Path) -> None:
    started = Started("things/count", "cpu", {"n": "3"}, "2026-11-23T10:00:00+00:00")
    run = Kept("20261123T100000-a", tmp_path, started, None)
    (tmp_path / RUNNING).touch()
    assert "it ran still" in told(past_line(run, {"n": "3"}, stale=False))
    (tmp_path / RUNNING).unlink()
    assert "never came to its end" in told(past_line(run, {"n": "3"}, stale=False))
    assert "it ran with n 3" in told(past_line(run, {"n": "5"}, stale=False))


def told(line: Styled) -> str:
    return "".join(text for text, _ in line)


async def test_an_error_that_the_traceback_does_not_end_with_is_told_beside_it() -> None:
    app = Shown()
    async with app.run_test(size=(WIDTH, 40)) as pilot:
        output = app.query_one(RunOutput)
        output.show([Failed("OddError", "one\ntwo", "Traceback:\n  odd\nan added note\n")])
        await pilot.pause()
        assert rows(output) == ["Traceback:", "  odd", "an added note", "OddError: one", "two"]


def test_without_colours_a_bar_tells_its_share_by_its_shape() -> None:
    lines = OutputLines(Palette(dark=True, colour=False))
    text = "".join(segment.text for segment in lines.bar_strip(Progress("bar", 1.0, 4.0, "")))
    assert text.startswith("━" * (BAR_CELLS // 4) + "·")
