"""Gaps as Anki reads them."""

from __future__ import annotations

import pytest

from studytui.exchange.clozes import read_clozes


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
