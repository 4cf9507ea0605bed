"""A wrong line is refuted where facts are told, by values that obey them; a right one never is."""

from __future__ import annotations

import pytest

from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.process.prover import Prover
from studytui.derive.steps.feedback import judge_line
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.verdict import Judgement, Verdict
from studytui.derive.verify.witness import contradicted
from tests.derive.mistakes.right_lines import contradictions

WEIGHTS = {"n": "positive integer", "w": "positive sequence", "u": "sequence", "c": "real"}
MOMENTS = {"X": "random", "Z": "random", "a": "real", "s": "positive", "v": "positive"}
TWO = {"X": "independent", "Y": "independent", "s": "positive"}
EVERY = 18
"""Each so many of the derivations with facts; `python -m benchmarks mistakes` takes all."""


def judged(line: str, facts: tuple[str, ...], declared: dict[str, str]) -> Judgement:
    symbols = declare(declared)
    indices = {name: Domain(kind="integer", integer=True) for name in "ijk"}
    loose = Symbols({**indices, **symbols.domains})
    told = tuple(parse(fact, loose) for fact in facts)
    return contradicted(parse(line, symbols), told, symbols)


WRONG = [
    ("c*sum(w[j], j, 1, n) = c^2", ("sum(w[j], j, 1, n) = 1",), WEIGHTS),
    ("sum(w[j]*u[j], j, 1, n)^2 = sum(w[j]*u[j]^2, j, 1, n)", ("sum(w[j], j, 1, n) = 1",), WEIGHTS),
    ("E[(X + a*Z)^2] = v + a^2 + 2*a", ("E[X^2] = v", "E[Z^2] = 1", "E[X*Z] = 0"), MOMENTS),
    ("E[(s*Z)^2] = s", ("E[Z] = 0", "E[Z^2] = 1"), MOMENTS),
    ("Var[2*X + Y] = 2*s^2 + 1", ("Var[X] = s^2", "E[Y] = 0", "E[Y^2] = 1"), TWO),
    ("E[exp(X*a)] = exp(a)", ("E[exp(X*a)] = exp(a^2/2)",), MOMENTS),
    ("u[1] + u[2] = c", ("u[i] + c = w[i]",), WEIGHTS),
    ("sum(w[j], j, 1, n) <= 1/2", ("sum(w[j], j, 1, n) = 1",), WEIGHTS),
]


@pytest.mark.parametrize(("line", "facts", "declared"), WRONG)
def test_a_wrong_line_is_false_where_the_facts_hold(
    line: str, facts: tuple[str, ...], declared: dict[str, str]
) -> None:
    found = judged(line, facts, declared)
    assert found.verdict is Verdict.REFUTED
    assert found.counterexample is not None
    assert "where the facts hold" in found.why


RIGHT = [
    ("c*sum(w[j], j, 1, n) = c", ("sum(w[j], j, 1, n) = 1",), WEIGHTS),
    ("E[(X + a*Z)^2] = v + a^2", ("E[X^2] = v", "E[Z^2] = 1", "E[X*Z] = 0"), MOMENTS),
    ("Var[2*X + Y] = 4*s^2 + 1", ("Var[X] = s^2", "E[Y] = 0", "E[Y^2] = 1"), TWO),
    ("u[1] + u[2] = w[1] + w[2] - 2*c", ("u[i] + c = w[i]",), WEIGHTS),
    ("sum(w[j]*u[j], j, 1, n)^2 <= sum(w[j]*u[j]^2, j, 1, n)", ("sum(w[j], j, 1, n) = 1",),
     WEIGHTS),
    ("exp(-a^2 - c^2)*E[exp(2*X*(a + c))] = exp(a*c)",
     ("E[exp(2*X*(a + c))] = exp((a + c)^2 - a*c)",), {**MOMENTS, "c": "real"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "facts", "declared"), RIGHT)
def test_a_right_line_is_false_nowhere(
    line: str, facts: tuple[str, ...], declared: dict[str, str]
) -> None:
    assert judged(line, facts, declared).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(("fact", "line"), [
    ("exp(-a) = 0", "a = 1"),  # holds at infinity only
    ("a^2 = 0", "a = 1"),
    ("a^2 + 1 = 0", "a = 1"),
    ("abs(a) = -1/10^30", "a = 1"),
    ("a = 5", "a + s = s + 5"),
])  # fmt: skip
def test_where_facts_hold_nowhere_or_hardly_nothing_is_refuted(fact: str, line: str) -> None:
    assert judged(line, (fact,), MOMENTS).verdict is Verdict.UNDECIDED


def test_the_lines_of_the_articles_are_false_nowhere_where_their_facts_hold() -> None:
    found = list(contradictions(EVERY))
    assert found and not [place for place, verdict in found if verdict is Verdict.REFUTED]


def test_a_learner_is_told_values_that_obey_the_facts(prover: Prover) -> None:
    source = DerivationSource(
        id="d", article="a", title="t", symbols=tuple(WEIGHTS.items()),
        given="sum(w[j]*(c - u[j]), j, 1, n)", goal="c - sum(w[j]*u[j], j, 1, n)",
        steps=(StepSource("c - sum(w[j]*u[j], j, 1, n)", by="fact"),),
        facts=("sum(w[j], j, 1, n) = 1",),
    )  # fmt: skip
    wrong = judge_line(prover, source, [], "c + sum(w[j]*u[j], j, 1, n)")
    assert wrong.verdict is Verdict.REFUTED
    assert "where the facts hold" in wrong.message
    assert judge_line(prover, source, [], source.goal).done
