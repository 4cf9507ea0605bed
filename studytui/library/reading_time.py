"""How long an article takes: to read what stands on the page, and to work what is to be worked.

Words alone would promise five minutes where a derivation takes twenty. The figures are those of a
reader who follows; nothing but a line on the home screen hangs on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from studytui.library.article import Article
from studytui.library.blocks import (
    Block,
    Break,
    CardBlock,
    CheckBlock,
    Code,
    CodeBlock,
    DerivationBlock,
    ExerciseBlock,
    Heading,
    Inlines,
    ListBlock,
    Math,
    MathBlock,
    Note,
    Paragraph,
    Picture,
    Quote,
    Rule,
    SnippetBlock,
    Table,
    TermsBlock,
    Text,
)
from studytui.library.plain import words_of
from studytui.library.walker import inlines_of, walk

WORD = 0.3
"""Seconds: 200 words a minute, as for technical prose in silence (fiction is read at 260)."""
INLINE_FORMULA = 3.0
DISPLAY_ROW = 10.0
CODE_LINE = 3.0
PICTURE = 10.0
SNIPPET = 60.0
"""To run it, and to look at what it shows."""
STEP = 45.0
"""One line of a derivation, found and typed."""
EXERCISE = 480.0


def seconds_to_read(article: Article) -> int:
    """What stands on the page: words, formulas, listings, tables, pictures."""
    return round(sum(map(reading_of, walk(article.blocks))))


def seconds_to_work(article: Article) -> int:
    """What is run, derived, written and answered where it stands."""
    return round(sum(map(working_of, walk(article.blocks))))


def reading_of(block: Block) -> float:
    """Seconds to read what a block itself says, without the blocks inside it."""
    words = sum(map(_inlines, inlines_of(block)))
    match block:
        case Heading() | Paragraph() | Note() | Table() | ListBlock() | Quote() | Rule():
            return words
        case MathBlock():
            return DISPLAY_ROW * (1 + block.tex.count(r"\\"))
        case CodeBlock():
            return CODE_LINE * sum(bool(line.strip()) for line in block.code.split("\n"))
        case Picture():
            return PICTURE
        case TermsBlock():
            return sum(WORD * (2 + len(term.meaning.split())) for term in block.terms)
        case SnippetBlock() | DerivationBlock() | ExerciseBlock() | CardBlock() | CheckBlock():
            return 0.0
        case _:
            assert_never(block)


def working_of(block: Block) -> float:
    """Seconds to do what a block asks for."""
    match block:
        case SnippetBlock():
            return SNIPPET
        case DerivationBlock():
            return STEP * len(block.derivation.steps)
        case ExerciseBlock():
            return EXERCISE
        case CardBlock():
            return block.card.KIND.seconds
        case Heading() | Paragraph() | Note() | Table() | ListBlock() | Quote() | Rule():
            return 0.0
        case MathBlock() | CodeBlock() | Picture() | TermsBlock() | CheckBlock():
            return 0.0
        case _:
            assert_never(block)


def _inlines(inlines: Inlines) -> float:
    formulas = sum(1 for inline in _flat(inlines) if isinstance(inline, Math))
    return WORD * len(words_of(inlines, maths=False).split()) + INLINE_FORMULA * formulas


def _flat(inlines: Inlines) -> Iterator[Text | Code | Math | Break]:
    for inline in inlines:
        if isinstance(inline, Text | Code | Math | Break):
            yield inline
        else:
            yield from _flat(inline.children)
