"""Kinds of wrong answer that a checker is prone to, each with the right one."""

from __future__ import annotations

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.steps.derivation import verify_derivation
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.verdict import Judgement, Verdict

PROVED, REFUTED, UNDECIDED, ERROR = (
    Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED, Verdict.ERROR,
)  # fmt: skip
SEQUENCE = {"s": "sequence", "n": "positive integer", "k": "positive integer"}
NOISE = {"mu": "real", "s": "positive", "Z": "normal(0, 1)"}


def holds(prover: Prover, claim: str, declared: dict[str, str]) -> Judgement:
    symbols = declare(declared, open_names=True)
    return prover.check("holds", (parse(claim, symbols),), declared, open_names=True)


def judged(
    prover: Prover, declared: dict[str, str], given: str, *steps: tuple[str, str]
) -> list[Judgement]:
    source = DerivationSource(
        "d", "a", "t", tuple(declared.items()), given, steps[-1][0],
        tuple(StepSource(to=to, by=by) for to, by in steps),
    )  # fmt: skip
    return list(verify_derivation(prover, source))[:-1]


@pytest.mark.parametrize(
    ("a", "b", "domain", "conditions"),
    [
        ("diff(relu(x), x)", "indicator(x > 0)", "real", ("x != 0",)),
        ("diff(relu(x), x)", "(1 + sign(x))/2", "real", ("x != 0",)),
        ("diff(max(x, 2x), x)", "1 + indicator(x > 0)", "real", ("x != 0",)),
        ("diff(abs(x), x)", "sign(x)", "real", ("x != 0",)),
        ("diff(sqrt(x^2), x)", "sign(x)", "real", ("x != 0",)),
        ("diff(piecewise((x^2, x > 0), (0, true)), x)", "2x*indicator(x > 0)", "real",
         ("x != 0",)),
        ("diff(abs(x - 1), x)", "sign(x - 1)", "real", ("x != 1",)),
        ("diff(abs(x), x)", "sign(x)", "positive", ()),
        ("diff(relu(x), x)", "indicator(x > 0)", "nonzero", ()),
        ("diff(log(1 + exp(x)), x)", "sigmoid(x)", "real", ()),
    ],
)  # fmt: skip
def test_there_is_no_derivative_at_a_kink(
    a: str, b: str, domain: str, conditions: tuple[str, ...], prover: Prover
) -> None:
    found = prover.equal(a, b, {"x": domain})
    assert (found.verdict, found.conditions) == (PROVED, conditions)


@pytest.mark.parametrize(
    ("a", "b", "k", "verdict"),
    [
        ("diff(log(Sum(exp(s[j]), (j, 1, n))), s[k])", "exp(s[k])/Sum(exp(s[j]), (j, 1, n))",
         "positive integer", REFUTED),
        ("diff(Sum(exp(s[j]), (j, 1, n)), s[k])", "exp(s[k])", "positive integer", REFUTED),
        ("diff(Sum(exp(s[j]), (j, 1, n)), s[k])", "exp(s[k])", "positive integer, k > n", REFUTED),
        ("diff(Sum(exp(s[j]), (j, 1, n)), s[k])", "exp(s[k])", "positive integer, k <= n", PROVED),
    ],
)  # fmt: skip
def test_what_does_not_depend_on_an_element_has_the_derivative_zero(
    a: str, b: str, k: str, verdict: Verdict, prover: Prover
) -> None:
    assert prover.equal(a, b, {**SEQUENCE, "k": k}).verdict is verdict


def test_values_that_are_lost_in_rounding_refute_nothing(prover: Prover) -> None:
    names = dict.fromkeys("ncsew", "positive")
    left = "diff(n*c*(s + e) + 2*n*s*e + w*n/c*s*e, c) = 0"
    assert prover.equal(left, "n*(s + e) - w*n*s*e/c^2 = 0", names).verdict is PROVED


@pytest.mark.parametrize(
    ("claim", "declared"),
    [
        ("E[(mu + s*Z)^2*Z^2] >= 0.5", NOISE),
        ("E[(mu + s*Z)^2] >= 0.3", NOISE),
        ("log(1 + x) < 8", {"x": "positive"}),
        ("Sum(1/k, (k, 1, n)) < 10", {"n": "positive integer"}),
        ("(1 + 1/n)^n < 2.7", {"n": "positive integer"}),
        ("x^2 <= 10^20", {"x": "real"}),
        ("x*(1 - x) >= 10^-5", {"x": "0 < x < 1"}),
    ],
)
def test_an_inequality_is_tried_far_out_and_at_the_ends(
    claim: str, declared: dict[str, str], prover: Prover
) -> None:
    assert holds(prover, claim, declared).verdict is REFUTED


def test_an_inequality_that_cannot_be_computed_far_out_does_not_agree(prover: Prover) -> None:
    found = holds(prover, "Sum(1/k, (k, 1, n)) < 30", {"n": "positive integer"})
    assert found.verdict is UNDECIDED
    assert "far out" in found.why


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Sum(1/k^2, k, 1, oo)", "1.6449340668482264364724151666460251892189499012068"),
        ("int(exp(-x^2), x, -oo, oo)", "1.7724538509055160272981674833411451827975494561223871"),
        ("lim((1 + 1/n)^n, n, oo)", "2.7182818284590452353602874713526624977572470937"),
    ],
)
def test_a_decimal_does_not_agree_with_what_is_none(a: str, b: str, prover: Prover) -> None:
    assert prover.equal(a, b).verdict in (UNDECIDED, REFUTED)


@pytest.mark.parametrize("declared", [{"n": "real"}, {"n": "n > -3"}])
def test_points_without_a_value_count(declared: dict[str, str], prover: Prover) -> None:
    assert prover.equal("int(x^n, x, 0, 1)", "1/(n + 1)", declared).verdict is UNDECIDED


AFFINE = {"b": "real", "f": "function"}
SUBSTITUTIONS = [
    ({**AFFINE, "a": "nonzero"}, "int(f(a*x + b), x, -oo, oo)", "int(f(y), y, -oo, oo)/abs(a)",
     "y = a*x + b", PROVED),
    ({**AFFINE, "a": "negative"}, "int(f(a*x + b), x, -oo, oo)", "-int(f(y), y, -oo, oo)/a",
     "y = a*x + b", PROVED),
    ({**AFFINE, "a": "real"}, "int(f(a*x + b), x, -oo, oo)", "int(f(y), y, -oo, oo)/abs(a)",
     "y = a*x + b", ERROR),
    ({"a": "nonzero"}, "int(exp(-(a*x)^2), x, -oo, oo)", "int(exp(-y^2), y, -oo, oo)/a", "y = a*x",
     REFUTED),
    ({}, "int(exp(-x^2), x, -oo, oo)", "int(exp(-u)/sqrt(u), u, 0, oo)", "u = x^2", ERROR),
    ({}, "int(2*x*exp(-x^2), x, 0, oo)", "int(exp(-u), u, 0, oo)", "u = x^2", PROVED),
    ({}, "int(2*x*exp(-x^2), x, 0, oo)", "2*int(exp(-u), u, 0, oo)", "u = x^2", REFUTED),
    ({"n": "positive integer"}, "Sum(k, (k, 1, n))", "Sum(n - j, (j, 1, n))", "j = n + 1 - k",
     REFUTED),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "given", "to", "by", "verdict"), SUBSTITUTIONS)
def test_a_substitution_that_does_not_apply_refutes_nothing(
    declared: dict[str, str], given: str, to: str, by: str, verdict: Verdict, prover: Prover
) -> None:
    assert judged(prover, declared, given, (to, f"substitute {by}"))[0].verdict is verdict


BELLMAN = {"v": "real", "r": "real", "g": "0 < g < 1", "w": "real"}
THREE = dict.fromkeys("abc", "real")
STATEMENTS = [
    (BELLMAN, "w = r and v = r + g*v", ("v = r + g*v", "v = r/(1 - g)"), (PROVED, PROVED)),
    (BELLMAN, "w = r and v = r + g*v", ("v = r + g*v", "v = r/(1 + g)"), (PROVED, REFUTED)),
    (BELLMAN, "v - g*v - r = 0 and r > 0", ("v = r/(1 - g)",), (PROVED,)),
    (BELLMAN, "v - g*v - r = 0 and r > 0", ("r > 0",), (PROVED,)),
    (THREE, "a <= b and b <= c", ("a <= c",), (PROVED,)),
    (THREE, "a <= b and b < c", ("a < c",), (PROVED,)),
    (THREE, "a <= b and b <= c", ("a < c",), (UNDECIDED,)),
    (THREE, "a <= b and b <= c", ("c <= a",), (UNDECIDED,)),
    (THREE, "a > 0 and b > 0", ("a*b > 0",), (PROVED,)),
    (THREE, "a > 0 and b > 0", ("a*b > 1",), (UNDECIDED,)),
]


@pytest.mark.parametrize(("declared", "given", "lines", "verdicts"), STATEMENTS)
def test_what_follows_from_several_statements(
    declared: dict[str, str],
    given: str,
    lines: tuple[str, ...],
    verdicts: tuple[Verdict, ...],
    prover: Prover,
) -> None:
    found = judged(prover, declared, given, *((line, "") for line in lines))
    assert tuple(item.verdict for item in found) == verdicts


@pytest.mark.parametrize(
    ("given", "to"), [("exp(x) >= 1 + x", "exp(x) > 1 + x"), ("x < y", "x^2 < y^2")]
)
def test_a_counterexample_obeys_the_line_before(given: str, to: str, prover: Prover) -> None:
    (found,) = judged(prover, {"x": "real", "y": "real"}, given, (to, ""))
    assert found.verdict is REFUTED
    assert found.counterexample is not None
    assert (found.counterexample.left, found.counterexample.right) == ("true", "false")


COIN = {"b": "independent bernoulli(p)", "x": "random", "p": "0 < p < 1"}
DENSITY = {"mu": "real", "s": "positive"}


@pytest.mark.parametrize(
    ("a", "b", "declared"),
    [
        ("int(normalpdf(x, mu, s), x, -oo, oo)", "1", DENSITY),
        ("int(x*normalpdf(x, mu, s), x, -oo, oo)", "mu", DENSITY),
        ("int(x^2*normalpdf(x, mu, s), x, -oo, oo)", "mu^2 + s^2", DENSITY),
        ("E[(x - mu)/s^2]", "0", {**DENSITY, "x": "normal(mu, s)"}),
        ("diff(int(exp(-t^2), t, 0, x^2), x)", "2*x*exp(-x^4)", {"x": "real"}),
        ("diff(int(f(s), s, 0, t)/t, t)", "f(t)/t - int(f(s), s, 0, t)/t^2",
         {"f": "function", "t": "positive"}),
        ("lim((1 - g^n)/(1 - g), n, oo)", "1/(1 - g)", {"g": "0 < g < 1"}),
        ("√x²", "|x|", {"x": "real"}),
        ("E[b*x]", "p*E[x]", COIN),
    ],
)  # fmt: skip
def test_what_took_long_is_proved_in_a_learners_time(
    a: str, b: str, declared: dict[str, str], prover: Prover
) -> None:
    found = prover.equal(a, b, declared, seconds=4.0)
    assert found.verdict is PROVED
    assert prover.equal(a, f"{b} + 1/10", declared, seconds=4.0).verdict is not PROVED


FLOW = {"p": "positive function", "f": "function", "x": "real", "t": "real"}


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("diff(log(p(x, t)), x)*p(x, t)", "diff(p(x, t), x)", PROVED),
        ("diff(f(x, t)*p(x, t), x)", "f(x, t)*diff(p(x, t), x) + p(x, t)*diff(f(x, t), x)", PROVED),
        ("diff(diff(log(p(x, t)), x)*p(x, t), x)", "diff(p(x, t), x, 2)", PROVED),
        ("diff(log(p(x, t)), x)*p(x, t)", "diff(p(x, t), t)", REFUTED),
        ("diff(p(x, x), x)", "2*diff(p(x, t), x)", REFUTED),
        ("diff(diff(p(x, t), x), t)*x", "diff(p(x, t), x, 2)*x", REFUTED),
    ],
)
def test_a_function_of_several_numbers_is_differentiated_by_one(
    a: str, b: str, verdict: Verdict, prover: Prover
) -> None:
    assert prover.equal(a, b, FLOW).verdict is verdict


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Sum(a^k, k, 0, oo)", "1/(1 - a) + 10^-30*a"),
        ("int(exp(-a*x), x, 0, 1)", "(1 - exp(-a))/a + a*10^-30"),
    ],
)
@pytest.mark.parametrize("seconds", [0.2, 0.6, 2.0])
def test_what_differs_far_behind_the_point_does_not_agree_at_any_limit(
    a: str, b: str, seconds: float, prover: Prover
) -> None:
    found = prover.equal(a, b, {"a": "0 < a < 1"}, seconds=seconds)
    assert found.verdict in (UNDECIDED, REFUTED)


def test_a_name_for_what_had_none_is_an_error_and_refutes_nothing(prover: Prover) -> None:
    declared = {"p": "0 < p < 1", "n": "positive integer"}
    lines = ("(1 - p^(n + 1))/(1 - p)", ""), ("S = 1/(1 - p)", "limit n oo")
    found = judged(prover, declared, "Sum(p^k, (k, 0, n))", *lines)
    assert [item.verdict for item in found] == [PROVED, ERROR]
    assert "S stands in no line above" in found[1].why


@pytest.mark.parametrize(
    ("a", "b", "declared", "verdict"),
    [
        ("Sum(x[i], (i, 1, n)) - Sum(x[i], (i, 1, k))", "Sum(x[i], (i, k + 1, n))",
         {"x": "sequence", "n": "natural", "k": "natural"}, UNDECIDED),
        ("Sum(1, (i, a, b))", "b - a + 1", {"a": "integer", "b": "integer"}, UNDECIDED),
        ("Sum(i, (i, 1, n))", "n(n + 1)/2", {"n": "integer"}, UNDECIDED),
        ("n!/(n - 1)!", "n", {"n": "integer"}, UNDECIDED),
        ("Sum(i, (i, 1, n))", "n(n + 1)/2", {"n": "natural"}, PROVED),
    ],
)  # fmt: skip
def test_a_condition_that_cuts_a_part_of_the_domain_away_is_told_with_a_value(
    a: str, b: str, declared: dict[str, str], verdict: Verdict, prover: Prover
) -> None:
    found = prover.equal(a, b, declared)
    assert found.verdict is verdict
    assert verdict is PROVED or ("only, and more is declared: at " in found.why)


@pytest.mark.parametrize(
    "body", ["tan(pi*k/2)", "sec(pi*k/2)", "logit(k)", "digamma(k - 3)", "mod(1, k - 3)",
             "zeta(k)", "atanh(k)", "Beta(k - 3, 1/2)", "arg(k - 3)"],
)  # fmt: skip
def test_what_has_no_value_does_not_cancel_under_a_sum(body: str, prover: Prover) -> None:
    found = prover.equal(f"Sum({body} - {body} + 1, (k, 1, n))", "n", {"n": "positive integer"})
    assert found.verdict not in (PROVED, Verdict.AGREES)


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("tan(x)", ("cos(x) != 0",)),
        ("digamma(x)", ("x is not 0, -1, -2, ...",)),
        ("loggamma(x)", ("x is not 0, -1, -2, ...",)),
        ("zeta(x)", ("x != 1",)),
        ("atanh(x)", ("x != -1", "x != 1")),
        ("logit(x)", ("x != 0", "x != 1")),
        ("mod(1, x)", ("x != 0",)),
        ("log(2, x)", ("log(x) != 0", "x != 0")),
    ],
)
def test_where_a_function_has_no_value_is_told(
    text: str, conditions: tuple[str, ...], prover: Prover
) -> None:
    found = prover.equal(f"{text} - {text} + 1", "1", {"x": "real"})
    assert (found.verdict, set(found.conditions)) == (PROVED, set(conditions))


@pytest.mark.parametrize("text", ["int(Beta(x - a, 1) - Beta(x - a, 1) + 1, x, 0, 1)",
                                  "int(1/(x - a) - 1/(x - a) + 1, x, 0, 1)"])  # fmt: skip
def test_the_same_written_in_two_ways_is_judged_alike(text: str, prover: Prover) -> None:
    found = prover.equal(text, "1", {"a": "0 < a < 1"})
    assert found.verdict is PROVED


def test_what_cancels_on_half_a_line_is_no_small_print(prover: Prover) -> None:
    vanishing = "(sqrt(x^2) - x)"
    found = prover.equal(f"{vanishing}/{vanishing}", "1", {"x": "real"})
    assert found.verdict is UNDECIDED
    assert "abs(x)" in found.why
    assert (
        prover.equal("diff(asin(x), x)", "1/sqrt(1 - x^2)", {"x": "-1 <= x <= 1"}).conditions == ()
    )
