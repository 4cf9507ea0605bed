"""A reader's own times move the guesses, a little at a time."""

from __future__ import annotations

import pytest

from studytui.study.planning.timing import EVERY, Times, factors_from


def test_without_measurements_the_guess_holds() -> None:
    assert factors_from(()) == {}
    assert Times().card("number") == 60
    assert Times().derivation(3) == 165
    assert Times().derivation(1, first=True) == pytest.approx(112.5)


def test_three_measurements_of_everything_weigh_as_much_as_the_guess() -> None:
    factors = factors_from([("number", 120.0, 60.0)] * 3)
    assert factors == pytest.approx({EVERY: 1.5, "number": 1.75})


def test_what_was_never_measured_takes_as_long_as_all_else_says() -> None:
    slow = Times(factors_from([("read", 200.0, 100.0)] * 30))
    assert slow.code() == pytest.approx(300 * (3 + 60) / 33)


def test_a_day_of_uneven_times_is_as_long_as_their_sum() -> None:
    uneven = [("basic", 10.0, 20.0), ("basic", 50.0, 20.0)] * 15
    pace = (3 + 45) / 33
    assert factors_from(uneven)["basic"] == pytest.approx((3 * pace + 45) / 33)


def test_one_odd_evening_moves_little_and_old_ones_are_forgotten() -> None:
    odd = factors_from([("read", 90_000.0, 100.0)])
    assert odd[EVERY] == pytest.approx(7 / 4)
    slow_then_fast = [("read", 400.0, 100.0)] * 50 + [("read", 50.0, 100.0)] * 30
    assert factors_from(slow_then_fast)["read"] == pytest.approx((3 * 18 / 33 + 15) / 33)


def test_what_took_no_time_was_not_measured() -> None:
    assert factors_from([("basic", 0.0, 20.0)]) == {}
