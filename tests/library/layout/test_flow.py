"""Blocks are laid out when a line of them is asked for."""

from pathlib import Path

from studytui.library.blocks import CodeBlock, Heading, Paragraph, Text
from studytui.library.layout import Flow, lay_out
from studytui.library.layout.flow import estimated_height
from studytui.library.parse import parse_article

MANY = tuple(
    block
    for number in range(200)
    for block in (
        Heading(2, (Text(f"Section {number}"),), f"section-{number}"),
        Paragraph((Text("some words of a paragraph " * 12),)),
    )
)


def test_only_what_is_asked_for_is_laid_out() -> None:
    flow = Flow(MANY, 60)
    flow.ensure(0, 40)
    laid = [index for index in range(len(MANY)) if flow.is_laid(index)]
    assert laid == list(range(len(laid)))
    assert 4 <= len(laid) < 20


def test_lines_of_a_flow_are_the_lines_of_the_whole() -> None:
    whole = lay_out(MANY, 60)
    flow = Flow(MANY, 60)
    assert [flow.line(number).text for number in range(len(whole.lines))] == [
        line.text for line in whole.lines
    ]
    assert flow.height == len(whole.lines)


def test_laying_out_below_does_not_move_what_is_above() -> None:
    flow = Flow(MANY, 60)
    flow.ensure(100, 140)
    index = flow.index_at(100)
    top = flow.tops[index]
    flow.ensure(300, 340)
    assert flow.tops[index] == top


def test_guesses_are_near_the_truth() -> None:
    height = len(lay_out(MANY, 60).lines)
    assert 0.6 * height < estimated_height(MANY, 60) < 1.6 * height


def test_anchors_stand_on_their_headings() -> None:
    laid = lay_out(MANY, 60)
    assert "Section 7" in laid.lines[laid.anchors["section-7"]].text


def test_what_can_be_copied_is_told_with_its_lines() -> None:
    body = "Words.\n\n$$\n\\frac{a}{b}\n$$\n\n```python\nx = 1\n```\n"
    text = f"---\nid: a\ntitle: A\ntrack: t\n---\n{body}"
    article = parse_article(text, Path("t/a.md")).article
    laid = lay_out(article.blocks, 40)
    assert [(item.kind, item.copy) for item in laid.items] == [
        ("formula", "\\frac{a}{b}"),
        ("code", "x = 1"),
    ]
    formula = laid.items[0]
    shown = [line.text.strip() for line in laid.lines[formula.first : formula.last + 1]]
    assert shown[0] == "a"
    assert shown[-1] == "b"


def test_a_listing_that_is_too_wide_says_so() -> None:
    laid = lay_out((CodeBlock("x = " + "1" * 100, "python"),), 40)
    assert laid.items[0].width > 100
    narrow = lay_out((CodeBlock("x = 1", "no-such-language"),), 40)
    assert narrow.items[0].width == 0


def test_nothing_is_no_lines() -> None:
    assert lay_out((), 40).lines == ()
    flow = Flow((), 40)
    assert flow.height == 0
    assert not flow.ensure(0, 10)
