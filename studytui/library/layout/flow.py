"""A run of blocks laid out where it is looked at, with estimated heights elsewhere.

A megabyte of Markdown opens as fast as a page: a block is laid out when a line of it is asked for;
until then its height is a guess from the length of its words.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import assert_never

from studytui.library import blocks as nodes
from studytui.library.layout.blocks import lay_block, space_before, visible
from studytui.library.layout.layout_lines import (
    BLANK,
    Item,
    Line,
    Piece,
    Segment,
    indented,
    stacked,
)

GUTTER = 2
_MARKS = {
    nodes.Origin.TRANSLATED: Segment("  ", ""),
    nodes.Origin.RESTORED: Segment("┊ ", "gutter.restored"),
    nodes.Origin.WRITTEN: Segment("  ", ""),
}


@dataclass(frozen=True, slots=True)
class Laid:
    """A whole run of blocks as lines; ``anchors`` maps headings to their line."""

    lines: tuple[Line, ...]
    items: tuple[Item, ...]
    anchors: dict[str, int]


class Flow:
    """Blocks of one run at one width, laid out on demand. ``width`` counts the gutter in.

    ``before`` is the block above the run; ``translated`` tells that translated words stand above
    it and that what was written for studytui has not begun.
    """

    def __init__(
        self,
        blocks: nodes.Blocks,
        width: int,
        before: nodes.Block | None = None,
        translated: bool = False,
    ) -> None:
        blocks = visible(blocks)
        self.blocks = blocks
        self.width = max(width, GUTTER + 8)
        self.before = before
        self.story = story_at(blocks, translated)
        self._pieces: list[Piece | None] = [None] * len(blocks)
        self._heights = [_estimate(block, self.width - GUTTER) for block in blocks]
        self._tops: list[int] = []
        self.version = 0

    @property
    def tops(self) -> list[int]:
        """The line on which each block begins, and after them the height of all."""
        if not self._tops:
            self._tops = [0, *accumulate(self._heights)]
        return self._tops

    @property
    def height(self) -> int:
        """Lines of the run, as far as is known."""
        return self.tops[-1]

    def is_laid(self, index: int) -> bool:
        """Whether the height of a block is known and not only guessed."""
        return self._pieces[index] is not None

    def piece(self, index: int) -> Piece:
        """The lines of a block, with the blank ones before it."""
        piece = self._pieces[index]
        if piece is None:
            piece = self._pieces[index] = self._lay(index)
            if len(piece.lines) != self._heights[index]:
                self._heights[index] = len(piece.lines)
                self._tops = []
                self.version += 1
        return piece

    def index_at(self, line: int) -> int:
        """The block that holds a line."""
        last = len(self.blocks) - 1
        return max(0, min(last, bisect_right(self.tops, line) - 1))

    def line(self, number: int) -> Line:
        """A line of the run; a blank one where the guess was too high."""
        while 0 <= number < self.height:
            index = self.index_at(number)
            piece = self.piece(index)
            within = number - self.tops[index]
            if within < len(piece.lines):
                return piece.lines[within]
            if self.index_at(number) == index:
                break
        return BLANK

    def ensure(self, first: int, last: int) -> bool:
        """Lay out the blocks on the lines from ``first`` to ``last``. True if a height changed."""
        if not self.blocks:
            return False
        before = self.height
        index = self.index_at(max(0, first))
        while index < len(self.blocks) and self.tops[index] < last:
            self.piece(index)
            index += 1
        return self.height != before

    def item_at(self, line: int) -> tuple[Item, int] | None:
        """What can be copied on a line, with the line on which its block begins."""
        index = self.index_at(line)
        piece = self.piece(index)
        top = self.tops[index]
        for item in piece.items:
            if item.first <= line - top <= item.last:
                return item, top
        return None

    def _lay(self, index: int) -> Piece:
        block = self.blocks[index]
        before = self.blocks[index - 1] if index else self.before
        piece = lay_block(block, self.width - GUTTER)
        mark = _MARKS[block.origin]
        piece = indented(piece, mark, mark)
        if index == self.story:
            words = Segment(
                f"{'· · ·  written for studytui  · · ·':^{self.width}}".rstrip(), "divider"
            )
            divider = Piece((Line((words,), len(words.text)),))
            return stacked([(2, divider), (1, piece)])
        return stacked([(space_before(block, before), piece)])


def lay_out(blocks: nodes.Blocks, width: int, before: nodes.Block | None = None) -> Laid:
    """All blocks as lines of at most ``width`` cells, but for what can't be broken."""
    flow = Flow(blocks, width, before)
    lines: list[Line] = []
    items: list[Item] = []
    anchors: dict[str, int] = {}
    for index, block in enumerate(flow.blocks):
        piece = flow.piece(index)
        if isinstance(block, nodes.Heading):
            anchors[block.anchor] = len(lines) + len(piece.lines) - 1
        items.extend(item.moved(len(lines)) for item in piece.items)
        lines.extend(piece.lines)
    return Laid(tuple(lines), tuple(items), anchors)


def story_at(blocks: nodes.Blocks, translated: bool = False) -> int:
    """The index of the heading at which the words written for studytui begin; -1 if none does.

    Notes of the translator and restored formulas do not end a translation: a heading does.
    """
    for index, block in enumerate(blocks):
        if block.origin is nodes.Origin.TRANSLATED:
            translated = True
        elif (
            translated and isinstance(block, nodes.Heading) and block.origin is nodes.Origin.WRITTEN
        ):
            return index
    return -1


def estimated_height(blocks: nodes.Blocks, width: int) -> int:
    """A guess at the height of a run of blocks, without laying any of it out."""
    return sum(_estimate(block, max(width, GUTTER + 8) - GUTTER) for block in blocks)


def _estimate(block: nodes.Block, width: int) -> int:
    """A guess at the height of a block with the blank line before it."""
    match block:
        case nodes.Paragraph():
            length = sum(
                len(inline.text) if isinstance(inline, nodes.Text) else 12
                for inline in block.children
            )
            return 2 + length // width
        case nodes.Heading():
            return 3
        case nodes.CodeBlock():
            return block.code.count("\n") + 4
        case (
            nodes.MathBlock()
            | nodes.Picture()
            | nodes.SnippetBlock()
            | nodes.DerivationBlock()
            | nodes.CardBlock()
        ):
            return 4
        case nodes.ExerciseBlock():
            return 4 + len(block.ask) // width
        case nodes.ListBlock():
            return 1 + 2 * len(block.items)
        case nodes.Table():
            return 3 + len(block.rows)
        case nodes.TermsBlock():
            return 3 + 2 * len(block.terms)
        case nodes.Quote() | nodes.Note():
            return 2 + 3 * len(block.children)
        case nodes.Rule():
            return 2
        case nodes.CheckBlock():
            return 0
        case _:
            assert_never(block)
