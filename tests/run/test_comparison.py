"""Two runs compared."""

from __future__ import annotations

from dataclasses import replace

from studytui.run.comparison import MOST_LINES, differing_lines, on_shared_scales
from studytui.run.events import Axis, Curve, Figure, Panel

CURVE = Curve("loss", "#1f77b4", "line", (0.0, 1.0), (0.0, 1.0))


def figure(low: float, high: float, label: str = "loss") -> Figure:
    axis = Axis("step", 0.0, 1.0, ticks=((0.0, "0"), (1.0, "1")))
    y = Axis(label, low, high, ticks=((low, f"{low:g}"), (high, f"{high:g}")))
    return Figure("figure.png", 10, 10, "", (Panel("", axis, y, (CURVE,)),))


def test_two_figures_of_the_same_quantities_get_the_same_axes() -> None:
    first, second = on_shared_scales(figure(0, 1), figure(0.5, 4))
    assert first.panels[0].y == second.panels[0].y
    assert (first.panels[0].y.low, first.panels[0].y.high) == (0, 4)
    assert [text for _, text in first.panels[0].y.ticks] == ["0", "0.5", "4"]


def test_figures_of_other_quantities_are_left_as_they_are() -> None:
    pair = figure(0, 1), figure(0, 9, "accuracy")
    assert on_shared_scales(*pair) == pair
    assert on_shared_scales(pair[0], replace(pair[1], panels=())) == (
        pair[0],
        replace(pair[1], panels=()),
    )


def test_of_a_long_output_the_end_is_compared() -> None:
    lines = [f"line {number}" for number in range(5 * MOST_LINES)]
    ours, theirs = differing_lines(lines, [*lines[:-1], "another end"])
    assert ours == theirs == {len(lines) - 1}
