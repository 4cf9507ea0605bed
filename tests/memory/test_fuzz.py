"""Fuzz: seeded, within Anki's ranges, and away from busy days."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from studytui.memory.fuzz import bounds, chosen, rounded, seeded, spread


@pytest.mark.parametrize(
    ("interval", "expected"),
    [(1.0, (1, 1)), (2.4, (2, 2)), (2.6, (2, 4)), (10.0, (8, 12)), (100.0, (93, 107))],
)
def test_ranges(interval: float, expected: tuple[int, int]) -> None:
    assert bounds(interval, 1, 36_500) == expected


def test_the_same_card_at_the_same_count_has_the_same_fuzz() -> None:
    assert seeded("a/1", 3) == seeded("a/1", 3)
    assert len({seeded("a/1", count) for count in range(50)}) == 50
    mean = sum(seeded(f"card/{number}", 1) for number in range(20_000)) / 20_000
    assert mean == pytest.approx(0.5, abs=0.01)


@limits(max_examples=300, derandomize=True)
@given(
    st.floats(0.1, 40_000),
    st.integers(1, 400),
    st.integers(1, 36_500),
    st.floats(0, 1, exclude_max=True),
)
def test_a_fuzzed_interval_keeps_its_bounds(
    interval: float, least: int, most: int, factor: float
) -> None:
    days = chosen(interval, least, most, factor)
    assert min(least, most) <= days <= most
    lower, upper = bounds(interval, least, most)
    assert lower <= days <= upper


def test_without_fuzz_halves_go_up() -> None:
    assert rounded(2.5) == 3
    assert rounded(3.5) == 4
    assert chosen(8.5, 1, 100, None) == 9


def test_a_busy_day_is_avoided() -> None:
    load = {10: 0, 11: 200, 12: 1}
    drawn = Counter(spread(10, 12, load, number / 1000) for number in range(1000))
    assert drawn[10] > drawn[12] > 100
    assert drawn[11] < 5


def test_an_even_load_is_drawn_evenly() -> None:
    drawn = Counter(spread(10, 14, {}, number / 1000) for number in range(1000))
    assert set(drawn.values()) == {200}
