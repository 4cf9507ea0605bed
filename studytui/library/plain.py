"""The words of inlines and blocks, without their markup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from studytui.library.blocks import (
    Block,
    Blocks,
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


def words_of(inlines: Inlines, *, maths: bool = True) -> str:
    """The text of inlines; formulas as their TeX in dollars, or left out."""
    return "".join(_pieces(inlines, maths))


def _pieces(inlines: Inlines, maths: bool) -> Iterator[str]:
    for inline in inlines:
        if isinstance(inline, Text | Code):
            yield inline.text
        elif isinstance(inline, Math):
            if maths:
                yield f"${inline.tex}$"
        elif isinstance(inline, Break):
            yield " "
        else:
            yield from _pieces(inline.children, maths)


def walk(blocks: Blocks) -> Iterator[Block]:
    """Every block, with those inside lists, quotations and call-outs, in the order of the text."""
    for block in blocks:
        yield block
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from walk(item)
        elif isinstance(block, Quote | Note):
            yield from walk(block.children)


def text_of(block: Block) -> str:
    """The own words of a block, without those of the blocks inside it and of cards."""
    match block:
        case Heading() | Paragraph():
            return words_of(block.children)
        case MathBlock():
            return f"${block.tex}$"
        case CodeBlock():
            return block.code
        case Note():
            return words_of(block.title)
        case Table():
            rows = (block.header, *block.rows)
            return "\n".join(" ".join(words_of(cell) for cell in row) for row in rows)
        case Picture():
            return f"{block.alternative} {block.title}".strip()
        case SnippetBlock():
            return block.caption
        case ExerciseBlock():
            return f"{block.title}\n{block.ask}"
        case ListBlock() | Quote() | Rule():
            return ""
        case DerivationBlock() | CardBlock() | TermsBlock() | CheckBlock():
            return ""
        case _:
            assert_never(block)


def inlines_of(block: Block) -> Iterator[Inlines]:
    """Every run of inlines that is a block's own."""
    match block:
        case Heading() | Paragraph():
            yield block.children
        case Note():
            yield block.title
        case Table():
            yield from block.header
            for row in block.rows:
                yield from row
        case MathBlock() | CodeBlock() | ListBlock() | Quote() | Picture() | Rule():
            return
        case SnippetBlock() | DerivationBlock() | ExerciseBlock() | CheckBlock():
            return
        case CardBlock() | TermsBlock():
            return
        case _:
            assert_never(block)
