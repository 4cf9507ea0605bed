"""Which values round to what is printed."""

from __future__ import annotations

import math

import pytest

from studytui.library.claims.printed import numbers_in
from studytui.library.claims.reading import disagreement

HOLD = [
    ("3.2", [0.1 / 0.001**0.5]),
    ("3.2", [3.15]),
    ("3.2", [3.25]),
    ("0.1", [0.15000000000000002]),
    ("0.0266", [0.02664]),
    ("-0.1000", [-0.1]),
    ("$-0.0266$", [-0.0266]),
    ("−0.5", [-0.5]),
    ("37 %", [37.4]),
    (r"37\,\%", [37]),
    ("12,000", [12_000]),
    ("12{,}000", [12_000]),
    (r"12\,000", [12_000.4]),
    (r"6.5\,\eta", [6.51]),
    (r"$1.26\,\eta$ at $t=1000$", [1.26, 1000]),
    ("24.5 GB", [24.48]),
    ("2.2 x", [2.24]),
    ("80GB", [80]),
    ("1e-8", [1e-8]),
    ("10^{-8}", [1e-8]),
    (r"$10^{-8}$", [1.2e-8]),
    ("10⁻⁸", [1e-8]),
    (r"3 \times 10^4", [31_000]),
    (r"6\cdot10^{-5}", [6e-5]),
    ("3×10⁴", [30_000]),
    ("2^{10}", [1024]),
    ("1/80", [0.0124]),
    (r"\frac{1}{3}", [0.333]),
    ("2.1 to 2.4", [2.3]),
    ("2.1 to 2.4", [2.05, 2.4499]),
    ("2.1–2.4", [2.1]),
    ("2.1-2.4", [2.4]),
    (r"$2.1$ to $2.4$", [2.2]),
    ("between 3 and 4", [3.5]),
    ("three", [3]),
    ("twenty-four", [24]),
    ("two thousand", [2_000]),
    ("1.2 million", [1_230_000]),
    ("half", [0.499]),
    (r"m_{10} = 0.1", [0.1]),
    (r"$\beta_1 = 0.9$ and $\beta_2 = 0.999$", [0.9, 0.999]),
    ("x^2 = 4", [4]),
    ("0.0010", [[0.001, 0.00104]][0]),
]
FAIL = [
    ("3.2", [3.1499]),
    ("3.2", [3.26]),
    ("0.0266", [0.0265]),
    ("-0.5", [0.5]),
    ("0.5", [-0.5]),
    ("37 %", [0.37]),
    ("12,000", [12_001]),
    ("3 × 10^4", [36_000]),
    ("10^{-8}", [1.6e-8]),
    ("1/80", [0.0122]),
    ("2.1 to 2.4", [2.5]),
    ("2.1 to 2.4", [2.2, 2.5]),
    ("three", [3.6]),
    ("1.2 million", [1.2]),
    ("3.2", [math.nan]),
    ("3.2", [math.inf]),
    ("3.2", []),
    ("none at all", [1]),
    ("FP32", [32]),
    ("GPT-2", [2]),
    ("0.9^t", [0.9]),
    ("2.4.1", [2.4]),
    ("1 - 0.9", [0.1]),
    ("8 and 9", [8.5]),
    ("3.2", [3.2, 4.2]),
]


@pytest.mark.parametrize(("literal", "values"), HOLD)
def test_it_rounds(literal: str, values: list[float]) -> None:
    assert disagreement(literal, values) == ""


@pytest.mark.parametrize(("literal", "values"), FAIL)
def test_it_does_not_round(literal: str, values: list[float]) -> None:
    assert disagreement(literal, values) != ""


def test_what_was_computed_is_told() -> None:
    assert disagreement("3.2", [3.1]) == "computed 3.1"
    assert "2 numbers stand in it" in disagreement("1 - 0.9", [0.1])


def test_places_are_those_of_the_text() -> None:
    text = r"at $t=10$ it is $6.5\,\eta$, $\tfrac{1}{80}$ or 12,000"
    assert [text[each.start : each.end] for each in numbers_in(text)] == [
        "10",
        "6.5",
        r"\tfrac{1}{80}",
        "12,000",
    ]


@pytest.mark.parametrize("text", ["9" * 100_000, "1^{99999}", "2^{400}" * 500, "1/0", "0^{-1}"])
def test_hostile_numbers_end_soon(text: str) -> None:
    numbers_in(text)
