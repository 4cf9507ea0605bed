"""Laws by which integrals, means, what rises and bounded terms are exact, beside wrong twins."""

from __future__ import annotations

import pytest

from studytui.derive.evaluate.quadrature import two_ways
from studytui.derive.process.prover import Prover
from studytui.derive.steps.derivation import verify_derivation
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.verdict import Verdict
from tests.derive.test_kinds_of_error import judged

PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED
NOT_ACCEPTED = (Verdict.REFUTED, Verdict.UNDECIDED)
SMOOTH = {"f": "function", "g": "function", "t": "positive", "a": "real", "b": "real"}
ANY = {**SMOOTH, "t": "real"}
Pair = tuple[str, str, dict[str, str]]

BETWEEN_ENDS: list[Pair] = [
    ("int(f(x)*g'(x), x, 0, 1)", "f(1)*g(1) - f(0)*g(0) - int(f'(x)*g(x), x, 0, 1)", SMOOTH),
    ("int(f(x)*g'(x), x, 0, 1)", "f(1)*g(1) - f(0)*g(0) + int(f'(s)*g(s), s, 1, 0)", SMOOTH),
    ("int(x*f'(x), x, 0, 1)", "f(1) - int(f(x), x, 0, 1)", SMOOTH),
    ("int(x*f'(x) + x^2, x, 0, 1)", "f(1) + 1/3 - int(f(x), x, 0, 1)", SMOOTH),
    ("int(f''(x)*g(x) - f(x)*g''(x), x, a, b)",
     "f'(b)*g(b) - f(b)*g'(b) - f'(a)*g(a) + f(a)*g'(a)", SMOOTH),
    ("int(sin(x)*f'(x), x, 0, b)", "sin(b)*f(b) - int(cos(x)*f(x), x, 0, b)", SMOOTH),
    ("int(exp(t*x)*f'(x), x, 0, 1)", "exp(t)*f(1) - f(0) - t*int(exp(t*x)*f(x), x, 0, 1)", SMOOTH),
    ("int(f(x)*f'(x), x, 0, 1)", "(f(1)^2 - f(0)^2)/2", SMOOTH),
    ("int(f'(x), x, a, b)", "f(b) - f(a)", SMOOTH),
    ("t*int(f'(t*x), x, 0, 1)", "f(t) - f(0)", ANY),
]  # fmt: skip
NOT_BETWEEN_ENDS: list[Pair] = [
    ("int(f(x)*g'(x), x, 0, 1)", "f(1)*g(1) - f(0)*g(0) + int(f'(x)*g(x), x, 0, 1)", SMOOTH),
    ("int(f(x)*g'(x), x, 0, 1)", "f(1)*g(1) - int(f'(x)*g(x), x, 0, 1)", SMOOTH),
    ("int(f(x)*g'(x), x, 0, 1)", "f(1)*g(1) - f(0)*g(0) - int(f'(x)*g(x), x, 0, 2)", SMOOTH),
    ("int(x*f'(x), x, 0, 1)", "f(0) - int(f(x), x, 0, 1)", SMOOTH),
    ("int(x*f'(x), x, 0, 1)", "f(1) - int(2*f(x), x, 0, 1)", SMOOTH),
    ("int(sin(x)*f'(x), x, 0, b)", "sin(b)*f(b) + int(cos(x)*f(x), x, 0, b)", SMOOTH),
    ("int(f(x)*f'(x), x, 0, 1)", "f(1)^2 - f(0)^2", SMOOTH),
    ("int(f'(x), x, a, b)", "f(a) - f(b)", SMOOTH),
    ("int(f'(t*x), x, 0, 1)", "f(t) - f(0)", ANY),
    # a jump and a corner between the ends
    ("int(f'(x)*sign(x - 1/2), x, 0, 1)", "f(1) + f(0)", SMOOTH),
    ("int(f'(x)*abs(x - 1/2), x, 0, 1)", "f(1)/2 - f(0)/2 - int(f(x), x, 0, 1)", SMOOTH),
]  # fmt: skip
UNDER_INTEGRALS: list[Pair] = [
    ("diff(int(f(s*t), s, 0, 1), t)", "int(s*f'(s*t), s, 0, 1)", ANY),
    ("diff(int(f(s*t), s, 0, 1), t)", "f(t)/t - int(f(s*t), s, 0, 1)/t", SMOOTH),
    ("diff(int(f(s*t), s, 0, 1), t, 2)", "int(s^2*f''(s*t), s, 0, 1)", ANY),
    ("t*diff(int(f(s*t), s, 0, 1), t)", "f(t) - int(f(s*t), s, 0, 1)", ANY),
    ("diff(int(f(s*t), s, 0, t), t)", "f(t^2) + int(s*f'(s*t), s, 0, t)", ANY),
    ("diff(int(f(s*t), s, 0, 1)^2, t)", "2*int(f(s*t), s, 0, 1)*int(s*f'(s*t), s, 0, 1)", ANY),
]  # fmt: skip
NOT_UNDER_INTEGRALS: list[Pair] = [
    ("diff(int(f(s*t), s, 0, 1), t)", "int(f'(s*t), s, 0, 1)", ANY),
    ("diff(int(f(s*t), s, 0, 1), t)", "int(t*f'(s*t), s, 0, 1)", ANY),
    ("diff(int(f(s*t), s, 0, 1), t)", "f(t) - int(f(s*t), s, 0, 1)/t", SMOOTH),
    ("diff(int(f(s*t), s, 0, 1), t, 2)", "int(s*f''(s*t), s, 0, 1)", ANY),
    ("diff(int(f(s*t), s, 0, t), t)", "int(s*f'(s*t), s, 0, t)", ANY),
    ("diff(int(f(s*t), s, 0, t), t)", "f(t) + int(s*f'(s*t), s, 0, t)", ANY),
    # the integrand jumps where it moves: nothing may be drawn inside
    ("diff(int(indicator(s < t), s, 0, 1), t)", "0", {"t": "0 < t < 1"}),
    ("diff(int(sign(s - t), s, 0, 1), t)", "0", {"t": "0 < t < 1"}),
]  # fmt: skip
NORMAL, PLACED = {"X": "normal(0, 1)"}, {"X": "normal(m, s)", "m": "real", "s": "positive"}
CHANCES: list[Pair] = [
    ("E[1[X > 0]]", "1/2", NORMAL),
    ("E[1[X < 0]]", "1/2", NORMAL),
    ("E[1[X > m]]", "1/2", PLACED),
    ("E[1[X > c]]", "(1 + erf((m - c)/(s*sqrt(2))))/2", {**PLACED, "c": "real"}),
    ("E[X + 3*1[X > m]]", "m + 3/2", PLACED),
    ("E[1[X > c]]", "exp(-2*c)", {"X": "exponential(2)", "c": "nonnegative"}),
    ("E[1[X > c]]", "1 - c", {"X": "uniform(0, 1)", "c": "0 <= c <= 1"}),
    ("E[1[X > c]]", "1 - exp(-exp(-c))", {"X": "gumbel", "c": "real"}),
]
NOT_CHANCES: list[Pair] = [
    ("E[1[X > 0]]", "1/2", PLACED),
    ("E[1[X > 1]]", "1/2", NORMAL),
    ("E[1[X > 0]]", "1", NORMAL),
    ("E[1[X < c]]", "(1 + erf((m - c)/(s*sqrt(2))))/2", {**PLACED, "c": "real"}),
    ("E[1[X > c]]", "(1 + erf((m - c)/s))/2", {**PLACED, "c": "real"}),
    ("E[1[c*X > 0]]", "1/2", {**NORMAL, "c": "real"}),
    ("E[X*1[X > 0]]", "0", NORMAL),
    ("E[1[X > c]]", "exp(-2*c)", {"X": "exponential(2)", "c": "real"}),
    ("E[1[X > c]]", "1 - c", {"X": "uniform(0, 1)", "c": "real"}),
    ("E[1[X > c]]", "exp(-exp(-c))", {"X": "gumbel", "c": "real"}),
]


@pytest.mark.parametrize(("a", "b", "declared"), [*BETWEEN_ENDS, *UNDER_INTEGRALS, *CHANCES])
def test_a_law_shows_it_exactly(a: str, b: str, declared: dict[str, str], prover: Prover) -> None:
    found = prover.equal(a, b, declared)
    assert (found.verdict, found.conditions) == (PROVED, ())


@pytest.mark.parametrize(
    ("a", "b", "declared"), [*NOT_BETWEEN_ENDS, *NOT_UNDER_INTEGRALS, *NOT_CHANCES]
)
def test_what_is_near_to_a_law_is_not_accepted(
    a: str, b: str, declared: dict[str, str], prover: Prover
) -> None:
    assert prover.equal(a, b, declared).verdict in NOT_ACCEPTED


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("log(f(0)^2)", "2*log(f(0))"),
        ("sqrt(f(0)^2*f(1)^2)", "f(0)*f(1)"),
        ("max(f(0), f(1))", "f(1)"),
        # an integral over what has no jump, by a function that jumps where f is zero
        ("int(-f'(x)/(f(x)^2 + 1), x, 0, 1)", "atan(1/f(1)) - atan(1/f(0))"),
    ],
)
def test_a_declared_function_need_not_be_positive_nor_rise(a: str, b: str, prover: Prover) -> None:
    assert prover.equal(a, b, SMOOTH).verdict is REFUTED


def test_what_a_line_is_divided_by_is_told(prover: Prover) -> None:
    found = prover.equal("int(f'(t*x), x, 0, 1)", "(f(t) - f(0))/t", ANY)
    assert (found.verdict, found.conditions) == (PROVED, ("t != 0",))


REALS = {"x": "real", "y": "real"}
RISING = [
    ("x >= y", "2*tanh(x) >= 2*tanh(y)"),
    ("x > y", "2*tanh(x) > 2*tanh(y)"),
    ("x >= y", "x + 2*tanh(x) + 3*erf(x) >= y + 2*tanh(y) + 3*erf(y)"),
    ("x >= y", "tanh(tanh(x) + x) >= tanh(tanh(y) + y)"),
    ("x >= y", "atan(x) + sigmoid(2*x) >= atan(y) + sigmoid(2*y)"),
]
NOT_RISING = [
    ("x >= y", "2*tanh(x) > 2*tanh(y)"),
    ("x >= y", "2*tanh(x) <= 2*tanh(y)"),
    ("x >= y", "-2*tanh(x) >= -2*tanh(y)"),
    ("x >= y", "tanh(x) - erf(x) >= tanh(y) - erf(y)"),
    ("x >= y", "tanh(x^2) >= tanh(y^2)"),
    ("x >= y", "2*cosh(x) >= 2*cosh(y)"),
    ("x >= y", "tanh(x) - tanh(y) >= x - y"),
    ("x >= y", "tan(x) + tanh(x) >= tan(y) + tanh(y)"),
]


@pytest.mark.parametrize(("given", "to"), RISING)
def test_what_rises_keeps_the_order(given: str, to: str, prover: Prover) -> None:
    assert judged(prover, REALS, given, (to, ""))[0].verdict is PROVED


@pytest.mark.parametrize(("given", "to"), NOT_RISING)
def test_what_need_not_rise_keeps_none(given: str, to: str, prover: Prover) -> None:
    assert judged(prover, REALS, given, (to, ""))[0].verdict in NOT_ACCEPTED


@pytest.mark.parametrize("function", ["asin", "acosh", "atanh"])
def test_what_is_real_on_a_part_of_the_line_is_not_taken_off_for_all_of_it(
    function: str, prover: Prover
) -> None:
    line = f"{function}(x) <= {function}(y)"
    assert judged(prover, REALS, "x <= y", (line, ""))[0].verdict is not PROVED
    assert prover.equal(line, "x <= y", REALS).verdict is not PROVED


TERMS = {
    "u": "sequence", "v": "sequence", "p": "nonnegative sequence", "D": "positive",
    "n": "positive integer",
}  # fmt: skip
NEAR, SMALL = ("abs(u[i] - v[i]) <= D",), ("abs(u[i]) <= D",)
BOUNDED = [
    (NEAR, "abs(Sum(p[j]*(u[j] - v[j]), (j, 1, n)))", "<= D*Sum(p[j], (j, 1, n))"),
    (NEAR, "Sum(p[j]*abs(u[j] - v[j]), (j, 1, n))", "<= D*Sum(p[j], (j, 1, n))"),
    (NEAR, "abs(Sum(u[j], (j, 1, n)) - Sum(v[j], (j, 1, n)))/n", "<= D"),
    (NEAR, "abs(u[2] - v[2])", "<= D"),
    (SMALL, "abs(Sum(u[j], (j, 1, n)))/n", "<= D"),
    (SMALL, "u[1]*u[2]", ">= -D^2"),
    (("u[i] <= v[i]",), "Sum(u[j], (j, 1, n))", "<= Sum(v[j], (j, 1, n))"),
]
NOT_BOUNDED = [
    (NEAR, "abs(Sum(p[j]*(u[j] - v[j]), (j, 1, n)))", "<= D*n"),
    (NEAR, "abs(Sum(p[j]*(u[j] + v[j]), (j, 1, n)))", "<= D*Sum(p[j], (j, 1, n))"),
    (NEAR, "abs(Sum(u[j], (j, 1, n)) - Sum(v[j], (j, 1, n)))/n", "<= D/2"),
    (NEAR, "abs(u[1] - v[2])", "<= D"),
    (("u[i] <= v[i]",), "u[1]", "<= v[2]"),
    # Elements may lie on either side: what holds in each case of one is not shown for two.
    (SMALL, "u[1]*u[2]", ">= 0"),
    (("max(u[i], 0) <= D",), "u[1]*u[2]", ">= 0"),
    (("u[i] <= i", "v[i] >= i"), "u[2]", "<= v[1]"),
    (("Sum(u[j], (j, 1, n)) <= D",), "n*u[1]", "<= D"),
]


def following(prover: Prover, facts: tuple[str, ...], given: str, to: str) -> Verdict:
    source = DerivationSource(
        "d", "a", "t", tuple(TERMS.items()), given, to, (StepSource(to=to),), facts=facts
    )
    return next(iter(verify_derivation(prover, source))).verdict


@pytest.mark.parametrize(("facts", "given", "to"), BOUNDED)
def test_what_is_told_of_any_index_is_used_at_each(
    facts: tuple[str, ...], given: str, to: str, prover: Prover
) -> None:
    assert following(prover, facts, given, to) is PROVED


@pytest.mark.parametrize(("facts", "given", "to"), NOT_BOUNDED)
def test_what_is_told_of_any_index_says_nothing_of_two_at_once(
    facts: tuple[str, ...], given: str, to: str, prover: Prover
) -> None:
    assert following(prover, facts, given, to) in NOT_ACCEPTED


@pytest.mark.parametrize(
    ("lower", "upper"), [(0, 1), (-1601, -877), (40, 90), (-50, 2), (-9, 9), (0, 1000)]
)
def test_two_quadratures_are_of_different_pieces(lower: int, upper: int) -> None:
    """An error that both make alike would be taken for none."""
    one, other = two_ways(lower, upper)
    assert one != other
    assert all(
        ways[0] == lower and ways[-1] == upper and sorted(ways) == ways for ways in (one, other)
    )


def test_quadratures_with_an_infinite_end_are_of_different_pieces() -> None:
    infinity = float("inf")
    for lower, upper in ((40, infinity), (-infinity, -40), (-infinity, infinity), (0, infinity)):
        one, other = two_ways(lower, upper)
        assert one != other
        assert sorted(other) == other
