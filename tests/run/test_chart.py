"""Figures in characters: what a person sees, and what a figure of any kind may hold."""

from __future__ import annotations

import json
import math

import pytest

from studytui.library.layout.safe import cells
from studytui.run.chart import Row, chart
from studytui.run.events import Axis, Curve, Figure, Panel, from_json, to_json
from tests.run.conftest import Bench

TICKS = ((0.0, "0"), (5.0, "5"), (10.0, "10"))


def panel(*curves: Curve, title: str = "loss", log: bool = False) -> Panel:
    y = (
        Axis("", 1, 100, log, ((1.0, "10⁰"), (100.0, "10²")))
        if log
        else Axis("", 0, 10, ticks=TICKS)
    )
    return Panel(title, Axis("step", 0, 10, ticks=TICKS), y, curves)


def curve(kind: str = "line", label: str = "", y: tuple[float, ...] = (0, 10)) -> Curve:
    x = tuple(10 * place / (len(y) - 1) for place in range(len(y)))
    return Curve(label, "#1f77b4", kind, x, y)


def text(rows: list[Row]) -> str:
    return "\n".join("".join(piece for piece, _ in row).rstrip() for row in rows)


def test_a_line_rises_from_corner_to_corner() -> None:
    drawn = text(chart([panel(curve(label="measured"))], 22, 6))
    assert drawn.splitlines() == [
        "    loss",
        "10 ┤               ⣀⠔⠊",
        "   │            ⣀⠔⠊",
        " 5 ┤         ⣀⠔⠊",
        "   │      ⡠⠔⠉",
        "   │   ⡠⠔⠉",
        " 0 ┤⡠⠔⠉",
        "   └┬───────┬────────┬",
        "    0       5       10",
        "           step",
        "    ━ measured",
    ]


def test_points_bars_and_dashes_have_marks_of_their_own() -> None:
    drawn = text(chart([panel(curve("points", "seen", (5, 5, 5)))], 40))
    assert drawn.count("•") == 4  # three, and the one of the legend
    bars = Curve("p", "#888888", "bars", (0, 4, 6, 10), (0, 10, 0, 2))
    drawn = text(chart([panel(bars)], 40, 8))
    assert "⣿" in drawn
    assert "█ p" in drawn
    solid = text(chart([panel(curve())], 60))
    dashed = text(chart([panel(curve("dashes", "theory"))], 60))
    assert "╍ theory" in dashed
    assert 0.4 < dots(dashed) / dots(solid) < 0.7


def dots(drawn: str) -> int:
    """The dots of all cells in braille."""
    cells = (letter for letter in drawn if "\u2800" <= letter <= "\u28ff")
    return sum((ord(letter) - 0x2800).bit_count() for letter in cells)


def test_a_logarithmic_axis_and_gaps() -> None:
    drawn = text(chart([panel(curve(y=(1, 10, 100)), log=True)], 40, 9)).splitlines()
    middle = drawn[1 + 4]
    assert any("\u2800" <= letter <= "\u28ff" for letter in middle[18:24])
    gap = text(chart([panel(curve(y=(0, math.nan, 10)))], 40))
    assert sum("\u2800" < letter <= "\u28ff" for letter in gap) == 2
    nowhere = text(chart([panel(curve(y=(-5, 0, -1)), log=True)], 40))
    assert not any("\u2800" < letter <= "\u28ff" for letter in nowhere)


@pytest.mark.parametrize("width", [20, 33, 66, 76, 120, 250])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_panels_stand_beside_each_other_as_far_as_they_fit(width: int, count: int) -> None:
    panels = [
        panel(curve(label=f"curve {place}"), title=f"panel {place}") for place in range(count)
    ]
    rows = chart(panels, width)
    assert max(sum(len(piece) for piece, _ in row) for row in rows) <= width
    for place in range(count):
        assert f"panel {place}" in text(rows)
        assert f"curve {place}" in text(rows)
    assert ("panel 0" in text(rows[:1]) and "panel 1" in text(rows[:1])) == (
        count > 1 and width >= 66
    )


def test_hostile_numbers_are_drawn_or_left_out() -> None:
    wild = (1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan, 0.0)
    rows = chart([panel(curve(y=wild)), panel(curve(y=wild), log=True)], 60)
    assert len(text(rows)) < 4000
    flat = Panel("", Axis("", 3, 3), Axis("", 3, 3), (curve(y=(3, 3)),))
    assert chart([flat], 40)


def test_labels_are_harmless_and_measured_in_cells() -> None:
    wide = panel(curve(label="损失 \x1b[31mred\n"), title="训练损失" * 20)
    rows = chart([wide, panel(curve())], 80)
    assert not any(set(piece) & {"\x1b", "\n"} for row in rows for piece, _ in row)
    assert "损失" in text(rows)
    assert all(sum(cells(piece) for piece, _ in row) <= 80 for row in rows)


def test_a_figure_survives_its_way_as_json() -> None:
    figure = Figure("/tmp/x.png", 10, 10, "a", (panel(curve(y=(0, math.nan, 10))),))
    line = to_json(figure)
    json.loads(line, parse_constant=lambda name: pytest.fail(name))
    found = from_json(line)
    assert isinstance(found, Figure)
    assert found.panels[0].x == figure.panels[0].x
    assert math.isnan(found.panels[0].curves[0].y[1])
    assert from_json('{"event": "figure", "path": "p", "width": 1, "height": 1}')


@pytest.mark.parametrize(
    "change",
    [
        {"curves": [{"label": "", "colour": "", "kind": "line", "x": [0] * 10**5, "y": [0]}]},
        {"curves": [{}]},
        {"curves": [{"label": "", "colour": "", "kind": "line", "x": ["a"], "y": [0]}]},
        {"x": {"label": "", "low": 0, "high": 1e999, "log": False, "ticks": []}},
        {"x": 3},
    ],
)
def test_a_broken_panel_is_refused(change: dict[str, object]) -> None:
    fields = json.loads(to_json(Figure("p", 1, 1, "", (panel(curve()),))))
    fields["panels"][0].update(change)
    with pytest.raises(ValueError):
        from_json(json.dumps(fields))


def test_what_matplotlib_drew_comes_as_curves(bench: Bench) -> None:
    events = bench.run("""
        import matplotlib.pyplot as plt
        def main(n: int = 1):
            figure, (left, right) = plt.subplots(1, 2)
            left.semilogy([1, 10, 100], [1, 10, 100], "--", label="theory $x^2$")
            left.axhline(10, color="black")
            left.plot(range(100_000), [5] * 100_000)
            left.set(title="left", xlabel="$n$")
            right.bar([0, 1], [3, 4], label="p")
            right.errorbar([0, 1], [3, 4], yerr=1, fmt="o", color="red")
            right.scatter([0, 1], [1, 2])
            plt.show()
            plt.imshow([[1, 2], [3, 4]]); plt.show()
            plt.subplot(projection="polar"); plt.plot([1, 2]); plt.show()
        """)
    first, picture, polar = (event for event in events if isinstance(event, Figure))
    assert not picture.panels
    assert not polar.panels
    left, right = first.panels
    assert (left.title, left.x.label, left.y.log) == ("left", "n", True)
    assert [item.kind for item in left.curves] == ["dashes", "line", "line"]
    assert left.curves[0].label == "theory x^2"
    assert left.curves[0].y == (1, 10, 100)
    assert set(left.curves[1].y) == {10}
    assert len(left.curves[2].x) <= 1000
    assert "10²" in [label for _, label in left.y.ticks]
    assert right.curves[0].x == (-0.4, 0.4, 0.6, 1.4)
    assert sorted(item.kind for item in right.curves) == ["bars", "line", "points", "points"]
