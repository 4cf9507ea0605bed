"""Lines that a review of the checker found judged wrongly, each with the right answer.

What is a kind of its own stands in ``test_kinds_of_error``; here is the rest, case by case. That a
kind of card cannot be forgotten anywhere is kept by mypy (``exhaustive-match``) and shown by
``tests/cards/test_new_kind.py``; that these tests are typed, by the gate's ``types``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.steps.feedback import judge_line
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.verdict import Verdict
from studytui.library.parse import parse_article
from tests.derive.test_kinds_of_error import judged

PROVED, REFUTED, UNDECIDED, ERROR = (
    Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED, Verdict.ERROR,
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
UNIT, MATRIX, RANDOM = {"x": "0 < x < 1"}, {"A": "matrix 2x2"}, {"X": "random"}

READ = [
    (r"\sin^{-1} x", r"\frac{1}{\sin x}", UNIT, "latex", "Write asin(x) or 1/sin(x)"),
    (r"\sin^{-1} x", r"\arcsin x", UNIT, "latex", "Write asin(x) or 1/sin(x)"),
    (r"\cos^{-1} x", r"\arccos x", UNIT, "latex", "Write acos(x) or 1/cos(x)"),
    (r"\tanh^{-1} x", r"\operatorname{artanh} x", UNIT, "latex", "Write atanh(x) or 1/tanh(x)"),
    (r"\mathbb{E}(X)", r"\mathbb{E}[X]", RANDOM, "latex", r"Write \mathbb{E}[...]"),
    ("E(X)", "E[X]", RANDOM, "ascii", "Write E[...] for the expectation"),
    ("𝔼(X)", "E[X]", RANDOM, "unicode", "Write E[...] for the expectation"),
    ("A^{-1}A", "I", MATRIX, "latex", "Write identity(2)"),
    ("A^(-1)*A", "I", MATRIX, "ascii", "Write identity(2)"),
    ("A⁻¹ A", "I", MATRIX, "unicode", "Write identity(2)"),
    (r"\det A", "|A|", MATRIX, "latex", "Write det(A)"),
    ("det(A)", "|A|", MATRIX, "ascii", "Write det(A)"),
    ("P(X)", "1/2", RANDOM, "ascii", "Write E[1[X > 0]]"),
    (r"P(X)", "1", RANDOM, "latex", "Write E[1[X > 0]]"),
    (r"\operatorname{tr} A", "A_{11} + A_{22}", MATRIX, "latex", "A is 2x2: write A_{1, 1}"),
    ("A[3, 1]", "A[1, 1]", MATRIX, "ascii", "A is 2x2: write A[1, 1]"),
    (r"\bar\alpha_{t-1}", "1", {}, "latex", "Declare alphabar as a sequence"),
    (r"\mathbb{E}_{z\sim q}[z]", "1", {}, "latex", "q is not a law"),
    ("euclid", "1", {}, "ascii", "If it is a product write e*u*c*l*i*d"),
    ("eulergamma", "1", {}, "ascii", "Declare it, or write its letters as a product"),
]


@pytest.mark.parametrize(("a", "b", "declared", "syntax", "told"), READ)
def test_what_can_be_read_in_two_ways_or_in_none_is_told_with_what_to_write(
    a: str, b: str, declared: dict[str, str], syntax: str, told: str, prover: Prover
) -> None:
    found = prover.equal(a, b, declared, syntax)
    assert found.verdict is ERROR
    assert told in found.why


ELEMENT = {"s": "sequence", "n": "positive integer", "k": "positive integer"}
BEYOND = {**ELEMENT, "k": "positive integer, k > n"}
GAUSSIAN = {"mu": "real", "s": "positive"}
SCORE = {"mu": "real", "sigma": "positive", "Z": "normal(0, 1)"}
JUDGED = [
    # the derivative by an element that need not be one of the sum's
    ("diff(Sum(exp(s[j]), (j, 1, n)), s[k])", "exp(s[k])", {**ELEMENT, "k": "natural"}, REFUTED),
    ("diff(Sum(s[j]^2, (j, 1, n)), s[k])", "2*s[k]", ELEMENT, REFUTED),
    ("diff(Sum(s[j]^3, (j, 1, n)), s[k])", "3*s[k]^2", ELEMENT, REFUTED),
    ("diff(Sum(sin(s[j]), (j, 1, n)), s[k])", "cos(s[k])", ELEMENT, REFUTED),
    ("diff(Sum(s[j]*log(s[j]), (j, 1, n)), s[k])", "log(s[k]) + 1",
     {**ELEMENT, "s": "positive sequence"}, REFUTED),
    ("diff(Sum(exp(s[j]), (j, 1, n)), s[k])", "0", BEYOND, PROVED),
    # fifty digits of what has no end
    ("exp(1)", "2.7182818284590452353602874713526624977572470937", {}, REFUTED),
    ("pi", "3.14159265358979323846264338327950288419716939937510", {}, REFUTED),
    ("int(exp(-x^2), x, 0, 1)", "0.74682413281242702539946743613185300535449968681260", {},
     UNDECIDED),
    # points that are left out
    ("Sum(x^k/k!, (k, 0, oo))", "exp(x)", {"x": "real"}, PROVED),
    # what no number of seconds sufficed for
    ("int(normalpdf(x, mu, s)*log(normalpdf(x, mu, s)/normalpdf(x, 0, 1)), x, -oo, oo)",
     "(mu^2 + s^2 - 1)/2 - log(s)", GAUSSIAN, PROVED),
    ("int(exp(-a*x^2 + b*x), x, -oo, oo)", "sqrt(pi/a)*exp(b^2/(4*a))",
     {"a": "positive", "b": "real"}, PROVED),
    ("int(w*exp(-z - w*exp(-z)), z, -oo, oo)", "1", {"w": "positive"}, PROVED),
    ("int(x^(a - 1)*exp(-x), x, 0, oo)", "gamma(a)", {"a": "positive"}, PROVED),
    ("E[((mu + sigma*Z)^2*Z/sigma)^2] - E[(mu + sigma*Z)^2*Z/sigma]^2",
     "mu^4/sigma^2 + 14*mu^2 + 15*sigma^2", SCORE, PROVED),
    ("Var[(mu + sigma*Z)^2*Z/sigma]", "mu^4/sigma^2 + 14*mu^2 + 15*sigma^2", SCORE, PROVED),
    # without independence nothing is known of a product
    ("E[b*x]", "p*E[x]", {"b": "bernoulli(p)", "x": "random", "p": "0 < p < 1"}, UNDECIDED),
    ("√x²", "x", {"x": "real"}, REFUTED),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "declared", "verdict"), JUDGED)
def test_an_equation_has_its_verdict(
    a: str, b: str, declared: dict[str, str], verdict: Verdict, prover: Prover
) -> None:
    found = prover.equal(a, b, declared)
    assert (found.verdict, found.conditions) == (verdict, ())


def test_a_mean_of_what_may_depend_on_another_says_what_to_declare(prover: Prover) -> None:
    declared = {"b": "bernoulli(p)", "x": "random", "p": "0 < p < 1"}
    assert "independent" in prover.equal("E[b*x]", "p*E[x]", declared).why


FALLING = {"a": "negative", "b": "real", "f": "function"}
STEPS = [
    (FALLING, "int(f(a*x + b), x, -oo, oo)", "int(f(y), y, -oo, oo)/abs(a)",
     "substitute y = a*x + b", PROVED),
    (FALLING, "int(f(a*x + b), x, -oo, oo)", "int(f(y)/a, y, oo, -oo)",
     "substitute y = a*x + b", PROVED),
    (FALLING, "int(f(a*x + b), x, -oo, oo)", "int(f(y), y, -oo, oo)/a",
     "substitute y = a*x + b", UNDECIDED),
    ({**FALLING, "a": "nonzero"}, "int(f(a*x + b), x, -oo, oo)", "int(f(y), y, -oo, oo)/a",
     "substitute y = a*x + b", UNDECIDED),
    (dict.fromkeys("abc", "real"), "a <= b and b <= c", "a <= b", "", PROVED),
    ({"v": "real", "r": "real", "g": "0 < g < 1"}, "v = r + g*v", "v = r/(1 - g)", "", PROVED),
    (SCORE, "E[(mu + sigma*Z)^2*Z^2]", ">= 0.5", "", REFUTED),
    (SCORE, "E[(mu + sigma*Z)^2]", ">= 0.3", "", REFUTED),
    ({"x": "positive"}, "log(1 + x)", "< 8", "", REFUTED),
    ({"n": "positive integer"}, "Sum(1/k, (k, 1, n))", "< 10", "", REFUTED),
    ({"n": "positive integer"}, "(1 + 1/n)^n", "< 2.7", "", REFUTED),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "given", "to", "by", "verdict"), STEPS)
def test_a_step_has_its_verdict(
    declared: dict[str, str], given: str, to: str, by: str, verdict: Verdict, prover: Prover
) -> None:
    assert judged(prover, declared, given, (to, by))[0].verdict is verdict


def derivation(path: str, identifier: str) -> DerivationSource:
    file = ROOT / path
    sources = parse_article(file.read_text(encoding="utf-8"), file).article.derivations
    return next(source for source in sources if source.id == identifier)


SQUARES = DerivationSource(
    "squares", "a", "t", (("Q", "sequence"), ("n", "positive integer")), "Q(1)",
    "Q(n) <= 2 - 1/n", (StepSource("Q(n) <= 2 - 1/n", by="induction n from 1"),),
    facts=("Q(1) = 1", "Q(n) = Q(n - 1) + 1/n^2"),
)  # fmt: skip
GUMBEL = DerivationSource(
    "gumbel-max", "a", "t", (("w", "positive"), ("r", "positive")),
    "int(exp(-(x - log(w)))*exp(-exp(-(x - log(w))))*exp(-exp(-(x - log(r)))), x, -oo, oo)",
    "w/(w + r)",
    (
        StepSource("int(w*exp(-x)*exp(-w*exp(-x))*exp(-r*exp(-x)), x, -oo, oo)"),
        StepSource("int(w*exp(-x)*exp(-(w + r)*exp(-x)), x, -oo, oo)"),
        StepSource("int(w*exp(-(w + r)*s), s, 0, oo)", by="substitute s = exp(-x)"),
        StepSource("w/(w + r)"),
    ),
)  # fmt: skip
FIRST_LINES = [
    (derivation("tests/golden/derive/ring-allreduce.md", "ring-limit"), "2*S/B"),
    (derivation("tests/golden/derive/flash-attention.md", "memory-ratio"),
     "4*M/(n*d) + 4*M/d^2"),
    (derivation("tests/golden/derive/autograd.md", "at-one"), "9/2"),
    (derivation("tests/golden/derive/flash-attention.md", "online-recursion"),
     "l(t) = Sum(exp(s[j] - m[t]), (j, 1, t))"),
    (derivation("content/attention/flash-attention.md", "fa-access-ratio"), "2*B/d"),
    (derivation("content/optimisation/stochastic-approximation.md", "sa-harmonic"),
     "D(n) >= 1/2"),
    (SQUARES, "Q(n) <= 2 - 1/n"),
    (GUMBEL, "w/(w + r)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "goal"), FIRST_LINES, ids=[source.id for source, _ in FIRST_LINES]
)
def test_the_goal_as_the_first_line_is_proved_by_the_authors_rule(
    source: DerivationSource, goal: str, prover: Prover
) -> None:
    assert judge_line(prover, source, (), goal).verdict is PROVED


@pytest.mark.parametrize("limit", [2.0, 0.02])
def test_a_prover_that_only_starts_gives_no_other_verdict(limit: float) -> None:
    """Time that runs out is never a refutation, and the start takes none."""
    source = derivation("tests/golden/derive/ring-allreduce.md", "ring-limit")
    with Prover(seconds=limit) as cold:
        verdict = judge_line(cold, source, (), "2*S/B").verdict
    assert verdict is PROVED or (limit < 2 and verdict is UNDECIDED)


def test_the_lines_of_a_variance_are_right_and_its_bounds_are_not_taken_for_shown(
    prover: Prover,
) -> None:
    source = derivation("content/generative/reparameterization.md", "rp-variance")
    lines: list[str] = []
    for step in source.steps:
        assert judge_line(prover, source, tuple(lines), step.to).verdict is PROVED
        lines.append(step.to)
    assert judge_line(prover, source, tuple(lines[:-1]), "<= 5").verdict in (REFUTED, UNDECIDED)
