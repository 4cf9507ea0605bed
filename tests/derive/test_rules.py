"""What follows by each rule, and what only looks as if it did."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.steps.derivation import verify_derivation
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.verdict import Verdict

ACCEPTED = (Verdict.PROVED, Verdict.AGREES)
NUMBERS = {"x": "real", "y": "real", "a": "real", "b": "real", "n": "positive integer"}


@dataclass(frozen=True)
class Step:
    """One step: the line before, the line after, and the rule."""

    given: str
    to: str
    by: str = "equal"
    facts: tuple[str, ...] = ()
    symbols: tuple[tuple[str, str], ...] = tuple(NUMBERS.items())

    def __str__(self) -> str:
        return f"{self.given} -> {self.to} [{self.by}]"


def step(given: str, to: str, by: str = "equal", *facts: str, **symbols: str) -> Step:
    return Step(given, to, by, facts, tuple({**NUMBERS, **symbols}.items()))


def judged(case: Step, prover: Prover) -> Verdict:
    source = DerivationSource(
        "d",
        "a",
        "t",
        case.symbols,
        case.given,
        case.to,
        (StepSource(case.to, by=case.by),),
        facts=case.facts,
    )
    return verify_derivation(prover, source)[0].verdict


FOLLOWS = [
    # both sides are changed
    step("y = x^2", "diff(y, x) = 2*x", "differentiate x"),
    step("x^2", "2*x", "differentiate x"),
    step("x <= x^2 + 1", "1 <= 2", "at x = 1"),
    step("1/n > 0", "0 >= 0", "limit n oo"),
    step("x^2 >= 0", "1/3 >= 0", "integrate x, 0, 1"),
    step("X < X + 1", "E[X] < E[X + 1]", "expectation", X="random"),
    step("diff(x^2, x)", "2", "at x = 1"),
    step("x[n]^2", "2*x[n]", "differentiate x[n]", x="sequence"),
    step("l(n)", "2*(a - b*n)", "differentiate a", "l(i) = (a - b*i)^2", l="function"),
    # a fact about an expectation is found inside of powers and products
    step("E[X + 3]", "3", "equal", "E[X] = 0", X="random"),
    step("E[(X + 1)^2]", "2", "equal", "E[X] = 0", "E[X^2] = 1", X="random"),
    step("E[(X - Y)*(X + Y)]", "0", "equal", "E[X^2] = 1", "E[Y^2] = 1", X="random", Y="random"),
    # relations
    step("x < x + 1", "x <= x + 1"),
    step("x", "x < x + 1 <= x + 2"),
    step("(a - b)^2 >= 0", "2*a*b <= a^2 + b^2 <= a^2 + b^2 + 1"),
    step("x = 2 - x", "x = 1"),
    step("2*x = 4", "x^2 = 4"),
    step("b = x^2 + 1", "x^2 + 1 > 0"),
    # substitution
    step("int(2*x*exp(-x^2), x, -oo, 0)", "-int(exp(-w), w, 0, oo)", "substitute w = x^2"),
    step("int(exp(-1/x)/x^2, x, 0, oo)", "int(exp(-w), w, 0, oo)", "substitute w = 1/x"),
    step("int(1/cos(x)^2, x, 0, pi/4)", "int(1, w, 0, 1)", "substitute w = tan(x)"),
    step("int(x, x, 0, 1)", "int(w/4, w, 0, 2)", "substitute w = 2*x"),
    # solving
    step("x^2 = 4", "x = 2", "solve x", x="positive"),
    step("a*x = b", "x = b/a", "solve x", a="nonzero"),
    step("x^2 = 4", "x = 2 or x = -2"),
    # facts
    step("f(2)", "4", "given", "f(i) = i^2", f="function"),
    step("a", "a <= b", "given", "a <= b"),
    step("2*a", "2*a <= 2*b", "equal", "a <= b"),
    step("E[X + 3]", "3", "expectation", "E[X] = 0", X="random"),
    step("E[2*X + Y]", "2*a + E[Y]", "expectation", "E[X] = a", X="random", Y="random"),
    step("E[sum(g[k], k, 1, n)]", "n*a", "equal", "E[g[i]] = a", g="random sequence"),
    # induction
    step("n", "n < 2^n", "induction n from 1"),
    step(
        "Var[Sum(x[i], (i, 1, n))]", "Var[Sum(x[i], (i, 1, n))] = n*s^2", "induction n from 1",
        "Var[x[1]] = s^2", x="independent sequence", n="positive integer", s="positive",
    ),
    step(
        "w(0)", "w(n) = 2^n", "induction n from 0",
        "w(0) = 1", "w(1) = 2", "w(n) = w(n-1) + 2*w(n-2)", w="sequence", n="natural",
    ),
]  # fmt: skip

DOES_NOT = [
    step("E[(X + 1)^2]", "3", "equal", "E[X] = 0", "E[X^2] = 1", X="random"),
    # a left side that stays, or comes from nowhere
    step("y = x^2", "y = 2*x", "differentiate x"),
    step("y = x^2", "y = 1", "at x = 1"),
    step("y = 2*x", "y = x^2", "integrate x"),
    step("y = 1/n", "y = 0", "limit n oo"),
    step("x^2", "7 = 2*x", "differentiate x"),
    step("1/x", "7 = 0", "limit x oo"),
    step("y + 1 = x", "z = x", "substitute w = x", z="real"),
    # the relation says more than it did
    step("x <= x^2 + 1", "1 = 2", "at x = 1"),
    step("x <= x^2 + 1", "1 <= 2*x", "differentiate x"),
    step("1/n > 0", "0 > 0", "limit n oo"),
    step("x^2 >= 0", "-1/3 >= 0", "integrate x, 0, -1"),
    step("X^2 <= X^2 + Y^2", "E[X^2] = E[X^2 + Y^2]", "expectation", X="random", Y="random"),
    step("X >= X", "E[X] > E[X]", "expectation", X="random"),
    step("y <= x", "y = x", "substitute w = x"),
    step("y <= x", "y >= x", "substitute w = x"),
    step("x <= x + 1", "x = x + 1"),
    step("x != x + 1", "x != x"),
    # an equation that holds for some values only
    step("x^2 = 4", "2*x = 0", "differentiate x"),
    step("x^2 = 4", "1 = 4", "at x = 1"),
    step("X^2 = 4", "E[X^2] = 4", "expectation", X="random"),
    step("x^2 = 1", "x = 1"),
    # outside of the domain
    step("sin(pi*n) = 0", "1 = 0", "at n = 1/2"),
    step("sin(pi*n) = 0", "pi*cos(pi*n) = 0", "differentiate n"),
    step("sin(pi*n)^2 = 0", "1/2 = 0", "integrate n, 0, 1"),
    step("abs(x) = x", "1 = -1", "at x = -1", x="positive"),
    step("abs(x) = x", "1 = 0", "integrate x, -1, 1", x="positive"),
    step("min(k, n) = k", "n = oo", "limit k oo", k="integer, 1 <= k <= n"),
    step("a", "0", "differentiate x", "a^2 = x", x="positive"),
    step("min(k, n) = k", "min(k, 2) = k", "at n = 2", k="integer, 1 <= k <= n"),
    step("x/abs(x)", "-1", "limit x 0 -", x="positive"),
    step("w(n)", "0", "differentiate a", "w(0) = 1", "w(n) = a*w(n-1)", w="sequence"),
    step("w(n) + a", "w(n) + 2", "at a = 2", "w(0) = 1", "w(n) = a*w(n-1)", w="sequence"),
    # chains: the first link is a claim too
    step("x^2", "x^2 = x^2 + 1 <= x^2 + 2"),
    step("x = x", "x = x + 1 <= x + 2"),
    # antiderivatives are known up to a constant
    step("int(2*x, x) - int(2*x, x)", "5"),
    step("y = int(2*x, x) - x^2", "y = 7"),
    step("diff(x^2, x) = 2*x", "x^2 = x^2 + 1", "integrate x"),
    step("x", "int(2*x, x) <= x^2 - 5"),
    step("int(2*x, x) = x^2", "int(2*x, x) = x^2 + 5"),
    # substitutions that jump, or mix up names
    step("int(1, x, 0, pi)", "int(1/(1 + w^2), w, 0, 0)", "substitute w = tan(x)"),
    step("int(1/(1 + x^2), x, -1, 1)", "int(1/(1 + w^2), w, 1, -1)", "substitute w = -1/x"),
    step("int(0, x, 0, 2)", "int(5, w, 0, 2)", "substitute w = floor(x)"),
    step("int(x*exp(-x), x, 0, 1)", "int(x*exp(-w), w, 0, 1)", "substitute w = x"),
    step("x*int(1, x, 0, 1)", "int(w, w, 0, 1)", "substitute w = x"),
    step("sum(k, k, 1, n)", "sum(j - 1/2, j, 3/2, n + 1/2)", "substitute j = k + 1/2"),
    step("sum(2*k, k, 1, n)", "sum(j, j, 2, 2*n)", "substitute j = 2*k"),
    step("w + x", "2*x", "substitute w = x", w="real"),
    step("w = w", "w = x", "substitute w = x", w="real"),
    # roots that are lost, or were never there
    step("x^2 = 4", "x = 2", "solve x"),
    step("a*x = a", "x = 1", "solve x"),
    step("0*x = 0", "x = 1", "solve x"),
    step("tan(x) = 1", "x = pi/4", "solve x"),
    step("y^2 = b*y", "y = 0", "solve y", y="positive", b="positive"),
    step("x^2 - 4 = 0*x", "x = -2", "solve x", x="positive"),
    step("2*k = 1", "k = 1/2", "solve k", k="integer"),
    step("x - y = 1", "x = y + 1", "solve x", x="real, x < y"),
    # facts say what they say
    step("a = a", "a <= b <= c", "given", "a <= c", "b <= c", c="real"),
    step("f(x)", "0", "given", "f(a) = 0", f="function"),
    step("f(x)", "x", "given", "f(a) = a", f="function"),
    step("g[n]", "3", "given", "g[N] = 3", g="sequence", N="positive integer"),
    step("sum(g[N], N, 1, 5)", "15", "equal", "g[N] = 3", g="sequence", N="natural"),
    step("sum(g[N], n, 0, 3)", "6", "equal", "g[N] = n", g="sequence", N="natural"),
    step("m(1)", "0", "given", "m(k) = (k-2)*(k-1)", m="function", k="integer, k >= 2"),
    step("a", "a = b", "equal", "a <= b"),
    step("a", "a < b", "equal", "a <= b"),
    step("w(5)", "3", "equal", "w(0) = 3", "w(n) = w(n-1)", w="sequence", n="integer, n >= 2"),
    step("w(1)", "1", "equal", "w(0) = 0", "w(n) = w(n-1)", "w(n) = w(n-1) + 1", w="sequence"),
    # induction
    step("x", "sin(pi*x) = 0", "induction x from 0"),
    step("x", "floor(x) = x", "induction x from 0"),
    step("n", "2^n > n^2", "induction n from 5"),
    step(
        "Var[Sum(x[i], (i, 1, n))]", "Var[Sum(x[i], (i, 1, n))] = n*s^2", "induction n from 1",
        "Var[x[1]] = s^2", x="random sequence", n="positive integer", s="positive",
    ),
    step("n", "k*(k-1)*0 + k = 1", "induction n from 1", k="integer, 1 <= k <= n"),
    step(
        "w(0)", "w(n) = 0", "induction n from 1",
        "w(0) = 5", "w(n) = 0*w(n-1)", w="sequence", n="natural",
    ),
    step(
        "w(0)", "w(n) = n", "induction n from 0",
        "w(0) = 0", "w(1) = 1", "w(n) = w(n-1) + w(n-2)", w="sequence", n="natural",
    ),
    step(
        "w(0)", "w(n) = 2^n", "induction n from 0",
        "w(0) = 1", "w(n) = w(n-1) + 2*w(n-2)", w="sequence", n="natural",
    ),
    step("Q(1)", "Q(n) < 2 - 1/n", "equal", "Q(1) = 1", "Q(n) = Q(n-1) + 1/n^2", Q="sequence"),
]  # fmt: skip

OPEN = [
    # not shown, but what speaks against it need not obey the facts
    step("a", "a < b", "equal", "a <= b"),
    step("x^2 = 4", "2*x = 0", "differentiate x"),
]


WRONG_WHERE_FACTS_HOLD = [
    step("E[X + 3]", "4", "expectation", "E[X] = 0", X="random"),
    step("w*a + w", "a + 2", "equal", "w = 1"),
    step("sum(x[i] - 1, i, 1, n)", "5", "fact", "sum(x[i], i, 1, n) = 4", x="sequence"),
]


@pytest.mark.parametrize("case", FOLLOWS, ids=str)
def test_what_follows_is_accepted(case: Step, prover: Prover) -> None:
    assert judged(case, prover) in ACCEPTED


@pytest.mark.parametrize("case", DOES_NOT, ids=str)
def test_what_does_not_follow_is_never_accepted(case: Step, prover: Prover) -> None:
    assert judged(case, prover) not in ACCEPTED


@pytest.mark.parametrize("case", OPEN, ids=str)
def test_what_facts_may_forbid_refutes_nothing(case: Step, prover: Prover) -> None:
    assert judged(case, prover) is Verdict.UNDECIDED


@pytest.mark.parametrize("case", WRONG_WHERE_FACTS_HOLD, ids=str)
def test_what_is_false_where_the_facts_hold_is_refuted(case: Step, prover: Prover) -> None:
    assert judged(case, prover) is Verdict.REFUTED
