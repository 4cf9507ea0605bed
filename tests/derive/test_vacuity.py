"""Derivations that prove nothing are told; those that are worked are not."""

from __future__ import annotations

from dataclasses import replace

from studytui.derive.process.prover import Prover
from studytui.derive.steps.feedback import judge_line
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.steps.vacuity import alike, vacuities

WORKED = DerivationSource(
    id="square",
    article="a",
    title="t",
    symbols=(("x", "real"), ("y", "real")),
    given="(x + y)^2 - (x - y)^2",
    goal="4*x*y",
    steps=(
        StepSource("((x + y) + (x - y))*((x + y) - (x - y))", key=True, line=5),
        StepSource("4*x*y", line=6),
    ),
    line=1,
)
LEAPT = replace(WORKED, steps=(StepSource("4*x*y", key=True, line=5),))
ROUND = replace(
    WORKED, steps=(StepSource("(x - y)^2*(-1) + (x + y)^2", line=5), StepSource("x*4*y", line=6))
)


def told(source: DerivationSource) -> list[tuple[int, str]]:
    return [(found.line, found.what) for found in vacuities(source)]


def test_what_is_worked_is_not_vacuous() -> None:
    assert told(WORKED) == []


def test_what_copying_the_goal_finishes_is_told_and_the_prover_agrees(prover: Prover) -> None:
    for source, finished in ((WORKED, False), (LEAPT, True), (ROUND, True)):
        assert judge_line(prover, source, [], source.goal).done is finished
        copied = [what for _, what in told(source) if "copying its goal" in what]
        assert bool(copied) is finished


def test_a_goal_that_is_a_chain_may_hold_its_own_key_line() -> None:
    chain = replace(
        WORKED,
        given="z = (x + y)^2 - (x - y)^2",
        goal="z = ((x + y) + (x - y))*((x + y) - (x - y)) = 4*x*y",
        steps=(*WORKED.steps[:1], StepSource("z = 4*x*y", line=6)),
    )
    assert [what for _, what in told(chain) if "copying its goal" in what]


def test_a_step_that_repeats_the_line_before_is_told() -> None:
    first, last = WORKED.steps
    assert told(replace(WORKED, steps=(first, replace(first, line=7), last))) == [
        (7, "a step of 'square' is the line before it")
    ]


def test_symbols_and_facts_that_nothing_uses_are_told() -> None:
    source = replace(
        WORKED,
        symbols=(*WORKED.symbols, ("z", "real"), ("n", "natural"), ("k", "integer, k >= n")),
        facts=("x = k", "E[z] = 0"),
    )
    assert told(source) == [(1, "no step of 'square' can use the fact 'E[z] = 0'")]
    assert told(replace(source, facts=("x = k",))) == [
        (1, "the symbol 'z' of 'square' is never used")
    ]


def test_a_goal_that_one_law_or_a_known_constant_gives_is_told() -> None:
    law = replace(
        WORKED, symbols=(("x", "real"),), given="sigmoid(-x)", goal="1 - sigmoid(x)",
        steps=(StepSource("1/(1 + exp(x))", key=True), StepSource("1 - sigmoid(x)")),
    )  # fmt: skip
    constant = replace(law, symbols=(), given="int(exp(-t^2), t, -oo, oo)", goal="sqrt(pi)",
                       steps=(StepSource("2*int(exp(-t^2), t, 0, oo)", key=True, line=5),
                              StepSource("sqrt(pi)", line=6)))  # fmt: skip
    assert told(law) == [(1, "one law gives the goal of 'square' from its first line")]
    assert told(constant) == [
        (1, "a known constant gives the goal of 'square' from its first line")
    ]
    assert told(WORKED) == []


def test_two_derivations_that_differ_in_names_only_are_told() -> None:
    renamed = replace(
        WORKED, id="other", line=20, symbols=(("a", "real"), ("b", "real")),
        given="(a + b)^2 - (a - b)^2", goal="4*a*b",
        steps=(StepSource("((a + b) + (a - b))*((a + b) - (a - b))", key=True, line=25),
               StepSource("4*a*b", line=26)),
    )  # fmt: skip
    turned = replace(renamed, id="third", given="(a + b)^2 - (b - a)^2")
    assert [(found.line, other.id) for found, other in alike((WORKED, renamed, turned))] == [
        (20, "square")
    ]
