"""A learner's lines: any valid way counts, wrong ones say where, idle ones are told so."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from studytui.derive.expr.nodes import Limit, Name, Node, walk
from studytui.derive.process.prover import Prover
from studytui.derive.steps.budget import Budget
from studytui.derive.steps.feedback import judge_line
from studytui.derive.steps.hints import hint, next_step
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.verdict import Judgement, Verdict
from studytui.study.derivation_session import Bench
from studytui.study.deriving import batch

GEOMETRIC = DerivationSource(
    id="d",
    article="a",
    title="t",
    symbols=(("beta", "0 < beta < 1"), ("t", "positive integer"), ("g", "real")),
    given="m = (1 - beta) * Sum(beta**(t - i) * g, (i, 1, t))",
    goal="m = (1 - beta**t) * g",
    steps=(
        StepSource(
            "(1 - beta) * g * Sum(beta**j, (j, 0, t - 1))", hints=("g is constant",), key=True
        ),
        StepSource("(1 - beta) * g * (1 - beta**t) / (1 - beta)", say="Sum the series"),
        StepSource("(1 - beta**t) * g"),
    ),
)
LIMITED = DerivationSource(
    id="l",
    article="a",
    title="t",
    symbols=(("n", "positive integer"), ("x", "real")),
    given="x * (1 + 1/n)",
    goal="x",
    steps=(StepSource("x + x/n"), StepSource("x", by="limit n oo")),
)


def test_the_authors_way_is_accepted_and_ends(prover: Prover) -> None:
    bench = Bench(GEOMETRIC, prover)
    for step in GEOMETRIC.steps:
        judged = bench.write(step.to)
        assert judged.verdict is Verdict.PROVED
        assert judged.helps
    assert bench.done
    assert bench.mistakes == 0


def test_another_way_and_another_order_of_factors_are_accepted(prover: Prover) -> None:
    bench = Bench(GEOMETRIC, prover)
    assert bench.write("m = g (1 - β) sum(β^k, k, 0, t - 1)").accepted
    assert bench.write("m = g (1 - β^t)").done


def test_a_chain_from_the_line_above_to_the_goal_ends_it(prover: Prover) -> None:
    square = DerivationSource(
        id="s",
        article="a",
        title="t",
        symbols=(("x", "real"), ("a", "real")),
        given="x^2 + 2a x",
        goal="(x + a)^2 - a^2",
        steps=(StepSource("(x + a)^2 - a^2", by="complete the square"),),
    )
    bench = Bench(square, prover)
    assert not bench.write("x^2 + 2a x = x (x + 2a) = (x + a)^2 + a^2").accepted
    judged = bench.write("x^2 + 2a x = x (x + 2a) = (x + a)^2 - a^2")
    assert judged.verdict is Verdict.PROVED
    assert judged.done


def test_a_wrong_line_says_where_it_differs_and_with_which_values(prover: Prover) -> None:
    judged = judge_line(prover, GEOMETRIC, ["(1 - beta**t) * g"], "(1 - beta**(t + 1)) * g")
    assert judged.verdict is Verdict.REFUTED
    assert judged.differs == ("t + 1", "t")
    assert judged.judgement.counterexample is not None


def test_a_line_that_is_right_but_idle_is_told_so(prover: Prover) -> None:
    again = judge_line(prover, GEOMETRIC, [], "(1 - beta) * sum(g * beta^(t - i), i, 1, t)")
    assert again.accepted
    assert not again.helps
    assert "no closer" in again.message


def test_an_unreadable_line_is_an_error_with_its_column(prover: Prover) -> None:
    judged = judge_line(prover, GEOMETRIC, [], "(1 - beta")
    assert judged.verdict is Verdict.ERROR
    assert "column 10" in judged.message


def test_a_limit_counts_where_the_author_takes_one(prover: Prover) -> None:
    assert judge_line(prover, LIMITED, ["x + x/n"], "x").done
    assert judge_line(prover, LIMITED, ["x + x/n"], "x + 1").verdict is Verdict.REFUTED


def test_values_are_put_in_in_any_order_or_all_at_once(prover: Prover) -> None:
    steps = (
        StepSource("6*3/n", by="at x = 1"),
        StepSource("18/4", by="at n = 4"),
        StepSource("9/2"),
    )
    source = replace(LIMITED, given="6*(x + 2)/n", goal="9/2", steps=steps)
    assert judge_line(prover, source, [], "6*(x + 2)/4").accepted
    assert judge_line(prover, source, [], "9/2").leap
    assert judge_line(prover, source, ["6*(1 + 2)/n"], "9/2").done
    assert judge_line(prover, source, [], "7/2").verdict is Verdict.REFUTED


def test_a_relation_counts_if_it_is_true_by_itself(prover: Prover) -> None:
    source = replace(
        LIMITED,
        symbols=(("a", "positive"), ("Z", "normal(0, 1)")),
        given="V = E[a * Z^2]",
        goal="V > 0",
        steps=(StepSource("= a"), StepSource("> 0")),
    )
    assert judge_line(prover, source, ["= a"], "a > 0").accepted
    assert judge_line(prover, source, ["= a"], "> 0").done
    assert not judge_line(prover, source, ["= a"], "a > 1").accepted


def test_a_line_waits_no_longer_than_one_check() -> None:
    class Slow:
        """Decides nothing, and takes all the time that it may have."""

        seconds = 2.0

        def __init__(self) -> None:
            self.asked: list[float] = []

        def check(self, *_: object, seconds: float | None = None, **__: object) -> Judgement:
            assert seconds is not None
            self.asked.append(seconds)
            return Judgement(Verdict.UNDECIDED, "too hard", seconds=min(seconds, 0.8))

    slow = Slow()
    budget = Budget(slow, 2.0)
    nodes = (Name("x"), Name("y"))
    for _ in range(9):
        assert budget.check("equal", nodes, {}).verdict is Verdict.UNDECIDED
    assert slow.asked == pytest.approx([2.0, 1.2, 0.4])
    assert budget.spent


def test_latex_lines_are_read(prover: Prover) -> None:
    judged = judge_line(prover, GEOMETRIC, [], r"m = (1 - \beta^t) g", "latex")
    assert judged.leap


def test_hints_grow_and_the_next_step_is_the_authors() -> None:
    assert hint(GEOMETRIC, [], 1) == "g is constant"
    assert "(1 - beta)" in hint(GEOMETRIC, [], 3)
    after = [GEOMETRIC.steps[0].to]
    assert hint(GEOMETRIC, after, 2) == "Sum the series"
    assert next_step(GEOMETRIC, after) == GEOMETRIC.steps[1]
    # At the goal the step that was passed over is the next one.
    assert next_step(GEOMETRIC, [GEOMETRIC.steps[-1].to]) == GEOMETRIC.steps[0]
    assert next_step(GEOMETRIC, [*after, GEOMETRIC.steps[-1].to]) is None


def test_the_bench_counts_help_and_takes_lines_back(prover: Prover) -> None:
    bench = Bench(GEOMETRIC, prover)
    assert bench.hint()[0] == 1
    assert bench.hint()[0] == 2
    assert bench.show_next() == GEOMETRIC.steps[0].to
    bench.write("m = g")
    bench.write(GEOMETRIC.steps[0].to)
    assert bench.undo() == GEOMETRIC.steps[0].to
    assert (bench.hints, bench.shown, bench.mistakes, bench.lines) == (2, 1, 1, [])


def test_a_batch_keeps_its_order_and_survives_bad_lines(prover: Prover) -> None:
    lines = [
        json.dumps({"id": 1, "a": "x + x", "b": "2x"}),
        "not json",
        json.dumps({"id": 2, "a": "x", "b": "-x", "assumptions": {"x": "positive"}}),
        json.dumps({"id": 3, "a": "x"}),
        json.dumps({"id": 4, "a": "x", "b": "x", "syntax": "klingon"}),
        json.dumps([1, 2]),
        json.dumps({"id": 5, "a": r"\frac{x}{2}", "b": "x/2", "syntax": "latex"}),
        json.dumps({"id": 6, "a": "x", "b": "x", "assumptions": {"x": "purple"}}),
        "",
    ]
    answers = [answer.as_json() for answer in batch(lines, prover)]
    assert [answer["id"] for answer in answers] == [1, None, 2, 3, 4, None, 5, 6]
    assert [answer["verdict"] for answer in answers] == [
        "proved", "error", "refuted", "error", "error", "error", "proved", "error",
    ]  # fmt: skip
    assert answers[2]["counterexample"]["values"].keys() == {"x"}


class _Undecided:
    """The prover, but for claims with a limit, which it leaves open as one that ran out of time."""

    seconds = 2.0

    def __init__(self, prover: Prover) -> None:
        self._prover = prover

    def check(self, kind: str, nodes: tuple[Node, ...], *rest: Any, **more: Any) -> Judgement:
        if any(isinstance(part, Limit) for node in nodes for part in walk(node)):
            return Judgement(Verdict.UNDECIDED, "the limit of 2 s passed")
        return self._prover.check(kind, nodes, *rest, **more)


def test_a_line_is_wrong_only_if_every_rule_that_may_lead_to_it_is_decided(
    prover: Prover,
) -> None:
    source = DerivationSource(
        id="d", article="a", title="t", symbols=(("x", "positive"), ("n", "positive integer")),
        given="x + x/n", goal="2x", steps=(
            StepSource("x*(1 + 1/n)"), StepSource("x", by="limit n oo"), StepSource("2x - x"),
        ),
    )  # fmt: skip
    assert judge_line(prover, source, (), "x").accepted
    assert judge_line(prover, source, (), "x/2").verdict is Verdict.REFUTED
    slow = judge_line(_Undecided(prover), source, (), "x/2")
    assert slow.verdict is Verdict.UNDECIDED
    assert "the limit of 2 s passed" in slow.message


def test_numbers_alone_never_close_a_goal_that_is_an_inequality(prover: Prover) -> None:
    source = DerivationSource(
        id="d", article="a", title="t", symbols=(("n", "positive integer"),),
        given="(1 + 1/n)^n", goal="< 3", steps=(StepSource("< 3"),),
    )  # fmt: skip
    judged = judge_line(prover, source, [], "< 3")
    assert not judged.done or judged.verdict is Verdict.PROVED


def test_what_equals_the_goal_is_told_so(prover: Prover) -> None:
    source = DerivationSource(
        id="d", article="a", title="t", symbols=(("N", "positive integer"), ("S", "positive")),
        given="2*(N - 1)*S/N", goal="2*S*(1 - 1/N)",
        steps=(StepSource("2*S*(N - 1)/N"), StepSource("2*S*(1 - 1/N)")),
    )  # fmt: skip
    judged = judge_line(prover, source, ["2*S*(N - 1)/N"], "S*(N - 1)*2/N + 0*N^3 - S + S")
    assert judged.message == "Right, and equal to the goal; write it as 2*S*(1 - 1/N)."


def test_what_the_authors_rule_proves_is_proved_for_the_learner(prover: Prover) -> None:
    source = DerivationSource(
        id="d", article="a", title="t", symbols=(("D", "sequence"), ("n", "positive integer")),
        given="D(1)", goal="D(n) = n^2",
        facts=("D(1) = 1", "D(n) = D(n - 1) + 2*n - 1"),
        steps=(StepSource("D(n) = n^2", by="induction n from 1"),),
    )  # fmt: skip
    judged = judge_line(prover, source, [], "D(n) = n^2")
    assert (judged.verdict, judged.done) == (Verdict.PROVED, True)


SQUARES = DerivationSource(
    id="q",
    article="a",
    title="t",
    symbols=(("a", "real"), ("b", "real")),
    given="a*b + a*b",
    goal="<= a^2 + b^2",
    steps=(StepSource("2*a*b"), StepSource("<= a^2 + b^2")),
)


@pytest.mark.parametrize("line", ["<= a^2 + b^2", "<= b^2 + a^2", "a*b + a*b <= a^2 + b^2"])
def test_an_inequality_under_expressions_is_of_what_they_began_with(
    line: str, prover: Prover
) -> None:
    judged = judge_line(prover, SQUARES, ["2*a*b"], line)
    assert judged.done
    assert judged.message == "Right, and this is the goal."


def test_an_inequality_that_equals_the_goal_is_told_how_to_write_it(prover: Prover) -> None:
    judged = judge_line(prover, SQUARES, ["2*a*b"], "<= (a + b)^2 - 2*a*b")
    assert "equal to the goal; write it as a*b + a*b <= a^2 + b^2." in judged.message
    other = judge_line(prover, SQUARES, ["2*a*b"], "<= 2*a^2 + b^2")
    assert not other.done and "equal to the goal" not in other.message


def test_a_share_of_the_time_is_told_as_the_whole(prover: Prover) -> None:
    whole = Budget(prover, 2.0)
    spent = Budget(whole, 0.0)
    assert spent.check("equal", (), {}).why == "the limit of 2 s passed"


def test_a_line_in_which_the_variable_still_stands_is_no_limit_and_may_be_refuted(
    prover: Prover,
) -> None:
    source = DerivationSource(
        id="s", article="a", title="t", symbols=(("n", "positive integer"),),
        given="Product(1 - 1/(i + 1)^2, (i, 1, n))", goal="1/2",
        steps=(StepSource("(n + 2)/(2*(n + 1))"), StepSource("1/2", by="limit n oo")),
    )  # fmt: skip
    wrong = judge_line(prover, source, [], "Product(i*(i + 2)/(i + 1), (i, 1, n))")
    assert wrong.verdict is Verdict.REFUTED
    assert judge_line(prover, source, [source.steps[0].to], "1/2").done
