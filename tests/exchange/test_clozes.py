"""Gaps as Anki reads them."""

from __future__ import annotations

import pytest

from studytui.cards.cloze import ClozeCard
from studytui.exchange.clozes import read_clozes
from studytui.exchange.fields import from_html


@pytest.mark.parametrize(
    ("source", "number", "alone"),
    [
        ("{{c1::a}} and {{c2::b::hint}}", 1, "{{c1::a}} and b"),
        ("{{c1::a}} and {{c2::b::hint}}", 2, "a and {{c1::b::hint}}"),
        ("{{c1::outer {{c2::inner}} rest}} tail", 1, "{{c1::outer inner rest}} tail"),
        ("{{c1::outer {{c2::inner}} rest}} tail", 2, "outer {{c1::inner}} rest tail"),
        ("{{c1,2::x}} {{c3::y}}", 2, "{{c1::x}} y"),
        ("{{c1::never closed", 1, None),
        ("}} {{c2::b}}", 2, "}} {{c1::b}}"),
        ("{{Front}}", 1, None),
    ],
)
def test_each_card_has_its_own_gaps(source: str, number: int, alone: str | None) -> None:
    text = read_clozes(source)
    assert (text.alone(number) if text else None) == alone


def test_plain_gaps_are_told_from_others() -> None:
    plain = {"{{c1::a}} {{c2::b}}": True, "{{c1::a {{c2::b}}}}": False, "{{c1,2::a}}": False}
    for source, expected in plain.items():
        text = read_clozes(source)
        assert text is not None
        assert text.is_plain is expected


@pytest.mark.parametrize(
    ("source", "asked", "answer"),
    [
        (r"\( 3+{{c1::660}} \)", r"$3+[\ldots]$", "$3+660$"),
        (r"\[ {{c1::\frac{1}{2} }} \]", "$$\n[\\ldots]\n$$", "$$\n\\frac{1}{2} \n$$"),
        (r"{{c1::\(a_{1}\)}} is first", "**[…]** is first", "**$a_{1}$** is first"),
    ],
)
def test_a_gap_in_a_formula_is_asked_and_answered_as_a_formula(
    source: str, asked: str, answer: str
) -> None:
    card = ClozeCard(id="sum", article="a", text=from_html(source))
    question = card.question("sum/c1", 0)
    assert question.prompt == asked
    assert question.answer == answer
