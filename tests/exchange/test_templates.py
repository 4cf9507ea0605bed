from __future__ import annotations

import pytest

from studytui.exchange.templates import answer_html, question_html

FIELDS = {"Front": "Q", "Back": "A", "Extra": "", "Blank": "<br>&nbsp;"}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{Front}}", "Q"),
        ("{{ Front }}: {{type:Back}}", "Q: "),
        ("{{text:Front}}{{hint:Back}}{{tts en_US:Front}}", "Q"),
        ("{{#Extra}}more: {{Extra}}{{/Extra}}{{Front}}", "Q"),
        ("{{^Extra}}none{{/Extra}}", "none"),
        ("{{#Blank}}x{{/Blank}}{{^Blank}}y{{/Blank}}", "y"),
        ("{{#Front}}a{{#Back}}b{{/Back}}c{{/Front}}", "abc"),
        ("{{Unknown}}{{#Unknown}}x{{/Unknown}}", ""),
        ("{{#Front}}never closed", "{{#Front}}never closed"),
    ],
)
def test_a_template_is_filled(template: str, expected: str) -> None:
    assert question_html(template, FIELDS) == expected


def test_the_answer_leaves_the_front_out() -> None:
    assert answer_html("{{FrontSide}}\n<hr id=answer>\n{{Back}}", FIELDS).strip() == "A"
    assert answer_html("{{FrontSide}}{{Back}}", FIELDS) == "A"
