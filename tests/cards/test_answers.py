from __future__ import annotations

import pytest

from studytui.cards.numbers import close_numbers, split_unit, unit_factor
from studytui.cards.order import first_misplaced
from studytui.cards.words import close_words, same_words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Bias correction", "bias correction"),
        ("bias  correction.", "**bias correction**"),
        ("偏差校正", "偏差校正"),
        ("momentum", "momentum (first moment)"),
        ("first moment", "momentum / first moment"),
        ("\uff21\uff24\uff21\uff2d", "Adam"),
    ],
)
def test_the_same_words_written_another_way(typed: str, expected: str) -> None:
    assert same_words(typed, expected)


@pytest.mark.parametrize("typed", ["", "bias", "variance correction"])
def test_other_words_are_not_the_same(typed: str) -> None:
    assert not same_words(typed, "bias correction")


def test_a_slip_of_the_finger_is_seen_as_one() -> None:
    assert close_words("bias corection", "bias correction")
    assert not close_words("variance", "bias correction")


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("12", ("12", "")),
        ("12.5 MiB", ("12.5", "MiB")),
        ("12MB", ("12", "MB")),
        ("2*pi", ("2*pi", "")),
        ("3 pi", ("3", "pi")),
        ("(1+2) GB", ("(1+2)", "GB")),
        ("40%", ("40", "%")),
        ("40 %", ("40", "%")),
    ],
)
def test_units_are_told_from_numbers(typed: str, parts: tuple[str, str]) -> None:
    assert split_unit(typed) == parts


@pytest.mark.parametrize(
    ("typed", "expected", "factor"),
    [
        ("", "MB", 1.0),
        ("bytes", "MB", 1e-6),
        ("GiB", "MiB", 1024.0),
        ("ms", "s", 1e-3),
        ("GB/s", "MB/s", 1e3),
        ("s", "MB", None),
        ("apples", "B", None),
        ("%", "", 0.01),
    ],
)
def test_units_are_converted_or_refused(typed: str, expected: str, factor: float | None) -> None:
    assert unit_factor(typed, expected) == (pytest.approx(factor) if factor else factor)


def test_numbers_are_held_to_a_relative_tolerance() -> None:
    assert close_numbers(1.0009, 1.0, 1e-3)
    assert not close_numbers(1.002, 1.0, 1e-3)
    assert close_numbers(0.0005, 0.0, 1e-3)
    assert not close_numbers(-1.0, 1.0, 1e-3)


def test_an_ordering_tells_its_first_wrong_place() -> None:
    assert first_misplaced((2, 0, 1), (2, 0, 1)) is None
    assert first_misplaced((2, 1, 0), (2, 0, 1)) == 1
    assert first_misplaced((2,), (2, 0, 1)) == 1
