"""An article with its formulas as they were typed: for who reads TeX better than what it draws."""

from __future__ import annotations

from studytui.library.blocks import Block, Blocks, Code, CodeBlock, Inline, Math, MathBlock
from studytui.library.walker import Leaf, rebuilt


def with_tex(blocks: Blocks) -> Blocks:
    """The same blocks, one for one, with TeX where formulas were."""
    return rebuilt(blocks, _block, _leaf)


def _block(block: Block) -> Block:
    if not isinstance(block, MathBlock):
        return block
    label = f" ({block.label})" if block.label else ""
    code = f"$$\n{block.tex}\n$${label}"
    return CodeBlock(code, "latex", line=block.line, origin=block.origin)


def _leaf(leaf: Leaf) -> Inline:
    return Code(f"${leaf.tex}$") if isinstance(leaf, Math) else leaf
