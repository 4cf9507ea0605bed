"""Formulas wider than the screen: broken before relations, then before binary signs.

A broken line hangs under the first relation; nothing is ever cut in the middle of a box.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from studytui.maths import nodes
from studytui.maths.box import Box, indented, solid, widened
from studytui.maths.context import Context, lay_out
from studytui.maths.delimiters import delimiter
from studytui.maths.nodes import Atom, Node
from studytui.maths.row import Item, items_of, joined
from studytui.maths.side_scripts import set_beside

_WIDEST_HANG = 0.4
"""Of the width: a left-hand side longer than that gets a line of its own."""


def broken(root: Node, context: Context, width: int) -> Box:
    """The formula within ``width`` cells if it can be broken so, else as narrow as it gets."""
    whole = lay_out(root, context)
    if whole.width <= width:
        return whole
    if isinstance(root, nodes.Table) and root.shape in ("aligned", "centered"):
        return _broken_rows(root, context, width)
    items = items_of(root, context)
    if len(items) == 1 and isinstance(items[0].node, nodes.Table):
        table = items[0].node
        if table.shape in ("aligned", "centered") and root is not table:
            return _broken_rows(table, context, width)
    closed = _broken_items(items, width)
    if closed.width <= width:
        return closed
    opened = _broken_items(_opened(items, context), width)
    return opened if opened.width < closed.width else closed


def _broken_rows(table: nodes.Table, context: Context, width: int) -> Box:
    """Aligned lines, each broken within the room to the right of the alignment."""
    rows: list[tuple[Node, ...]] = []
    lefts = [lay_out(row[0], context).width for row in table.rows if len(row) > 1]
    left = max(lefts, default=0)
    for row in table.rows:
        if len(row) == 2:
            inside = broken(row[1], context, max(width - left - 1, 1))
            rows.append((row[0], nodes.Drawn(indented(inside, 1))))
        elif len(row) == 1:
            rows.append((nodes.Drawn(broken(row[0], context, width)),))
        else:
            rows.append(row)
    return lay_out(replace(table, rows=tuple(rows)), context)


def _broken_items(items: list[Item], width: int) -> Box:
    lines: list[Box] = []
    for sentence in _split(items, _is_sentence_end):
        kept = _hung(sentence, width, own_line=False)
        if max(line.width for line in kept) > width:
            kept = min(kept, _hung(sentence, width, own_line=True), key=_widest)
        lines += kept
    return _piled(lines)


def _widest(lines: list[Box]) -> int:
    return max(line.width for line in lines)


def _hung(items: list[Item], width: int, *, own_line: bool) -> list[Box]:
    """The lines of one equation; with ``own_line`` its left-hand side stands alone."""
    depths = _depths(items)

    def relates(index: int) -> bool:
        return (
            items[index].left is Atom.RELATION
            and items[index - 1].left is not Atom.RELATION
            and depths[index] == 0
        )

    relations = {index for index in range(1, len(items)) if relates(index)}
    first = min(relations, default=len(items))
    hang = 2
    if items[0].left is Atom.RELATION:
        hang, own_line = 0, True
    elif relations:
        start = _width(items[:first]) + items[first].space
        own_line = own_line or start > width * _WIDEST_HANG
        hang = 2 if own_line else start
    parts = _split(items, lambda _, index: index in relations and (own_line or index != first))
    deeper = hang + 2 if relations or hang == 0 else 2
    lines: list[Box] = []
    for number, part in enumerate(parts):
        lines += _filled(part, width, hang if number else 0, deeper)
    return lines


def _is_sentence_end(items: list[Item], index: int) -> bool:
    """A comma and a wide space: the next formula begins here."""
    return items[index - 1].left is Atom.PUNCTUATION and items[index].space > 2


def _split(items: list[Item], breaks: Callable[[list[Item], int], bool]) -> list[list[Item]]:
    parts: list[list[Item]] = [[]]
    for index, item in enumerate(items):
        if index and breaks(items, index):
            parts.append([])
        parts[-1].append(item)
    return parts


def _depths(items: list[Item]) -> list[int]:
    """How many plain brackets are open at each item."""
    depths, depth = [], 0
    for item in items:
        if item.left is Atom.CLOSE and item.right is Atom.CLOSE:
            depth = max(depth - 1, 0)
        depths.append(depth)
        if item.left is Atom.OPEN and item.right is Atom.OPEN:
            depth += 1
    return depths


def _filled(items: list[Item], width: int, indent: int, deeper: int) -> list[Box]:
    """The items in as few lines as fit; the first at ``indent``, the others at ``deeper``."""
    lines: list[Box] = []
    rest = items
    while rest:
        room = width - indent
        # As many items as there are cells, and a few that have no width.
        near = rest[: 2 * room + 20]
        fits = len(near) == len(rest) and _width(rest) <= room
        cut = len(rest) if fits else _best_cut(near, room)
        lines.append(indented(joined([replace(rest[0], space=0), *rest[1:cut]]), indent))
        rest = rest[cut:]
        indent = deeper
    return lines


def _best_cut(items: list[Item], room: int) -> int:
    """Where to break: the last place that fits, of the best kind there is."""
    depths = _depths(items)
    reach, fits = items[0].box.width, 1
    for index in range(1, len(items)):
        reach += items[index].space + items[index].box.width
        if reach > room:
            break
        fits = index + 1
    best: tuple[int, int] | None = None
    for index in range(2, len(items)):
        badness = _badness(items, index, depths[index])
        if badness is None or (index > fits and best is not None):
            continue
        beyond = index > fits
        if best is None or (not beyond and badness <= best[0]):
            best = (badness, index)
        if beyond:
            break
    return best[1] if best is not None else len(items)


def _badness(items: list[Item], index: int, depth: int) -> int | None:
    """How bad a break before an item is; None where there can be none."""
    item, before = items[index], items[index - 1]
    if item.left is Atom.BINARY and item.node is not None:
        return 10 * depth
    if item.left is Atom.RELATION and before.left is not Atom.RELATION and depth:
        return 10 * depth + 1
    if before.right is Atom.PUNCTUATION:
        return 10 * depth + 2
    if item.left is Atom.OPEN and before.right is Atom.CLOSE:
        return 10 * depth + 5
    return None


def _opened(items: list[Item], context: Context) -> list[Item]:
    """The items with growing delimiters taken apart, so that lines can break between them."""
    opened: list[Item] = []
    for item in items:
        scripts = item.node if isinstance(item.node, nodes.Scripts) else None
        node = scripts.base if scripts else item.node
        if not isinstance(node, nodes.Delimited) or len(node.parts) != 1 or not node.opening:
            opened.append(item)
            continue
        inside = items_of(node.parts[0], context)
        above = max([one.box.core_above for one in inside], default=0)
        below = max([one.box.core_below for one in inside], default=0)
        head = delimiter(node.opening, above, below)
        tail = delimiter(node.closing, above, below)
        if scripts is not None:
            tail = set_beside(tail, scripts, context)
        opened.append(Item(nodes.Symbol(node.opening), head, Atom.OPEN, Atom.OPEN, item.space))
        opened += _opened(inside, context)
        opened.append(Item(nodes.Symbol(node.closing), tail, Atom.CLOSE, Atom.CLOSE))
    return opened


def _width(items: list[Item]) -> int:
    """The width of a line that begins with the first item."""
    return sum([item.space + item.box.width for item in items]) - (items[0].space if items else 0)


def _piled(lines: list[Box]) -> Box:
    """Lines one below the other, a blank one between where either is taller than one row."""
    width = max(line.width for line in lines)
    drawn: list[str] = []
    for index, line in enumerate(lines):
        if index and (line.height > 1 or lines[index - 1].height > 1):
            drawn.append(" " * width)
        drawn += widened(line, width, "l").lines
    return solid(tuple(drawn), lines[0].baseline, width)
