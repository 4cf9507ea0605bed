"""Blocks written as Markdown again say the same when they are read."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest

from studytui import paths
from studytui.library.article import is_live
from studytui.library.blocks import Blocks, CheckBlock, Note, Paragraph, Picture, TermsBlock
from studytui.library.markdown import block_markdown, escaped, sentences
from studytui.library.parse import parse_article, parse_file
from studytui.library.parse.fragment import parse_fragment
from studytui.library.plain import text_of, words_of
from studytui.library.walker import walk


def read(markdown: str) -> Blocks:
    return parse_fragment(markdown)[0]


ARTICLES = sorted(paths.shipped_content().glob("*/*.md"))


@pytest.mark.parametrize("path", islice(ARTICLES, 0, None, 5), ids=lambda path: path.stem)
def test_the_blocks_of_articles_come_back_as_they_were(path: Path) -> None:
    checked = 0
    for block in parse_file(path).article.blocks:
        if is_live(block) or isinstance(block, CheckBlock | TermsBlock | Picture | Note):
            continue
        written = block_markdown(block)
        again = read(written)
        assert words_of_all(again) == words_of_all((block,)), written
        checked += 1
    assert checked > 5


def words_of_all(blocks: Blocks) -> str:
    return "\n".join(text_of(inner) for inner in walk(blocks)).replace("\n", " ").strip()


@pytest.mark.parametrize(
    "text",
    [
        "1. not a list",
        "# not a heading",
        "- + > = % ::: | ( not a block",
        "*stars* _bars_ `ticks` $5 and $6 ~~no~~ [x](y) <b> &amp; \\ snake_case",
        "a\n# b\n2) c",
        "{{c1::x}} and {name}`x`",
    ],
)
def test_escaped_words_are_only_words(text: str) -> None:
    (paragraph,) = read(escaped(text))
    assert isinstance(paragraph, Paragraph)
    assert words_of(paragraph.children).split() == text.split()


def test_sentences_are_cut_between_words_and_never_inside_formulas() -> None:
    text = "Let $x. Y$ be e.g. Adam. It runs, i.e. Works! **Why?** See `a. B`. 数。二。"
    (paragraph,) = read(text)
    assert isinstance(paragraph, Paragraph)
    found = [words_of(each).strip() for each in sentences(paragraph.children)]
    assert found == [
        "Let $x. Y$ be e.g. Adam.",
        "It runs, i.e. Works!",
        "Why? See a. B.",
        "数。",
        "二。",
    ]


def test_an_annotation_is_read_with_its_place_and_shown_as_a_call_out() -> None:
    source = (
        "---\nid: x\ntitle: X\ntrack: t\n---\n\n:::{annotation} my-1\n:of: adam#bias\n"
        ":quote: It is $x$.\n\nMind.\n:::\n"
    )
    parsed = parse_article(source, Path("t/x.md"))
    assert parsed.problems == ()
    (note,) = parsed.article.annotations
    assert (note.id, note.cites.of, note.cites.quote) == ("my-1", "adam#bias", "It is $x$.")
    assert note.text == "Mind."
    (shown,) = parsed.article.blocks
    assert isinstance(shown, Note)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (":::{annotation}\n:of: adam\n\nx\n:::", "has no id"),
        (":::{annotation} my-1\n\nx\n:::", "of nothing"),
        (":::{annotation} my-1\n:of: Not An Id\n\nx\n:::", "is not an id"),
        (":::{annotation} my-1\n:of: adam\n\n:::", "is empty"),
        (":::{annotation} my-1\n:off: adam\n\nx\n:::", "unknown option"),
    ],
)
def test_a_broken_annotation_is_told_with_its_line(head: str, said: str) -> None:
    source = f"---\nid: x\ntitle: X\ntrack: t\n---\n\n{head}\n"
    parsed = parse_article(source, Path("t/x.md"))
    assert any(re.search(said, problem.what) and problem.line >= 7 for problem in parsed.problems)
    assert parsed.article.annotations == () or "off" not in head
