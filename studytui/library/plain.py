"""The words of inlines and blocks, without their markup."""

from __future__ import annotations

from typing import assert_never

from studytui.library import blocks as nodes
from studytui.library.walker import Leaf, leaves


def words_of(inlines: nodes.Inlines, *, maths: bool = True) -> str:
    """The text of inlines; formulas as their TeX in dollars, or left out."""
    return "".join(_word(leaf, maths) for leaf in leaves(inlines))


def _word(leaf: Leaf, maths: bool) -> str:
    match leaf:
        case nodes.Text() | nodes.Code():
            return leaf.text
        case nodes.Math():
            return f"${leaf.tex}$" if maths else ""
        case nodes.Break():
            return " "
        case _:
            assert_never(leaf)


def text_of(block: nodes.Block) -> str:
    """The own words of a block, without those of the blocks inside it and of cards."""
    match block:
        case nodes.Heading() | nodes.Paragraph():
            return words_of(block.children)
        case nodes.MathBlock():
            return f"${block.tex}$"
        case nodes.CodeBlock():
            return block.code
        case nodes.Note():
            return words_of(block.title)
        case nodes.Table():
            rows = (block.header, *block.rows)
            return "\n".join(" ".join(words_of(cell) for cell in row) for row in rows)
        case nodes.Picture():
            return f"{block.alternative} {block.title}".strip()
        case nodes.SnippetBlock():
            return block.caption
        case nodes.ExerciseBlock():
            return f"{block.title}\n{block.ask}"
        case nodes.ListBlock() | nodes.Quote() | nodes.Rule():
            return ""
        case nodes.DerivationBlock() | nodes.CardBlock() | nodes.TermsBlock() | nodes.CheckBlock():
            return ""
        case _:
            assert_never(block)
