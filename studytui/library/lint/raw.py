"""Markup of other Markdowns that is shown as it was typed: each is told, with what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studytui.authoring.problems import Problem, shown
from studytui.library.blocks import Blocks, Inlines, Text
from studytui.library.lint.checked import Checked
from studytui.library.lint.texts import pieces
from studytui.library.walker import inlines_of, walk

FORMULA = "Write a formula: $H_2O$, $x^2$"
FOREIGN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), advice)
    for pattern, advice in (
        (r"==\w[^=\n]*==", "Write **words**"),
        (r"(?<![~\w])~\w+~(?!~)|(?<=[A-Z])~\d+~", FORMULA),
        (r"(?<=\w)\^\w+\^(?!\w)", FORMULA),
        (r"(?<!\w)\[\[[^\W\d][^\],\n]*\]\]", "Write [words](article-id)"),
        (r"(?<!\S):[a-z][a-z_]+:(?!\S)", "Write the character itself"),
        (r"^\*\[[^\]\n]+\]:.*", "Put the term into a ```{terms} block"),
        (r"^!!! .*|^\[![A-Za-z]+\].*", "Write :::{note} and ::: around it"),
        (r"\{[#.][\w-]+\}|\{\w+=[^}\n]*\}", "Leave attributes out; headings have their anchors"),
        (r"\{%.*?%\}", "Leave out what only another program reads"),
        (r"^\|.*\|\s*$", "Give the line of dashes under the head as many columns"),
        (r"(?<![\w\]])\[[^\]\[\n]+\]\[[^\]\[\n]*\]", "Write [name]: address on a line of its own"),
    )
)


def raw(checked: Checked) -> Iterator[Problem]:
    """What no rule of the parser took."""
    for parsed in checked.parsed:
        article = parsed.article
        found = list(_found_in(article.blocks, 0))
        for piece in pieces(article):
            found += _found_in(piece.blocks, piece.line)
        for line, text, advice in dict.fromkeys(found):
            yield Problem(article.path, line, f"shown as it is typed: {shown(text)}", advice)


def _found_in(blocks: Blocks, line: int) -> Iterator[tuple[int, str, str]]:
    for block in walk(blocks):
        for inlines in inlines_of(block):
            for words in _runs_of_text(inlines):
                for pattern, advice in FOREIGN:
                    for match in pattern.finditer(words):
                        yield line or getattr(block, "line", 0), match.group().strip(), advice


def _runs_of_text(inlines: Inlines) -> Iterator[str]:
    """The words that stand next to each other without markup between."""
    run = ""
    for inline in inlines:
        if isinstance(inline, Text):
            run += inline.text
            continue
        yield run
        run = ""
        if children := getattr(inline, "children", ()):
            yield from _runs_of_text(children)
    yield run
