"""Restored words inside a sentence, marked with characters where colours do not tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from studytui.library.blocks import (
    Block,
    Blocks,
    CardBlock,
    CheckBlock,
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
    Origin,
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
    Text,
)

MARK = "┊"
"""As in the gutter beside restored blocks."""


def marked(blocks: Blocks) -> Blocks:
    """The blocks with a mark before and after what is restored in them."""
    return tuple(map(_block, blocks))


def _block(block: Block) -> Block:
    match block:
        case Heading() | Paragraph():
            return replace(block, children=_inlines(block.children))
        case Note():
            return replace(block, title=_inlines(block.title), children=marked(block.children))
        case Quote():
            return replace(block, children=marked(block.children))
        case ListBlock():
            return replace(block, items=tuple(map(marked, block.items)))
        case Table():
            header = tuple(map(_inlines, block.header))
            return replace(
                block, header=header, rows=tuple(tuple(map(_inlines, row)) for row in block.rows)
            )
        case MathBlock() | CodeBlock() | Picture() | Rule() | SnippetBlock() | TermsBlock():
            return block
        case DerivationBlock() | ExerciseBlock() | CheckBlock() | CardBlock():
            return block
        case _:
            assert_never(block)


def _inlines(inlines: Inlines) -> Inlines:
    return tuple(marked_one for inline in inlines for marked_one in _inline(inline))


def _inline(inline: Inline) -> Iterator[Inline]:
    if isinstance(inline, Restored) or (
        isinstance(inline, Math) and inline.origin is Origin.RESTORED
    ):
        yield from (Text(MARK), inline, Text(MARK))
    elif isinstance(inline, Strong | Emphasis | Strike | Link):
        yield replace(inline, children=_inlines(inline.children))
    else:
        yield inline
