from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studytui.exchange.markup import from_html, to_html


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (r"At $t=1$ the **step**", r"<p>At \(t=1\) the <strong>step</strong></p>"),
        (r"$a < b$", r"<p>\(a &lt; b\)</p>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
    ],
)
def test_markdown_becomes_the_html_of_a_field(markdown: str, expected: str) -> None:
    assert to_html(markdown) == expected


def test_display_maths_is_kept_whole() -> None:
    assert r"\[\frac{a}{b}\]" in to_html("$$\n\\frac{a}{b}\n$$")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"<div>At \(t=1\)</div><div>so</div>", "At $t=1$\n\nso"),
        ("<b>bold</b>&nbsp;and <i>it</i>", "**bold** and *it*"),
        ("a<script>alert(1)</script>b<style>c{}</style>", "ab"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("[sound:x.mp3]word", "word"),
        ('<img src="a.png" alt="a graph">', "[picture: a graph]"),
        (r"\[ x^2 \]", "$$\nx^2\n$$"),
        ("[$]x[/$]", "$x$"),
    ],
)
def test_a_field_becomes_markdown(source: str, expected: str) -> None:
    assert from_html(source) == expected


@settings(max_examples=60, derandomize=True)
@given(tex=st.text("abx0129+-=<>^_{}", min_size=1, max_size=20))
def test_a_formula_survives_there_and_back(tex: str) -> None:
    assert from_html(to_html(f"so ${tex}$ holds")) == f"so ${tex}$ holds"


@settings(max_examples=200, derandomize=True)
@given(source=st.text(max_size=200))
def test_nothing_a_field_holds_raises(source: str) -> None:
    assert "\xa0" not in from_html(source)
