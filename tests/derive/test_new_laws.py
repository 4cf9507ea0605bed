"""Laws that the articles need, each beside claims that are nearly right."""

from __future__ import annotations

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Verdict
from tests.derive.test_kinds_of_error import judged

POLICY = {"p": "0 < p < 1", "q": "0 < q < 1", "c": "real", "beta": "positive"}
BOX = {"v": "0 < v <= 1", "t": "0 < t <= 1"}
EQUATIONS = [
    ("log(p/(1 - p)) = log(q/(1 - q)) + c/beta", "p/(1 - p) = q/(1 - q)*exp(c/beta)", POLICY),
    ("c - beta*(log(p/q) - log((1 - p)/(1 - q))) = 0", "log(p/(1 - p)) = log(q/(1 - q)) + c/beta",
     POLICY),
    ("log(p) = c - 1", "p = exp(c - 1)", POLICY),
    ("x = 2/x", "x = sqrt(2)", {"x": "positive"}),
    ("v^2/(2 - v^2) = t", "v^2 = t*(2 - v^2)", BOX),
]  # fmt: skip
NEARLY = [
    ("log(p/(1 - p)) = log(q/(1 - q)) + c/beta", "p/(1 - p) = q/(1 - q)*exp(c)/beta", POLICY),
    ("c - beta*(log(p/q) - log((1 - p)/(1 - q))) = 0", "log(p/(1 - p)) = log(q/(1 - q)) - c/beta",
     POLICY),
    ("log(p) = c - 1", "p = exp(c) - 1", POLICY),
    ("x = 2/x", "x = sqrt(2)", {"x": "nonzero"}),
    ("v^2/(2 - v^2) = t", "v^2 = t*(2 + v^2)", BOX),
    ("log(x) = 1", "x = e", {"x": "complex"}),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "declared"), EQUATIONS)
def test_what_is_one_to_one_may_stand_on_both_sides(
    a: str, b: str, declared: dict[str, str], prover: Prover
) -> None:
    assert prover.equal(a, b, declared).verdict is Verdict.PROVED
    assert prover.equal(b, a, declared).verdict is Verdict.PROVED


@pytest.mark.parametrize(("a", "b", "declared"), NEARLY)
def test_equations_with_other_solutions_are_not_accepted(
    a: str, b: str, declared: dict[str, str], prover: Prover
) -> None:
    assert prover.equal(a, b, declared).verdict in (Verdict.REFUTED, Verdict.UNDECIDED)


FUNCTIONS = {"t": "positive", "f": "function", "b": "function"}
LEIBNIZ = [
    ("diff(int(f(s), s, 0, t)/t, t)", "f(t)/t - int(f(s), s, 0, t)/t^2", "f(t)/t^2"),
    ("diff(exp(-int(b(s), s, 0, t)), t)", "-b(t)*exp(-int(b(s), s, 0, t))", "b(t)*exp(-t)"),
    ("diff(int(f(s), s, t, 2t), t)", "2*f(2t) - f(t)", "f(2t) - f(t)"),
    ("diff(int(f(s)*(2*s/t - 1), s, 0, t)/t, t)",
     "f(t)/t - int(f(s)*2*s/t^2, s, 0, t)/t - int(f(s)*(2*s/t - 1), s, 0, t)/t^2", "f(t)/t"),
]  # fmt: skip


@pytest.mark.parametrize(("derivative", "right", "wrong"), LEIBNIZ)
def test_an_integral_with_moving_bounds_is_differentiated(
    derivative: str, right: str, wrong: str, prover: Prover
) -> None:
    assert prover.equal(derivative, right, FUNCTIONS).verdict is Verdict.PROVED
    assert prover.equal(derivative, wrong, FUNCTIONS).verdict is Verdict.REFUTED
    assert prover.equal(derivative, f"{right} + t/10^6", FUNCTIONS).verdict is Verdict.REFUTED


def test_an_inequality_may_go_on_with_an_equals_sign(prover: Prover) -> None:
    declared = {"y": "real", "a": "real", "b": "nonnegative"}
    given = "y <= a - b"
    right, wrong = (judged(prover, declared, given, (f"= a - b + {rest}", "")) for rest in "0b")
    assert right[0].verdict is Verdict.PROVED
    assert wrong[0].verdict is Verdict.REFUTED
    both = judged(prover, declared, given, ("<= a", ""), ("= 2*a - a", ""))
    assert [item.verdict for item in both] == [Verdict.PROVED] * 2


def test_a_name_is_not_its_own_limit(prover: Prover) -> None:
    declared = {"p": "0 < p < 1", "n": "positive"}
    (found,) = judged(
        prover, declared, "S = 1/((1 - p) + p/n)", ("S = 1/(1 - p)", "limit n oo")
    )  # fmt: skip
    assert found.verdict is Verdict.ERROR
    assert "Write lim(S, n, oo)" in found.why


RATE = {"X": "exponential(r)", "r": "positive", "t": "real, t < r", "c": "real"}
BETWEEN = {"X": "uniform(a, b)", "a": "real", "b": "real, b > a", "t": "nonzero"}
GUMBEL = {"X": "gumbel", "t": "t < 1"}
MEANS = [
    ("E[exp(t*X)]", "r/(r - t)", "r/(r + t)", RATE),
    ("E[3*exp(t*X + c) - c]", "3*r*exp(c)/(r - t) - c", "3*r*exp(c)/(r - t) + c", RATE),
    ("E[exp(t*X)]", "(exp(t*b) - exp(t*a))/(t*(b - a))", "(exp(t*b) - exp(t*a))/t", BETWEEN),
    ("E[exp(t*X)]", "gamma(1 - t)", "gamma(1 + t)", GUMBEL),
]


@pytest.mark.parametrize(("mean", "right", "wrong", "declared"), MEANS)
def test_the_mean_of_an_exponential_of_a_known_law_is_exact(
    mean: str, right: str, wrong: str, declared: dict[str, str], prover: Prover
) -> None:
    assert prover.equal(mean, right, declared).verdict is Verdict.PROVED
    assert prover.equal(mean, wrong, declared).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    "declared", [{**RATE, "t": "real"}, {**RATE, "t": "real, t > r"}], ids=["any", "too large"]
)
def test_a_mean_that_diverges_is_not_taken_for_its_formula(
    declared: dict[str, str], prover: Prover
) -> None:
    assert prover.equal("E[exp(t*X)]", "r/(r - t)", declared).verdict in (
        Verdict.UNDECIDED, Verdict.REFUTED,
    )  # fmt: skip


ELEMENTS = {"x": "sequence", "f": "function", "n": "positive integer", "c": "real", "a": "positive"}
CANCELLING = [
    ("Sum(k*x[k] - (k - 1)*x[k - 1], (k, 1, n))", "n*x[n]", "n*x[n] - x[0]"),
    ("Sum(f(k + 1)^2 - f(k)^2 + c, (k, 1, n))", "f(n + 1)^2 - f(1)^2 + n*c",
     "f(n)^2 - f(1)^2 + n*c"),
    ("int(sin(c*x)*exp(-a*x^2), x, -oo, oo)", "0", "c/10^6"),
    ("int((x^3*cos(x) + tanh(x))*exp(-x^2/2), x, -oo, oo)", "0", "1/10^6"),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "right", "wrong"), CANCELLING)
def test_what_cancels_term_by_term_or_side_by_side_is_seen(
    whole: str, right: str, wrong: str, prover: Prover
) -> None:
    assert prover.equal(whole, right, ELEMENTS).verdict is Verdict.PROVED
    assert prover.equal(whole, wrong, ELEMENTS).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("whole", "to", "declared"),
    [
        ("Sum(x[k] - x[k - 1], (k, 1, n))", "x[n] - x[0]", {**ELEMENTS, "n": "integer"}),
        ("Sum(1/(k - 3) - 1/(k - 4), (k, 1, n))", "1/(n - 3) + 1/3", ELEMENTS),
        ("int(x/(1 + x^2), x, -oo, oo)", "0", {}),
        ("int(sin(x)*exp(x^2), x, -oo, oo)", "0", {}),
        ("int(sin(x)*exp(-x), x, -oo, oo)", "0", {}),
    ],
)
def test_what_has_no_value_does_not_cancel(
    whole: str, to: str, declared: dict[str, str], prover: Prover
) -> None:
    assert prover.equal(whole, to, declared).verdict not in (Verdict.PROVED, Verdict.AGREES)
