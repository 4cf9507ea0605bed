from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from studytui.memory.statistics import Calibration, CalibrationBin, Mastery, Share
from studytui.study.charts import bar, calibration_plot, columns, curve, heat, mastery_map


def test_columns_grow_with_their_values() -> None:
    assert columns([8, 4, 0, 1], height=2, every=2) == (
        "8 █",
        "0 ██ ▂",
        "  |─|─",
        "  0 2",
    )


@given(values=st.lists(st.integers(0, 10**6), max_size=60), height=st.integers(2, 12))
def test_columns_show_whatever_is_there(values: list[int], height: int) -> None:
    rows = columns(values, height)
    assert len(rows) == height + 2
    margin = len(str(max(values, default=0))) + 1
    lowest = rows[height - 1][margin:].ljust(len(values))
    assert [cell != " " for cell in lowest] == [value > 0 for value in values]


def test_a_heat_map_names_months_and_leaves_the_future_blank() -> None:
    quiet = (0, 0, 0, 0)
    rows = ((*quiet, 1, 4), (*quiet, 2, -1), *(((*quiet, 0, -1),) * 5))
    lines = heat(rows, date(2026, 6, 1))
    assert lines[0] == "    Apr  Jun"
    assert lines[1] == "Mon ····░█"
    assert lines[2] == "    ····▒"


@given(share=st.floats(-1, 2), width=st.integers(1, 50))
def test_a_bar_is_as_wide_as_asked(share: float, width: int) -> None:
    assert len(bar(share, width)) == width


def test_bars_at_their_ends() -> None:
    assert bar(0, 4) == "    "
    assert bar(0.5, 4) == "██  "
    assert bar(1, 4) == "████"


def test_a_calibration_plot_has_a_row_a_bin() -> None:
    bins = (CalibrationBin(0.75, Share(1, 4)), CalibrationBin(0.95, Share(90, 100)))
    lines = calibration_plot(Calibration(bins, 0.3, 0.1), width=21)
    assert len(lines) == 3
    assert lines[1].startswith("   75.0%    25.0%")
    assert lines[2].index("●") == lines[2].index("│") - 1


def test_a_mastery_map_hangs_articles_under_what_they_need() -> None:
    known = [
        Mastery("sa", 0.5, 4, 8),
        Mastery("adam", 1.0, 3, 3, ("sa",)),
        Mastery("flash", 0.0, 0, 2),
        Mastery("lora", 0.25, 1, 4, ("flash", "adam")),
        Mastery("dpo", 0.0, 0, 1, ("sa", "unknown")),
    ]
    assert mastery_map(known, 4) == (
        "sa          ██    50%  4/8",
        "├─ adam     ████ 100%  3/3",
        "│  └─ lora  █     25%  1/4  also builds on flash",
        "└─ dpo             0%  0/1",
        "flash              0%  0/2",
    )


def test_a_circle_of_needs_is_drawn_once_or_not_at_all() -> None:
    assert len(mastery_map([Mastery("a", 0, 0, 1, ("b",)), Mastery("b", 0, 0, 1, ("a",))], 4)) <= 2


def test_a_curve_has_its_ends_in_the_corners() -> None:
    lines = curve([(0.7, 10), (0.99, 90)], width=11, height=3)
    assert lines == (
        "90 ┤          •",
        "   ┤",
        "10 ┤•",
        "   └───────────",
        "    0.7    0.99",
    )
    assert curve([]) == ()
