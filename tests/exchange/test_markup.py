from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.exchange import fields
from studytui.exchange.fields import from_html, pictures_of, safe_name, sounds_of
from studytui.exchange.markup import to_html
from tests.examples import examples


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
        ('<img src="a.png" alt="a graph">', "![a graph](media/a.png)"),
        (r"\[ x^2 \]", "$$\nx^2\n$$"),
        ("[$]x[/$]", "$x$"),
        ("5. x<br>1) y", "5\\. x\n1\\) y"),
        ("{{c1::*a*}} {{c2::$6}}", r"{{c1::\*a\*}} {{c2::\$6}}"),
        ("5<span>. x</span>", r"5\. x"),
        ("&amp;lt;", r"\&lt;"),
        ("a<br><br>&nbsp;&nbsp;&nbsp;&nbsp;b", "a\n\n b"),
        ("<b> x </b>y", "**x** y"),
        ("<b>Note:</b>this", "Note:this"),
        ("<i>a</i><i>b</i>", "*ab*"),
        ("<b>a</b><i>b</i>", "**a**b"),
        ("<b>a<p>b</p></b>", "**a**\n\n**b**"),
        ("<code>a`b</code>", "``a`b``"),
        ("<pre><code>```\na*b</code></pre>", "````\n```\na*b\n````"),
        ("x<sup>2</sup>, H<sub>2</sub>O, e<sup>a+b</sup>", r"x^2, H\_2O, e^(a+b)"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", r"a \| b"),
    ],
)
def test_a_field_becomes_markdown(source: str, expected: str) -> None:
    assert from_html(source) == expected


@examples(60)
@given(tex=st.text("abx0129+-=<>^_{}", min_size=1, max_size=20))
def test_a_formula_survives_there_and_back(tex: str) -> None:
    assert from_html(to_html(f"so ${tex}$ holds")) == f"so ${tex}$ holds"


@examples(200)
@given(source=st.text(max_size=200))
def test_nothing_a_field_holds_raises(source: str) -> None:
    assert "\xa0" not in from_html(source)


LETTERS = "*_`$<>&;#=~|!{}+-.:)\\ab15 \n\t\xa0"


@examples(300)
@given(words=st.lists(st.text(LETTERS, max_size=12), max_size=5))
def test_no_letter_of_a_text_becomes_markup(words: list[str]) -> None:
    source = "<br>".join(f"<span>{html.escape(word)}</span>" for word in words)
    shown = html.unescape(re.sub(r"<[^>]*>", "", to_html(from_html(source))))
    assert shown.split() == " ".join(words).split()


def test_tags_without_end_cost_no_more_than_their_length() -> None:
    assert from_html("<b>a" * 20_000).replace("*", "") == "a" * 20_000


def test_pictures_and_sounds_are_found() -> None:
    fields = (
        '<IMG src="a.png"> [sound:a.mp3]',
        "<img src=b><audio src=c></audio><img alt='x' src='d e.jpg'>",
        '[anki:tts x]<img src="https://far.org/f.png"><img src="../../etc/passwd"><img>',
    )
    assert pictures_of(fields) == {"a.png": "a.png", "b": "b", "d e.jpg": safe_name("d e.jpg")}
    assert sounds_of(fields) == 3


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('see <img src="a.png">', "see\n\n![a.png](media/a.png)"),
        ('<b>x<br><img alt="a [b]" src="a.png"></b>', "**x**\n\n![a b](media/a.png)"),
        ('<img src="http://far.org/a.png">', r"\[picture: http://far.org/a.png\]"),
    ],
)
def test_a_picture_is_a_paragraph(html: str, markdown: str) -> None:
    assert from_html(html) == markdown


@given(st.text(min_size=1, max_size=300))
@examples(150)
def test_the_name_of_a_picture_s_file_is_no_more_than_a_name(name: str) -> None:
    safe = safe_name(name)
    assert set(safe) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert 0 < len(safe) < 120
    assert not safe.startswith((".", "-"))
    assert safe_name(safe) == safe


LETTERS = "ab 12.:)-#>é中٣_*<&[\\$`\n\t\xa0\ue000\ue002\u200b'\"|~/"
PIECES = st.sampled_from([*LETTERS, "<b>", "</b>", "<br>", "<i>", "&nbsp;", "word "])


@given(st.lists(PIECES, max_size=9).map("".join))
@examples(300)
def test_plain_words_are_read_as_the_parser_reads_them(source: str) -> None:
    told = from_html(source)
    with pytest.MonkeyPatch.context() as patch:
        for quick in ("_PLAIN", "_CALM", "_BARE"):
            patch.setattr(fields, quick, re.compile(r"(?!)"))
        assert from_html(source) == told
