"""What is named in a wrong line, and what is not."""

from __future__ import annotations

from itertools import islice

import pytest

from studytui.derive.mistakes.catalogue import BY_NAME
from studytui.derive.mistakes.explain import (
    explain_equal,
    explain_line,
    judge_and_explain,
    words,
)
from studytui.derive.mistakes.places import rewrites
from studytui.derive.process.prover import Prover
from studytui.derive.steps.budget import Budget
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Verdict
from tests.derive.mistakes.perturbed import perturbed
from tests.derive.mistakes.right_lines import named_in, right_lines
from tests.derive.mistakes.written_mistakes import WrongLine, explained, wrong_lines

EVERY = 16
"""A stratified sample: the files are sorted by kind. `python -m benchmarks mistakes` takes all."""
AVERAGE = DerivationSource(
    id="d",
    article="a",
    title="t",
    symbols=(("beta", "0 < beta < 1"), ("t", "positive integer"), ("g", "real")),
    given="m = (1 - beta) * Sum(beta**(t - i) * g, (i, 1, t))",
    goal="m = (1 - beta**t) * g",
    steps=(StepSource("(1 - beta) * g * Sum(beta**j, (j, 0, t - 1))", key=True),
           StepSource("(1 - beta**t) * g")),
)  # fmt: skip
CHANGED = DerivationSource(
    id="c",
    article="a",
    title="t",
    symbols=(("a", "positive"),),
    given="int(2*x*(1 + x^2)^3, x, 0, 1)",
    goal="int((1 + u)^3, u, 0, 1)",
    steps=(StepSource("int((1 + u)^3, u, 0, 1)", by="substitute u = x^2"),),
)
BOUNDED = DerivationSource(
    id="b",
    article="a",
    title="t",
    symbols=(("x", "real"), ("y", "real")),
    given="x^2 + y^2",
    goal=">= 2*x*y",
    steps=(StepSource("(x - y)^2 + 2*x*y"), StepSource(">= 2*x*y")),
)


def names(prover: Prover, right: str, wrong: str, **symbols: str) -> list[str]:
    assert prover.equal(right, wrong, symbols).verdict is not Verdict.ERROR
    return [named.name for named in explain_equal(prover, right, wrong, symbols)]


@pytest.mark.parametrize("wrong", wrong_lines("tuned")[::EVERY], ids=lambda wrong: wrong.label)
def test_a_wrong_line_is_explained_as_a_teacher_would(wrong: WrongLine, prover: Prover) -> None:
    assert explained(prover, wrong) in wrong.names


def test_nothing_is_named_in_right_lines(prover: Prover) -> None:
    lines = list(islice(right_lines(), 0, None, 150))
    assert lines and not [line for line in lines if named_in(prover, line)]


def test_nothing_is_named_in_lines_that_were_changed_at_random(prover: Prover) -> None:
    changed = list(perturbed(12))
    assert not [each for each in changed if explain_equal(prover, each[0], each[1], dict(each[2]))]


def test_what_is_right_at_this_place_is_not_named(prover: Prover) -> None:
    """For independent numbers the mean of a product is the product of means."""
    independent = {"X": "independent", "Y": "independent"}
    assert names(prover, "2*E[X*Y] + 1", "E[X]*E[Y] + 1", **independent) == ["number-lost"]
    assert names(prover, "E[X*Y]", "E[X]*E[Y]", **independent) == []
    assert names(prover, "E[X*Y]", "E[X]*E[Y]", X="random", Y="random") == ["independence-assumed"]


def test_the_root_of_a_square_is_named_only_where_it_may_be_negative(prover: Prover) -> None:
    assert names(prover, "sqrt(x^2)", "x", x="real") == ["root-of-a-square"]
    assert names(prover, "sqrt(x^2)", "x", x="positive") == []


def test_two_mistakes_in_one_line_are_both_named(prover: Prover) -> None:
    found = explain_equal(prover, "x - sum(b^k, k, 0, n)", "x + sum(b^k, k, 1, n)",
                          {"x": "real", "b": "0 < b < 1", "n": "positive integer"})  # fmt: skip
    assert {named.name for named in found} == {"sign-lost", "series-starts-at-one"}
    assert words(found).startswith("Two mistakes in one line.")


@pytest.mark.parametrize(("right", "wrong"), [("2*x + 2*x", "5*x"), ("2*(x + 1) + 2*x", "5*x + 2")])
def test_where_one_number_is_wrong_no_two_mistakes_are_named(
    right: str, wrong: str, prover: Prover
) -> None:
    assert names(prover, right, wrong, x="real") == []


def test_the_learner_is_told_the_law_and_the_place(prover: Prover) -> None:
    judged = judge_and_explain(prover, AVERAGE, [AVERAGE.steps[0].to], "(1 - beta**(t - 1)) * g")
    assert judged.verdict is Verdict.REFUTED
    assert judged.mistakes == ("bias-correction",)
    assert BY_NAME["bias-correction"].says in judged.message
    assert "Here 1 - beta^t became 1 - beta^(t - 1)." in judged.message


def test_a_right_line_and_an_unreadable_one_are_judged_as_ever(prover: Prover) -> None:
    assert judge_and_explain(prover, AVERAGE, [], AVERAGE.steps[0].to).mistakes == ()
    assert judge_and_explain(prover, AVERAGE, [], "(1 - ").verdict is Verdict.ERROR


def test_a_jacobian_lost_in_a_change_of_variables_is_named(prover: Prover) -> None:
    def told(line: str) -> list[str]:
        assert judge_and_explain(prover, CHANGED, [], line).verdict is Verdict.REFUTED
        return [named.name for named in explain_line(prover, CHANGED, [], line)]

    assert told("int(2*sqrt(u)*(1 + u)^3, u, 0, 1)") == ["jacobian-lost"]


def test_an_inequality_turned_round_is_named(prover: Prover) -> None:
    judged = judge_and_explain(prover, BOUNDED, [BOUNDED.steps[0].to], "<= 2*x*y")
    assert judged.mistakes == ("inequality-turned",)


def test_an_authors_line_that_is_not_right_names_nothing(prover: Prover) -> None:
    """The author's next line lost a factor: what is made of it with a mistake is no explanation."""
    source = DerivationSource(
        id="w", article="a", title="t", symbols=(("a", "positive"), ("b", "positive")),
        given="3*log(a*b)", goal="log(a*b)", steps=(StepSource("log(a*b)"),),
    )  # fmt: skip
    found = explain_line(prover, source, [], "log(a)*log(b)")
    assert [named.name for named in found] != ["log-of-a-product"]


def test_a_term_moved_across_an_equation_as_it_is_is_named(prover: Prover) -> None:
    known = {"r": "real", "v": "real", "g": "0 < g < 1"}
    assert names(prover, "v = r + g*v", "v*(1 + g) = r", **known) == ["moved-without-its-sign"]
    assert names(prover, "v = r + g*v", "v = r/(1 + g)", **known) == ["moved-without-its-sign"]
    assert names(prover, "v = r + g*v", "v*(1 - g) = r", **known) == []
    source = DerivationSource(
        id="e", article="a", title="t", symbols=tuple(known.items()),
        given="v = r + g*v", goal="v = r/(1 - g)",
        steps=(StepSource("v*(1 - g) = r"), StepSource("v = r/(1 - g)", by="solve v")),
    )  # fmt: skip
    judged = judge_and_explain(prover, source, [], "v*(1 + g) = r")
    assert judged.mistakes == ("moved-without-its-sign",)
    assert judge_and_explain(prover, source, [], "v*(1 - g) = r").mistakes == ()


def test_nothing_is_named_in_an_equation_that_says_the_same(prover: Prover) -> None:
    assert names(prover, "x^2 = 1", "x = 1", x="positive") == []
    assert names(prover, "x = 1", "x = 1", x="positive") == []
    assert names(prover, "x^2 = 1", "x = 1", x="real") == ["square-lost"]


def test_a_mistake_is_named_where_facts_tell_what_may_be(prover: Prover) -> None:
    """Values that obey the facts show that the line is wrong."""
    source = DerivationSource(
        id="f", article="a", title="t",
        symbols=(("w", "positive sequence"), ("u", "sequence"), ("c", "real"),
                 ("n", "positive integer")),
        given="sum(w[j]*(c - u[j])^2, j, 1, n)",
        goal="c^2 - 2*c*sum(w[j]*u[j], j, 1, n) + sum(w[j]*u[j]^2, j, 1, n)",
        steps=(StepSource(
            "c^2*sum(w[j], j, 1, n) - 2*c*sum(w[j]*u[j], j, 1, n) + sum(w[j]*u[j]^2, j, 1, n)"
        ),),
        facts=("sum(w[j], j, 1, n) = 1",),
    )  # fmt: skip
    line = "c^2*sum(w[j], j, 1, n) - c*sum(w[j]*u[j], j, 1, n) + sum(w[j]*u[j]^2, j, 1, n)"
    judged = judge_and_explain(prover, source, [], line)
    assert judged.verdict is Verdict.REFUTED
    assert judged.mistakes in (("middle-term-wrong",), ("number-lost",))


def test_what_stands_plainly_there_is_named_before_what_algebra_makes_of_it(
    prover: Prover,
) -> None:
    """The exponent could come from a quotient that was turned over, as well."""
    known = {"p": "positive", "q": "positive", "b": "positive"}
    assert names(prover, "1/(1 + exp(-b*log(p/q)))", "1/(1 + exp(b*log(p/q)))", **known) == [
        "sign-lost"
    ]


def test_without_time_nothing_is_named(prover: Prover) -> None:
    assert explain_equal(Budget(prover, 0.0), "log(a + b)", "log(a) + log(b)") == ()


def test_a_bound_variable_stays_bound_in_every_variant() -> None:
    symbols = declare({"x": "sequence", "n": "positive integer", "c": "real"})
    node = parse("sum((x[i] + c)^2, i, 1, n)", symbols)
    for mistake in BY_NAME.values():
        for _, _, whole in rewrites(node, mistake.variants, symbols):
            parse(to_text(whole), symbols)  # a free i is no declared name
