"""The prose of an article, section by section, as the author wrote it: TeX stays TeX.

Paragraphs, lists, tables, call-outs, captions and formulas are prose; listings, cards, derivations,
exercises and terms are not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import assert_never

from studytui.library import blocks as nodes
from studytui.library.article import Article
from studytui.library.plain import words_of
from studytui.library.walker import Leaf, leaves, walk


class Kind(StrEnum):
    """What a run of characters is."""

    WORDS = "words"
    CODE = "code"
    FORMULA = "formula"
    DISPLAY = "display"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters ``start`` to ``end`` of a piece."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, a formula, a row of a table, with white space made single blanks.

    ``line`` is where it begins, ``last`` the last line that may belong to it.
    """

    line: int
    last: int
    text: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What stands from one heading, of whatever level, to the next."""

    heading: str
    line: int
    pieces: tuple[Piece, ...]

    @property
    def is_waived(self) -> bool:
        """Whether it lists what stands elsewhere: nothing in it needs to be claimed."""
        return self.heading.strip().lower() in ("references", "terms")


def sections_of(article: Article) -> tuple[Section, ...]:
    """The sections of an article, the words before the first heading first."""
    blocks = [*walk(article.blocks)]
    ends = [max(block.line, after.line - 1) for block, after in pairwise(blocks)]
    found: list[Section] = []
    heading, line = "", 1
    pieces: list[Piece] = []
    for block, last in zip(blocks, [*ends, sys.maxsize], strict=False):
        if isinstance(block, nodes.Heading):
            found.append(Section(heading, line, tuple(pieces)))
            heading, line, pieces = words_of(block.children), block.line, []
        pieces.extend(_pieces(block, last))
    return (*found, Section(heading, line, tuple(pieces)))


def section_at(sections: tuple[Section, ...], line: int) -> Section:
    """The section that holds a line of the article."""
    return next(
        section for section in reversed(sections) if section.line <= line or not section.line
    )


def _pieces(block: nodes.Block, last: int) -> Iterator[Piece]:
    match block:
        case nodes.Heading():
            yield _piece([(Kind.HEADING, words_of(block.children))], block.line, block.line)
        case nodes.Paragraph():
            yield _piece(_runs(block.children), block.line, last)
        case nodes.MathBlock():
            yield _piece([(Kind.DISPLAY, block.tex)], block.line, last)
        case nodes.Note():
            yield _piece(_runs(block.title), block.line, block.line)
        case nodes.Table():
            yield _row(block.header, block.line)
            # The second line of a table is its rule.
            for number, row in enumerate(block.rows, block.line + 2):
                yield _row(row, number)
        case nodes.Picture():
            yield _piece([(Kind.WORDS, block.title)], block.line, last)
        case nodes.SnippetBlock():
            yield _piece([(Kind.WORDS, block.caption)], block.line, last)
        case (
            nodes.ListBlock()
            | nodes.Quote()
            | nodes.Rule()
            | nodes.CodeBlock()
            | nodes.TermsBlock()
        ):
            return
        case (
            nodes.DerivationBlock() | nodes.ExerciseBlock() | nodes.CheckBlock() | nodes.CardBlock()
        ):
            return
        case _:
            assert_never(block)


def _row(cells: tuple[nodes.Inlines, ...], line: int) -> Piece:
    runs = [run for cell in cells for run in (*_runs(cell), (Kind.WORDS, " | "))]
    return _piece(runs, line, line)


def _runs(inlines: nodes.Inlines) -> list[tuple[Kind, str]]:
    return [_run(leaf) for leaf in leaves(inlines)]


def _run(leaf: Leaf) -> tuple[Kind, str]:
    match leaf:
        case nodes.Text():
            return Kind.WORDS, leaf.text
        case nodes.Code():
            return Kind.CODE, leaf.text
        case nodes.Math():
            return Kind.FORMULA, f"${leaf.tex}$"
        case nodes.Break():
            return Kind.WORDS, " "
        case _:
            assert_never(leaf)


def _piece(parts: list[tuple[Kind, str]], line: int, last: int) -> Piece:
    text = ""
    runs: list[Run] = []
    for kind, part in parts:
        words = " ".join(part.split())
        if part[:1].isspace() and not text.endswith(" "):
            words = f" {words}"
        if words.strip() and part[-1:].isspace():
            words = f"{words} "
        start = len(text)
        text += words
        if runs and runs[-1].kind is kind:
            runs[-1] = Run(kind, runs[-1].start, len(text))
        else:
            runs.append(Run(kind, start, len(text)))
    return Piece(line, last, text, tuple(runs))
