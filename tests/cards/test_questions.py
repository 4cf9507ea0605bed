from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.cards.basic import BasicCard
from studytui.cards.choice import ChoiceCard
from studytui.cards.cloze import ClozeCard
from studytui.cards.fresh import Draw, FreshValue, fill
from studytui.cards.number import NumberCard
from studytui.cards.order import OrderCard
from studytui.cards.output import OutputCard
from studytui.errors import StudyError

CLOZE = ClozeCard(
    id="lora-rank", article="lora", text="{{c1::LoRA}} adds {{c2::BA::a product}}; {{c1::both}}."
)


def test_a_cloze_is_scheduled_once_a_gap_number() -> None:
    assert CLOZE.scheduled_ids == ("lora-rank/c1", "lora-rank/c2")
    assert BasicCard(id="a", article="b", ask="", answer="").scheduled_ids == ("a",)


def test_a_cloze_hides_its_own_gaps_only() -> None:
    question = CLOZE.question("lora-rank/c2", 0)
    assert question.prompt == "LoRA adds **[a product]**; both."
    assert question.answer == "LoRA adds **BA**; both."
    assert question.expected == ("BA",)
    assert CLOZE.question("lora-rank/c1", 0).expected == ("LoRA", "both")


def test_a_gap_that_was_edited_away_is_told() -> None:
    with pytest.raises(StudyError, match="no gap c9"):
        CLOZE.question("lora-rank/c9", 0)


@given(asked=st.integers(0, 500))
def test_fresh_values_stay_in_their_ranges_and_repeat_for_the_same_count(asked: int) -> None:
    card = NumberCard(
        id="n",
        article="a",
        ask=r"From {{k}}, {{ beta }} and {{lr}}: $\frac{k}{2}$, {{unknown}}",
        answer="k*beta",
        fresh=(
            FreshValue("k", Draw.INTEGERS, 2, 5),
            FreshValue("beta", Draw.CHOOSE, choices=("0.9", "0.99")),
            FreshValue("lr", Draw.UNIFORM, 0.1, 0.2, digits=3),
        ),
    )
    question = card.question("n", asked)
    values = dict(question.values)
    assert 2 <= int(values["k"]) <= 5
    assert values["beta"] in ("0.9", "0.99")
    assert 0.1 <= float(values["lr"]) <= 0.2
    assert question.prompt.startswith(f"From {values['k']}, {values['beta']} and {values['lr']}:")
    assert question.prompt.endswith(r"$\frac{k}{2}$, {{unknown}}")
    assert card.question("n", asked) == question


def test_numbers_differ_from_one_review_to_the_next() -> None:
    card = NumberCard(
        id="n",
        article="a",
        ask="{{k}}",
        answer="k",
        fresh=(FreshValue("k", Draw.INTEGERS, 0, 10**9),),
    )
    assert len({card.question("n", asked).prompt for asked in range(20)}) == 20


@given(asked=st.integers(0, 100))
def test_a_choice_is_shuffled_and_still_knows_what_is_right(asked: int) -> None:
    card = ChoiceCard(id="c", article="a", ask="?", right=("r1", "r2"), wrong=("w1", "w2", "w3"))
    question = card.question("c", asked)
    assert sorted(question.options) == ["r1", "r2", "w1", "w2", "w3"]
    assert {question.options[index] for index in question.right} == {"r1", "r2"}


@given(lines=st.lists(st.integers(), min_size=2, max_size=8, unique=True), asked=st.integers(0, 50))
def test_an_order_never_starts_sorted_and_knows_the_way_back(lines: list[int], asked: int) -> None:
    card = OrderCard(id="o", article="a", ask="Sort", lines=tuple(map(str, lines)))
    question = card.question("o", asked)
    assert question.options != card.lines
    assert tuple(question.options[index] for index in question.right) == card.lines


def test_an_output_card_writes_its_values_into_the_program() -> None:
    card = OutputCard(
        id="p",
        article="a",
        ask="?",
        code="print({{n}})",
        fresh=(FreshValue("n", Draw.INTEGERS, 7, 7),),
    )
    assert card.question("p", 0).code == "print(7)"


def test_only_drawn_names_are_replaced() -> None:
    assert fill("{{a}} {{b}} {a}", (("a", "1"),)) == "1 {{b}} {a}"
