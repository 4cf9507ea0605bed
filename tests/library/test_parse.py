from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.cards.basic import BasicCard
from studytui.library.article import Article
from studytui.library.blocks import Code, Inline, Math, Paragraph, Text
from studytui.library.parse import parse_article, parse_file
from studytui.library.parse.fragment import parse_fragment, parse_inlines
from tests.examples import examples
from tests.library.golden import fixtures
from tests.library.outline import outline

PATH = Path("notes/sample.md")
FRONT = "---\nid: sample\ntitle: Sample\ntrack: notes\n---\n"
CASES = [
    pytest.param(name, text, expected, id=f"{name}-{title}")
    for name in ("text", "directives", "cards", "front_matter")
    for title, text, expected in fixtures(name)
]


def parse(body: str) -> Article:
    parsed = parse_article(FRONT + body, PATH)
    assert parsed.problems == ()
    return parsed.article


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_golden(name: str, text: str, expected: str) -> None:
    whole = text.startswith("---") or name == "front_matter"
    assert outline(parse_article(text if whole else FRONT + text, PATH)) == expected


MARKUP = st.sampled_from(
    [
        *"\n\n\n\n\n `*_~[](){}<>$#|:-+=!&%\\\"'>\t.,0a",
        *["```", "````", ":::", "$$", "---\n", "- ", "1. ", "> ", "    ", "\n\n", "{{c1::", "}}"],
        *["{card} a", "{derivation} a", "{terms}", "{snippet} a/b", "{restored}", "{note} b"],
        *["kind: cloze\n", "kind: number\n", "ask: x\n", "fresh: {n: {integers: [1, 2]}}\n"],
        *["(a)=\n", "<!--", "-->", "|a|b|\n|-|-|\n", "\x00", "\u202e", "\ud800", "é", "偏", "\r"],
    ]
)


@examples(400)
@given(st.lists(MARKUP, max_size=60).map("".join))
def test_parsing_never_raises_on_markup(body: str) -> None:
    parse_article(FRONT + body, PATH)
    parse_article(f"---\n{body}\n---\n{body}", PATH)
    parse_fragment(body)
    parse_inlines(body)


@examples(300)
@given(st.text(max_size=200), st.binary(max_size=200))
def test_parsing_never_raises_on_any_text(text: str, data: bytes) -> None:
    parse_article(text, PATH)
    parse_article(f"{FRONT}```{{card}} x\n{text}\n```\n", PATH)
    parse_file(PATH, data)


@examples(60)
@given(st.lists(MARKUP, max_size=40).map("".join))
def test_nothing_that_a_terminal_obeys_is_left(body: str) -> None:
    article = parse_article(FRONT + body, PATH).article
    assert not set(repr(article.blocks)) & {"\x1b", "\x00", "\u202e", "\ud800"}


@pytest.mark.parametrize(
    "body",
    [
        "x" * 1_000_000,
        "[" * 200_000,
        "> " * 100_000,
        "- " * 100_000 + "x",
        "*a " * 50_000,
        "$$ a\n" * 20_000,
        "(" * 50_000 + ")=",
        "# a\n" * 20_000,
        "```{card} a\n" + "a: [" * 20_000 + "\n```",
        "```{card} a\n" + "[" * 100_000 + "\n```",
        ":::{note}\n" * 2_000,
        "|" * 100_000 + "\n|-|\n",
        "e\u0301\u0302" + "\u0300" * 100_000,
        "```{card} a\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n```",
    ],
    ids=lambda body: body[:12].strip() or "blank",
)
def test_hostile_sizes_end_and_are_told(body: str) -> None:
    parsed = parse_article(FRONT + body, PATH)
    assert parsed.problems


def test_a_story_divides_translation_from_what_was_written() -> None:
    text = "---\nid: sample\ntitle: S\ntrack: notes\ntranslated_from: zh\nstory: more\n---\nA.\n\n"
    parsed = parse_article(text + "## More\n\nB.\n", PATH)
    assert [block.origin.value for block in parsed.article.blocks] == [
        "translated",
        "written",
        "written",
    ]


def test_a_card_keeps_its_digest_when_it_moves_and_loses_it_when_it_changes() -> None:
    card = "```{card} c-one\nkind: basic\nask: A?\nanswer: %s\n```\n"
    here = parse(card % "B").cards[0]
    moved = parse("Words.\n\n" + card % "B").cards[0]
    changed = parse(card % "C").cards[0]
    assert here.digest == moved.digest != changed.digest
    assert here.line != moved.line


def test_terms_make_two_cards() -> None:
    article = parse("```{terms}\n- {id: moment, zh: 矩, en: moment, say: A mean.}\n```\n")
    assert [card.id for card in article.cards] == [
        "sample/term/moment/zh-en",
        "sample/term/moment/en-zh",
    ]
    assert {card.why for card in article.cards} == {"A mean."}


def test_yaml_values_are_the_text_that_was_written() -> None:
    body = "```{card} c-one\nkind: basic\nask: yes\nanswer: 1e-3\nhint: 0.10\nwhy: null\n```\n"
    card = parse(body).cards[0]
    assert isinstance(card, BasicCard)
    assert (card.ask, card.answer, card.hint, card.why) == ("yes", "1e-3", "0.10", "null")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = FRONT + "One\ntwo.\n"
    windows = "\ufeff" + text.replace("\n", "\r\n")
    assert parse_article(windows, PATH).article.blocks == parse_article(text, PATH).article.blocks


def test_bytes_that_are_not_utf_8_are_told_with_their_line() -> None:
    parsed = parse_file(PATH, FRONT.encode() + b"good\n\nb\xffd\n")
    assert [(problem.line, problem.what) for problem in parsed.problems] == [
        (8, "not UTF-8 at byte 2")
    ]


def test_a_fragment_has_blocks_and_problems_at_its_line() -> None:
    blocks, problems, _ = parse_fragment("Why $x$?\n\n```{card} a\nkind: basic\n```", line=7)
    assert isinstance(blocks[0], Paragraph)
    assert blocks[0].line == 7
    assert problems[0].line == 9


def test_inlines_of_a_title() -> None:
    assert parse_inlines("Plain")[0] == Text("Plain")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"so \(x^2\) is", [Text("so "), Math("x^2"), Text(" is")]),
        (r"so \(x^2) is", [Text("so (x^2) is")]),
        (r"so \\(x^2\\) is", [Text(r"so \(x^2\) is")]),
        (r"so \[x\] is", [Text("so [x] is")]),
        (r"so \(\) is", [Text("so () is")]),
        (r"so `\(x\)` is", [Text("so "), Code(r"\(x\)"), Text(" is")]),
    ],
)
def test_round_brackets_of_latex_hold_a_formula(written: str, shown: list[Inline]) -> None:
    joined: list[Inline] = []
    for each in parse_inlines(written):
        if joined and isinstance(each, Text) and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + each.text)
        else:
            joined.append(each)
    assert joined == shown
