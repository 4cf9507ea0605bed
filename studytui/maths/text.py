"""Words in formulas, frames, phantoms and what stands in growing delimiters."""

from __future__ import annotations

from studytui.maths import nodes
from studytui.maths.box import Box, beside, blank, composed, solid, text_box
from studytui.maths.context import TEXT, Context, lay_out, lays_out
from studytui.maths.delimiters import delimiter
from studytui.maths.nodes import Node
from studytui.maths.tables import parted

_ROWS_EACH_SIDE = {1: 0, 2: 0, 3: 1, 4: 1}


@lays_out(nodes.Symbol)
def lay_out_symbol(node: nodes.Symbol, context: Context) -> Box:
    """A letter, number or sign alone."""
    return text_box(node.text)


@lays_out(nodes.Text)
def lay_out_text(node: nodes.Text, context: Context) -> Box:
    """Words as they are, with the formulas between them in text style."""
    return beside(
        [
            text_box(composed(part).replace("\n", " ").replace("\t", " "))
            if isinstance(part, str)
            else lay_out(part, context.at(max(context.level, TEXT)))
            for part in node.parts
        ]
        or [text_box("")]
    )


@lays_out(nodes.Drawn)
def lay_out_drawn(node: nodes.Drawn, context: Context) -> Box:
    """The box that is there."""
    return node.box


@lays_out(nodes.Delimited)
def lay_out_delimited(node: nodes.Delimited, context: Context) -> Box:
    r"""``\left`` ... ``\middle`` ... ``\right``."""
    parts = [lay_out(part, context) for part in _trimmed(node)]
    if "{" in node.opening or "}" in node.closing:
        # A brace points between two aligned lines: room for its point.
        parts = [
            parted(box) if isinstance(part, nodes.Table) and box.height == 2 else box
            for part, box in zip(node.parts, parts, strict=True)
        ]
    above = max([part.core_above for part in parts], default=0)
    below = max([part.core_below for part in parts], default=0)
    boxes = [delimiter(node.opening, above, below)]
    for index, part in enumerate(parts):
        if index and index <= len(node.middles):
            boxes += [
                text_box(" "),
                delimiter(node.middles[index - 1], above, below),
                text_box(" "),
            ]
        boxes.append(part)
    boxes.append(delimiter(node.closing, above, below))
    return beside(boxes)


def _trimmed(node: nodes.Delimited) -> list[Node]:
    """The parts without spaces at a middle delimiter, which has one of its own on each side."""
    parts: list[Node] = []
    for index, part in enumerate(node.parts):
        children = list(part.children) if isinstance(part, nodes.Row) else [part]
        while index and children and isinstance(children[0], nodes.Space):
            children.pop(0)
        while index < len(node.parts) - 1 and children and isinstance(children[-1], nodes.Space):
            children.pop()
        parts.append(nodes.Row(tuple(children)) if len(children) != 1 else children[0])
    return parts


@lays_out(nodes.FixedDelimiter)
def lay_out_fixed(node: nodes.FixedDelimiter, context: Context) -> Box:
    r"""``\big`` to ``\Bigg`` where it has no partner; a pair grows with what it embraces."""
    if node.atom in (nodes.Atom.OPEN, nodes.Atom.CLOSE):
        return delimiter(node.symbol, 0, 0)
    reach = _ROWS_EACH_SIDE.get(node.size, 0)
    return delimiter(node.symbol, reach, reach)


@lays_out(nodes.Framed)
def lay_out_framed(node: nodes.Framed, context: Context) -> Box:
    """A frame around the base; a ground of colour alone leaves no trace in plain text."""
    inside = lay_out(node.base, context)
    if node.filled:
        return inside
    width = inside.width + 2
    lines = ["┌" + "─" * width + "┐"]
    lines += ["│ " + line + " │" for line in inside.lines]
    lines.append("└" + "─" * width + "┘")
    return solid(tuple(lines), inside.baseline + 1, width + 2)


@lays_out(nodes.Phantom)
def lay_out_phantom(node: nodes.Phantom, context: Context) -> Box:
    """The room of the base and nothing in it."""
    box = lay_out(node.base, context)
    width = box.width if node.wide else 0
    return blank(width, box.height, box.baseline) if node.tall else blank(width)


@lays_out(nodes.Spanning)
def lay_out_spanning(node: nodes.Spanning, context: Context) -> Box:
    """A cell over several columns, outside a table."""
    return lay_out(node.base, context)
