from __future__ import annotations

from typing import Any

import pytest

from studytui.cards.basic import BasicCard
from studytui.cards.card import Judge, Tools
from studytui.cards.choice import ChoiceCard
from studytui.cards.cloze import ClozeCard
from studytui.cards.expression import ExpressionCard
from studytui.cards.fresh import Draw, FreshValue
from studytui.cards.number import NumberCard
from studytui.cards.numbers import number_text
from studytui.cards.order import OrderCard
from studytui.cards.output import OutputCard
from studytui.cards.question import Answer, Question
from studytui.cards.term import TermCard
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.verdict import Judgement, Verdict
from studytui.study.grading import Assessment, assess
from studytui.study.programs import program_output


class NoJudge:
    """These kinds need no prover: one that is asked all the same fails the test."""

    def equal(
        self, a: str, b: str, assumptions: dict[str, str], syntax: str = "ascii"
    ) -> Judgement:
        raise AssertionError("the prover was asked")

    seconds = 2.0

    def check(self, kind: str, nodes: Any, declarations: Any, **options: Any) -> Judgement:
        raise AssertionError("the prover was asked")


def judged(
    question: Question, answer: Answer, judge: Judge | None = None, *, hinted: bool = False
) -> Assessment:
    return assess(question, answer, Tools(judge or NoJudge(), program_output), hinted=hinted)


NUMBER = NumberCard(
    id="bytes",
    article="ring",
    ask="Bytes a rank sends for {{s}} MB and {{n}} ranks?",
    answer="2*(n-1)/n * s",
    fresh=(FreshValue("n", Draw.INTEGERS, 4, 4), FreshValue("s", Draw.CHOOSE, choices=("64",))),
    unit="MB",
).question("bytes", 0)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("96", True),
        ("96 MB", True),
        ("2*3/4*64", True),
        ("96.05", True),
        ("97", False),
        ("-96", False),
        ("0.096 GB", True),
        ("96 s", False),
    ],
)
def test_a_number_is_recomputed(typed: str, right: bool) -> None:
    found = judged(NUMBER, typed)
    assert found.right is right
    assert found.grade == (3 if right else 1)
    assert found.answer == "**96 MB**"


def test_a_wrong_number_is_told_by_its_factor() -> None:
    assert judged(NUMBER, "192").says == "Yours is 192: 2 times the answer."


def test_what_is_no_number_is_asked_again_and_not_graded() -> None:
    with pytest.raises(ExpressionError):
        judged(NUMBER, "ninety-six")


def test_a_hint_lowers_the_grade() -> None:
    assert judged(NUMBER, "96", hinted=True).grade == 2


def test_no_answer_is_an_honest_again() -> None:
    assert judged(NUMBER, "").grade == 1


def test_a_basic_card_is_the_readers_to_judge() -> None:
    found = judged(BasicCard(id="a", article="b", ask="?", answer="So.").question("a", 0), "so")
    assert (found.right, found.grade, found.answer) == (None, None, "So.")


def test_an_output_is_predicted_and_then_run() -> None:
    card = OutputCard(id="o", article="a", ask="?", code="for i in range(2): print(i)")
    question = card.question("o", 0)
    assert judged(question, "0\n1").right is True
    assert judged(question, "0\n2").says == "It first differs in line 2."
    assert judged(question, "0\n1\n2").says == "It prints 2 lines, not 3."
    assert judged(question, "0").answer == "```\n0\n1\n```"


def test_a_cloze_wants_all_its_gaps() -> None:
    card = ClozeCard(id="c", article="a", text="{{c1::Adam}} and {{c1::momentum}}")
    question = card.question("c/c1", 0)
    assert judged(question, "adam | Momentum").right is True
    assert judged(question, "adam | momentun").says == "Right but for the spelling."
    assert judged(question, "adam").right is None


def test_a_term_is_compared_by_its_words() -> None:
    question = TermCard(id="t", article="a", ask="偏差校正", answer="bias correction").question(
        "t", 0
    )
    assert judged(question, "Bias Correction").grade == 3
    assert judged(question, "debiasing").grade is None


def test_choices_and_orders_are_judged_by_place() -> None:
    choice = ChoiceCard(id="c", article="a", ask="?", right=("r",), wrong=("w", "v")).question(
        "c", 0
    )
    assert judged(choice, choice.right).right is True
    assert judged(choice, tuple({0, 1, 2} - set(choice.right))).right is False
    order = OrderCard(id="o", article="a", ask="?", lines=("1", "2", "3")).question("o", 0)
    assert judged(order, order.right).right is True
    assert judged(order, order.right[::-1]).says == "It first goes wrong at line 1."


@pytest.mark.parametrize(
    ("verdict", "right", "grade"),
    [
        (Verdict.PROVED, True, 3),
        (Verdict.AGREES, True, 3),
        (Verdict.REFUTED, False, 1),
        (Verdict.UNDECIDED, None, None),
    ],
)
def test_a_verdict_becomes_a_grade(verdict: Verdict, right: bool | None, grade: int | None) -> None:
    class Fixed(NoJudge):
        def equal(
            self, a: str, b: str, assumptions: dict[str, str], syntax: str = "ascii"
        ) -> Judgement:
            return Judgement(verdict, "because")

        def check(self, kind: str, nodes: Any, declarations: Any, **options: Any) -> Judgement:
            assert verdict is Verdict.REFUTED
            return Judgement(Verdict.UNDECIDED, "no mistake is shown")

    card = ExpressionCard(id="e", article="a", ask="?", answer="2*x", symbols=(("x", "real"),))
    found = judged(card.question("e", 0), "x+x", Fixed())
    assert (found.right, found.grade, found.answer) == (right, grade, "`2*x`")


@pytest.mark.parametrize(
    ("value", "text"),
    [(96.0, "96"), (0.1 + 0.2, "0.3"), (1234567.0, "1\u202f234\u202f567"), (1e-9, "1e-09")],
)
def test_numbers_are_written_as_people_do(value: float, text: str) -> None:
    assert number_text(value) == text
