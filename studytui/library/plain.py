"""The words of inlines and blocks, without their markup."""

from __future__ import annotations

from typing import assert_never

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
from studytui.library.walker import Leaf, leaves


def words_of(inlines: Inlines, *, maths: bool = True) -> str:
    """The text of inlines; formulas as their TeX in dollars, or left out."""
    return "".join(_word(leaf, maths) for leaf in leaves(inlines))


def _word(leaf: Leaf, maths: bool) -> str:
    match leaf:
        case Text() | Code():
            return leaf.text
        case Math():
            return f"${leaf.tex}$" if maths else ""
        case Break():
            return " "
        case _:
            assert_never(leaf)


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
