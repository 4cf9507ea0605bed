"""What a run shows: odd bars and tables break nothing."""

from __future__ import annotations

import pytest

from studytui.run.events import Progress
from studytui.tui.palette import Palette
from studytui.tui.widgets.run_output import BAR_CELLS, OutputLines

ODD = [(10.0, -1.0), (-5.0, 3.0), (1e15, 1e-9), (0.0, 0.0), (-1e15, 1.0), (7.0, 3.0)]


@pytest.mark.parametrize(("done", "total"), ODD)
def test_a_bar_is_never_longer_than_its_room(done: float, total: float) -> None:
    lines = OutputLines(Palette(dark=True))
    strip = lines._bar(Progress("bar", done, total, "note"))
    assert sum(segment.text.count("━") for segment in strip) == BAR_CELLS
