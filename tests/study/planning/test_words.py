"""Rows of the plan: what is cut carries a mark, and what is essential stays."""

from __future__ import annotations

import pytest

from studytui.library.layout.safe import cells
from studytui.study.planning.words import row

LATE = ": one line missing"
TITLES = ["Twice", "The gradient of the example, for any entries", "梯度" * 30]


@pytest.mark.parametrize("width", [30, 46, 72])
@pytest.mark.parametrize("title", TITLES)
def test_a_row_is_as_wide_as_it_should_be_and_keeps_how_it_is_asked(title: str, width: int) -> None:
    shown = row(f"derive  {title}{LATE}", "2 min", width, kept=LATE)
    assert cells(shown) == width
    assert shown.endswith("  2 min")
    assert LATE in shown
    assert (title in shown) != ("…" in shown)


def test_what_is_cut_without_a_part_to_keep_ends_in_a_mark() -> None:
    assert row("one two three", "9 min", 16) == "one two …  9 min"
