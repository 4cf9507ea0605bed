"""What a check works out once is what it would work out each time."""

from __future__ import annotations

from itertools import islice

import mpmath
import pytest

from studytui.derive.evaluate.high_precision import ratio
from studytui.derive.evaluate.sampling import points
from studytui.derive.sympy_backend.build import Builder
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.verify.conditions import needed, needed_by_one
from studytui.derive.verify.shared_points import SharedPoints

DECLARED = {"n": "positive integer", "x": "sequence", "f": "function"}
PAIRS = (
    ("1/a", "1/a"),
    ("1/a + 1/b", "(a + b)/(a b)"),
    ("a/a", "1"),
    ("1/a^2", "a/a^3"),
    ("a^2/a", "a"),
    ("(a^2 - 1)/(a - 1)", "a + 1"),
    ("1/a + b/b", "1/a + 1"),
    ("1/a^2 + a/a", "1/a^2 + 1"),
    ("1/(a - b) + c/c^2", "1/(a - b) + 1/c"),
    ("tan(a) cos(a)", "sin(a)"),
    ("gamma(a + 1)", "a gamma(a)"),
    ("log(a^2)/b", "2 log(a)/b"),
    ("diff(abs(a), a)", "sign(a)"),
    ("sum(x[k]/n, (k, 1, n))", "sum(x[k], (k, 1, n))/n"),
)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_what_one_side_needs_is_told_whatever_both_need(first: str, second: str) -> None:
    symbols = declare(DECLARED, open_names=True)
    left, right = parse(first, symbols), parse(second, symbols)
    told = needed_by_one(left, right, Builder(symbols))
    assert told == needed(left, right, Builder(symbols))[0]


def test_some_of_these_pairs_need_something_and_some_do_not() -> None:
    symbols = declare(DECLARED, open_names=True)
    told = [
        needed_by_one(parse(first, symbols), parse(second, symbols), Builder(symbols))
        for first, second in PAIRS
    ]
    assert any(told) and not all(told)


def test_every_look_sees_the_points_that_are_drawn_for_the_names() -> None:
    symbols = declare(DECLARED, open_names=True)
    shared = SharedPoints(parse("a x[1] + f(b)", symbols), parse("n", symbols), symbols)
    looks = [[point.key() for point in islice(shared, count)] for count in (2, 6, 4)]
    drawn = [point.key() for point in islice(points(shared.names, symbols, shared.interesting), 6)]
    assert looks == [drawn[:2], drawn, drawn[:4]]


def test_an_element_that_was_drawn_is_exact_at_every_precision() -> None:
    symbols = declare(DECLARED, open_names=True)
    point, other = (next(points(["x"], symbols)) for _ in range(2))
    with mpmath.workdps(15):
        rough = [point.values()["x"](place) for place in range(6)]
    with mpmath.workdps(60):
        fine = [point.values()["x"](place) for place in range(6)]
        assert fine != rough
        assert fine == [other.values()["x"](place) for place in range(6)]


def test_a_ratio_is_rounded_once() -> None:
    with mpmath.workdps(40):
        assert ratio(7, 1) == 7
        assert abs(3 * ratio(1, 3) - 1) < mpmath.mpf(10) ** -39
