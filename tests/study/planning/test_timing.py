"""A reader's own times move the guesses, a little at a time."""

from __future__ import annotations

import pytest

from studytui.study.planning.timing import Times, factors_from


def test_without_measurements_the_guess_holds() -> None:
    assert factors_from(()) == {}
    assert Times().card("number") == 60
    assert Times().derivation(3) == 165
    assert Times().derivation(1, first=True) == pytest.approx(112.5)


def test_five_measurements_weigh_as_much_as_the_guess() -> None:
    (factor,) = factors_from([("number", 120.0, 60.0)] * 5).values()
    assert factor == pytest.approx(2**0.5)


def test_one_odd_evening_moves_little_and_old_ones_are_forgotten() -> None:
    (odd,) = factors_from([("read", 90_000.0, 100.0)]).values()
    assert odd == pytest.approx(4 ** (1 / 6))
    slow_then_fast = [("read", 400.0, 100.0)] * 50 + [("read", 50.0, 100.0)] * 20
    assert factors_from(slow_then_fast)["read"] == pytest.approx(0.5 ** (20 / 25))


def test_what_took_no_time_was_not_measured() -> None:
    assert factors_from([("basic", 0.0, 20.0)]) == {}
