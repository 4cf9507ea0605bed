"""Induction on the bench: the line, then its base and its step, each checked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.verdict import Verdict
from studytui.study.derivation_session import Bench

UNROLL = DerivationSource(
    id="unroll",
    article="a",
    title="t",
    symbols=(("m", "sequence"), ("g", "sequence"), ("beta", "0 < beta < 1"), ("t", "natural")),
    facts=("m(0) = 0", "m(t) = beta*m(t - 1) + (1 - beta)*g(t)"),
    given="m(1) = (1 - beta)*g(1)",
    goal="m(t) = (1 - beta)*Sum(beta^(t - i)*g(i), (i, 1, t))",
    steps=(
        StepSource("m(2) = (1 - beta)*(beta*g(1) + g(2))", key=True),
        StepSource("m(t) = (1 - beta)*Sum(beta^(t - i)*g(i), (i, 1, t))", by="induction t from 0"),
    ),
)
SQUARES = DerivationSource(
    id="squares",
    article="a",
    title="t",
    symbols=(("l", "nonnegative sequence"), ("g", "nonnegative sequence"), ("n", "natural")),
    given="l[1]^2 <= (l[1] + g[1])^2",
    goal="Sum(l[i]^2, (i, 1, n)) <= Sum((l[i] + g[i])^2, (i, 1, n))",
    steps=(
        StepSource("l[1]^2 + l[2]^2 <= (l[1] + g[1])^2 + (l[2] + g[2])^2", key=True),
        StepSource(
            "Sum(l[i]^2, (i, 1, n)) <= Sum((l[i] + g[i])^2, (i, 1, n))", by="induction n from 0"
        ),
    ),
)
STEP = (
    "m(t + 1) = beta*m(t) + (1 - beta)*g(t + 1)"
    " = beta*(1 - beta)*Sum(beta^(t - i)*g(i), (i, 1, t)) + (1 - beta)*g(t + 1)"
    " = (1 - beta)*Sum(beta^(t + 1 - i)*g(i), (i, 1, t + 1))"
)


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    with Prover(seconds=10.0) as prover:
        yield prover


def reached(source: DerivationSource, prover: Prover) -> Bench:
    bench = Bench(source, prover)
    assert bench.write(source.steps[0].to).accepted
    judged = bench.write(source.goal)
    assert judged.accepted and not judged.done and not bench.done
    assert "Show the base" in judged.message
    return bench


def test_the_goal_counts_once_base_and_step_are_shown(prover: Prover) -> None:
    bench = reached(UNROLL, prover)
    assert "Show the step" in bench.write("m(0) = 0").message
    assert bench.write(STEP).done and bench.done


def test_a_base_at_another_place_or_with_the_name_in_it_is_not_the_base(prover: Prover) -> None:
    bench = reached(UNROLL, prover)
    for line, verdict in (
        ("m(1) = (1 - beta)*g(1)", Verdict.UNDECIDED),
        (UNROLL.goal, Verdict.UNDECIDED),
        ("m(0) = 1", Verdict.REFUTED),
        ("0", Verdict.UNDECIDED),
    ):
        judged = bench.write(line)
        assert not judged.accepted and judged.verdict is verdict, (line, judged)
    assert bench.mistakes == 1 and "Show the base" in bench.asked_part


def test_a_step_needs_what_lies_between_and_each_link_is_checked(prover: Prover) -> None:
    bench = reached(UNROLL, prover)
    bench.write("m(0) = 0")
    bare = "m(t + 1) = (1 - beta)*Sum(beta^(t + 1 - i)*g(i), (i, 1, t + 1))"
    assert "lies between" in bench.write(bare).message
    wrong = bench.write(STEP.replace("beta*(1 - beta)*Sum", "(1 - beta)*Sum"))
    assert not wrong.accepted and wrong.verdict is not Verdict.PROVED
    assert bench.write(STEP).done


def test_an_inequality_may_say_that_one_side_grows_by_less(prover: Prover) -> None:
    bench = reached(SQUARES, prover)
    assert bench.write("0 <= 0").accepted
    grows = (
        "Sum(l[i]^2, (i, 1, n + 1)) - Sum(l[i]^2, (i, 1, n)) <= "
        "Sum((l[i] + g[i])^2, (i, 1, n + 1)) - Sum((l[i] + g[i])^2, (i, 1, n))"
    )
    assert bench.write(grows).done


def test_help_and_undo_reach_base_and_step(prover: Prover) -> None:
    bench = reached(UNROLL, prover)
    assert "Put 0 for t" in bench.hint()[1]
    assert bench.undo() == UNROLL.goal and not bench.asked_part
    bench.write(UNROLL.goal)
    assert bench.give_next().startswith("m[0] = ")
    assert bench.give_next().startswith("m[t + 1] = ") and bench.done
    assert bench.shown == 2
