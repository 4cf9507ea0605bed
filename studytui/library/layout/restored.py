"""Restored words inside a sentence, marked with characters where colours do not tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from studytui.library import blocks as nodes

MARK = "┊"
"""As in the gutter beside restored blocks."""


def marked(blocks: nodes.Blocks) -> nodes.Blocks:
    """The blocks with a mark before and after what is restored in them."""
    return tuple(map(_block, blocks))


def _block(block: nodes.Block) -> nodes.Block:
    match block:
        case nodes.Heading() | nodes.Paragraph():
            return replace(block, children=_inlines(block.children))
        case nodes.Note():
            return replace(block, title=_inlines(block.title), children=marked(block.children))
        case nodes.Quote():
            return replace(block, children=marked(block.children))
        case nodes.ListBlock():
            return replace(block, items=tuple(map(marked, block.items)))
        case nodes.Table():
            header = tuple(map(_inlines, block.header))
            return replace(
                block, header=header, rows=tuple(tuple(map(_inlines, row)) for row in block.rows)
            )
        case (
            nodes.MathBlock()
            | nodes.CodeBlock()
            | nodes.Picture()
            | nodes.Rule()
            | nodes.SnippetBlock()
            | nodes.TermsBlock()
        ):
            return block
        case (
            nodes.DerivationBlock() | nodes.ExerciseBlock() | nodes.CheckBlock() | nodes.CardBlock()
        ):
            return block
        case _:
            assert_never(block)


def _inlines(inlines: nodes.Inlines) -> nodes.Inlines:
    return tuple(marked_one for inline in inlines for marked_one in _inline(inline))


def _inline(inline: nodes.Inline) -> Iterator[nodes.Inline]:
    if isinstance(inline, nodes.Restored) or (
        isinstance(inline, nodes.Math) and inline.origin is nodes.Origin.RESTORED
    ):
        yield from (nodes.Text(MARK), inline, nodes.Text(MARK))
    elif isinstance(inline, nodes.Strong | nodes.Emphasis | nodes.Strike | nodes.Link):
        yield replace(inline, children=_inlines(inline.children))
    else:
        yield inline
