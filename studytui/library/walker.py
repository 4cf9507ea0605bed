"""The one walk over blocks and inlines: what holds what, in the order of the text.

Who reads an article in a way of their own (words, prose, TeX, Markdown) says what a block or an
inline is to them; what is inside what stands here alone, and a new kind of block is told here once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
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
    Text,
)

Leaf = Text | Code | Math | Break
"""An inline that holds no other."""


def inner_runs(block: Block) -> tuple[Blocks, ...]:
    """The runs of blocks inside a block: the items of a list, what stands in a call-out."""
    match block:
        case ListBlock():
            return block.items
        case Quote() | Note():
            return (block.children,)
        case Heading() | Paragraph() | MathBlock() | CodeBlock() | Table() | Picture() | Rule():
            return ()
        case SnippetBlock() | DerivationBlock() | ExerciseBlock() | CheckBlock():
            return ()
        case CardBlock() | TermsBlock():
            return ()
        case _:
            assert_never(block)


def walk(blocks: Blocks) -> Iterator[Block]:
    """Every block, with those inside lists, quotations and call-outs, in the order of the text."""
    for block in blocks:
        yield block
        for run in inner_runs(block):
            yield from walk(run)


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


def leaves(inlines: Inlines) -> Iterator[Leaf]:
    """The inlines that hold no others, however deep they stand, in the order of the text."""
    for inline in inlines:
        match inline:
            case Text() | Code() | Math() | Break():
                yield inline
            case Strong() | Emphasis() | Strike() | Link() | Restored():
                yield from leaves(inline.children)
            case _:
                assert_never(inline)


def with_leaves(inlines: Inlines, change: Callable[[Leaf], Inline]) -> Inlines:
    """The same inlines with other leaves."""
    return tuple(
        change(inline)
        if isinstance(inline, Leaf)
        else replace(inline, children=with_leaves(inline.children, change))
        for inline in inlines
    )


def rebuilt(
    blocks: Blocks, change: Callable[[Block], Block], change_leaf: Callable[[Leaf], Inline]
) -> Blocks:
    """The same blocks, one for one, with other leaves; ``change`` is asked for each after that."""
    return tuple(change(_rebuilt(block, change, change_leaf)) for block in blocks)


def _rebuilt(
    block: Block, change: Callable[[Block], Block], change_leaf: Callable[[Leaf], Inline]
) -> Block:
    def inside(run: Blocks) -> Blocks:
        return rebuilt(run, change, change_leaf)

    def words(inlines: Inlines) -> Inlines:
        return with_leaves(inlines, change_leaf)

    match block:
        case Heading() | Paragraph():
            return replace(block, children=words(block.children))
        case ListBlock():
            return replace(block, items=tuple(map(inside, block.items)))
        case Quote():
            return replace(block, children=inside(block.children))
        case Note():
            return replace(block, title=words(block.title), children=inside(block.children))
        case Table():
            rows = tuple(tuple(map(words, row)) for row in block.rows)
            return replace(block, header=tuple(map(words, block.header)), rows=rows)
        case MathBlock() | CodeBlock() | Picture() | Rule() | TermsBlock() | CheckBlock():
            return block
        case SnippetBlock() | DerivationBlock() | ExerciseBlock() | CardBlock():
            return block
        case _:
            assert_never(block)
