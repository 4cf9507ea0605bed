"""Linear text: what is drawn goes, every word stays; the whole of the forty articles."""

from __future__ import annotations

import doctest

import pytest

from studytui.library.linear import blocks, characters
from studytui.library.linear.blocks import article_lines, markdown_lines
from studytui.library.linear.characters import DRAWN, plain_text, undrawn
from studytui.library.parse import parse_file
from studytui.maths import words
from studytui.paths import shipped_content
from studytui.study.plain import figures

ARTICLES = sorted(shipped_content().glob("*/*.md"))


@pytest.mark.parametrize("module", [blocks, characters, words, figures], ids=lambda m: m.__name__)
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    found = doctest.testmod(module)  # type: ignore[arg-type]
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize(
    ("drawn", "kept"),
    [
        ("┌──┬──┐", ""),
        ("│ a │ b │", "a; b"),
        ("    indented ─── code", "    indented code"),
        ("no drawing  at all", "no drawing  at all"),
        ("first\n━━━\nlast", "first\n\nlast"),
        ("50 %|█████     | 5/10", "50 %| | 5/10"),
    ],
)
def test_words_between_drawings_are_kept(drawn: str, kept: str) -> None:
    assert undrawn(drawn) == kept


def test_printed_text_loses_its_colours() -> None:
    assert plain_text("\x1b[1;31mred\x1b[0m │ green") == "red; green"


def test_lists_notes_and_quotations_are_said() -> None:
    said = list(markdown_lines("1. one $x^2$\n2. two\n\n> quoted\n\n- a\n  - b"))
    assert said == [
        "1. one x squared",
        "2. two",
        "",
        "Quotation:",
        "quoted",
        "End of the quotation.",
        "",
        "- a",
        "- b",
    ]


def test_a_width_breaks_between_words_and_loses_none() -> None:
    text = "word " * 60
    lines = list(markdown_lines(text, 40))
    assert max(map(len, lines)) <= 40
    assert " ".join(lines).split() == text.split()


@pytest.mark.parametrize("path", ARTICLES[::4], ids=lambda path: path.stem)
def test_articles_are_said_without_drawings_and_without_tex(path: object) -> None:
    said = "\n".join(article_lines(parse_file(path).article))  # type: ignore[arg-type]
    assert not DRAWN.search(said)
    assert "\\frac" not in said


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("m_{t-1}", "m sub t minus 1 end sub"),
        ("m_t - 1", "m sub t minus 1"),
        (r"\sum_{i=1}^{n-1} x_i", "sum from i equals 1 to n minus 1 of x sub i"),
        (r"\mathbf{W}_{i+1}^2", "W sub i plus 1 end sub squared"),
        (r"x \leftarrow y", "x becomes y"),
        (r"\max_{x \in A} f", "maximum sub x is in A of f"),
    ],
)
def test_an_index_is_heard_to_end(tex: str, said: str) -> None:
    assert words.speech(tex) == said
