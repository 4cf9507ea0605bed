"""An article with its formulas as they were typed: for who reads TeX better than what it draws."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from studytui.library.blocks import (
    Block,
    Blocks,
    CardBlock,
    CheckBlock,
    Code,
    CodeBlock,
    DerivationBlock,
    Emphasis,
    ExerciseBlock,
    Heading,
    Inline,
    Inlines,
    Link,
    ListBlock,
    Math,
    MathBlock,
    Note,
    Paragraph,
    Picture,
    Quote,
    Restored,
    Rule,
    SnippetBlock,
    Strike,
    Strong,
    Table,
    TermsBlock,
)


def with_tex(blocks: Blocks) -> Blocks:
    """The same blocks, one for one, with TeX where formulas were."""
    return tuple(map(_block, blocks))


def _block(block: Block) -> Block:
    match block:
        case MathBlock():
            label = f" ({block.label})" if block.label else ""
            code = f"$$\n{block.tex}\n$${label}"
            return CodeBlock(code, "latex", line=block.line, origin=block.origin)
        case Paragraph() | Heading():
            return replace(block, children=_inlines(block.children))
        case ListBlock():
            return replace(block, items=tuple(map(with_tex, block.items)))
        case Quote():
            return replace(block, children=with_tex(block.children))
        case Note():
            return replace(block, title=_inlines(block.title), children=with_tex(block.children))
        case Table():
            header = tuple(map(_inlines, block.header))
            rows = tuple(tuple(map(_inlines, row)) for row in block.rows)
            return replace(block, header=header, rows=rows)
        case CodeBlock() | Picture() | Rule() | TermsBlock() | CheckBlock():
            return block
        case SnippetBlock() | DerivationBlock() | ExerciseBlock() | CardBlock():
            return block
        case _:
            assert_never(block)


def _inlines(inlines: Inlines) -> Inlines:
    return tuple(map(_inline, inlines))


def _inline(inline: Inline) -> Inline:
    match inline:
        case Math():
            return Code(f"${inline.tex}$")
        case Strong() | Emphasis() | Strike() | Link() | Restored():
            return replace(inline, children=_inlines(inline.children))
        case _:
            return inline
