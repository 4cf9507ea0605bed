"""Atoms side by side: classes, spaces, and delimiters and integrals that grow with the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studytui.maths import nodes
from studytui.maths.box import Box, beside, blank, text_box
from studytui.maths.context import SCRIPT, Context, lay_out, lays_out
from studytui.maths.delimiters import delimiter
from studytui.maths.factors import has_factor_beside, is_slashed
from studytui.maths.integrals import is_integral, set_integral
from studytui.maths.nodes import Atom, Node
from studytui.maths.spacing import atoms, gap, resolved

_PAIRS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉", "|": "|", "‖": "‖"}
_OPENING = frozenset("([{⟨⌊⌈")
_OPEN, _CLOSE = Atom.OPEN, Atom.CLOSE
TRAILING = frozenset(".!?,;")
"""Signs that close up to what they follow."""
_CLOSING = frozenset(")]}⟩⌋⌉")


@dataclass(slots=True)
class Item:
    """One atom of a row being set: its box, the classes it shows, and the cells before it."""

    node: Node
    box: Box
    left: Atom
    right: Atom
    space: int = 0


@lays_out(nodes.Row)
def lay_out_row(node: nodes.Row, context: Context) -> Box:
    """The box of a row."""
    return joined(items_of(node, context))


@lays_out(nodes.Style)
def lay_out_style(node: nodes.Style, context: Context) -> Box:
    """What a change of style governs."""
    return lay_out(node.base, context.at(min(node.level, SCRIPT)))


@lays_out(nodes.Classed)
def lay_out_classed(node: nodes.Classed, context: Context) -> Box:
    """The base; its class was for the neighbours."""
    return lay_out(node.base, context)


@lays_out(nodes.Space)
def lay_out_space(node: nodes.Space, context: Context) -> Box:
    """A space that stands alone."""
    return blank(cells(node))


def cells(space: nodes.Space) -> int:
    """The width of a space: half an em is a cell, and a thin one is still seen."""
    if space.em <= 0:
        return 0
    return max(1, round(space.em * 2))


def joined(items: list[Item]) -> Box:
    """The items in one box."""
    boxes: list[Box] = []
    for item in items:
        if item.space:
            boxes.append(text_box(" " * item.space))
        boxes.append(item.box)
    return beside(boxes) if boxes else text_box("")


def items_of(node: Node, context: Context) -> list[Item]:
    """The atoms of a node, set and spaced; a node that is no row is its own only item."""
    flat: list[tuple[Node, Context]] = []
    _flatten(node, context, flat)
    solid = [(one, around) for one, around in flat if not isinstance(one, nodes.Space)]
    classes = resolved(with_bars([one for one, _ in solid]))
    items = [
        Item(one, _set(one, around), left, right)
        for (one, around), (left, right) in zip(solid, classes, strict=True)
    ]
    _bracket_slashes(items)
    _grow_integrals(items, solid)
    _grow_pairs(items)
    return _spaced(flat, items)


def _bracket_slashes(items: list[Item]) -> None:
    """Fractions on one line, as in scripts, go in brackets where a factor stands beside them."""
    row = [item.node for item in items]
    for index, item in enumerate(items):
        if isinstance(item.node, nodes.Fraction) and item.box.height == 1:
            slashed = is_slashed(item.node, item.box.lines[0])
            if slashed and has_factor_beside(row, index):
                item.box = beside([text_box("("), item.box, text_box(")")])
                item.left, item.right = Atom.OPEN, Atom.CLOSE


def _flatten(node: Node, context: Context, into: list[tuple[Node, Context]]) -> None:
    if isinstance(node, nodes.Row):
        for child in node.children:
            if isinstance(child, nodes.Style):
                _flatten(child.base, context.at(min(child.level, SCRIPT)), into)
            else:
                into.append((child, context))
    elif isinstance(node, nodes.Style):
        _flatten(node.base, context.at(min(node.level, SCRIPT)), into)
    else:
        into.append((node, context))


def _set(node: Node, context: Context) -> Box:
    if isinstance(node, nodes.Symbol):
        return text_box(node.text)
    return lay_out(node, context)


def with_bars(flat: Sequence[Node]) -> list[tuple[Atom, Atom]]:
    """The classes, upright bars taken in turn as opening and closing where they come in pairs."""
    classes = [atoms(node) for node in flat]
    for sign in ("|", "‖"):
        places = [
            index
            for index, node in enumerate(flat)
            if sign_of(node) == sign and classes[index][0] is Atom.ORDINARY
        ]
        if places and len(places) % 2 == 0:
            for turn, index in enumerate(places):
                kind = Atom.CLOSE if turn % 2 else Atom.OPEN
                classes[index] = (kind, kind)
    return classes


def sign_of(node: Node) -> str:
    """The sign of a plain or scripted symbol or fixed delimiter, else ""."""
    if isinstance(node, nodes.Scripts):
        return sign_of(node.base)
    if isinstance(node, nodes.Symbol):
        return node.text
    if isinstance(node, nodes.FixedDelimiter):
        return node.symbol
    return ""


def _grow_integrals(items: list[Item], flat: Sequence[tuple[Node, Context]]) -> None:
    """Integrals reach over what follows them, up to the next relation."""
    above = below = 0
    found: list[tuple[int, int, int]] = []
    for index in range(len(items) - 1, -1, -1):
        item = items[index]
        if item.left is Atom.RELATION:
            above = below = 0
        elif is_integral(item.node):
            found.append((index, above, below))
        elif not stands_apart(item.node):
            above, below = max(above, item.box.core_above), max(below, item.box.core_below)
    if found:
        tall = any(set_integral(items[i].node, flat[i][1], a, b).height > 1 for i, a, b in found)
        for index, above, below in found:
            node, context = flat[index]
            items[index].box = set_integral(node, context, above, below, tall=tall)


def _grow_pairs(items: list[Item]) -> None:
    """Plain brackets around something tall become as tall."""
    if all(item.box.core_above == 0 == item.box.core_below for item in items):
        return
    open_at: list[int] = []
    for index, item in enumerate(items):
        sign = sign_of(item.node)
        if sign in _OPENING or (sign in ("|", "‖") and item.left is Atom.OPEN):
            open_at.append(index)
        elif isinstance(item.node, nodes.FixedDelimiter) and item.left not in (_CLOSE, _OPEN):
            item.box = _grown_alone(item.node, items)
        elif (sign in _CLOSING or item.left is Atom.CLOSE) and open_at:
            start = open_at.pop()
            within = items[start + 1 : index]
            above = max([one.box.core_above for one in within], default=0)
            below = max([one.box.core_below for one in within], default=0)
            if above or below:
                items[start].box = delimiter(sign_of(items[start].node), above, below)
                _regrow(item, above, below)


def _grown_alone(node: nodes.FixedDelimiter, items: list[Item]) -> Box:
    """A sized bar without a partner: as tall as the row, if it was asked to be that large."""
    reach = 2 if node.size == 4 else 1
    above = min(reach, max(one.box.core_above for one in items))
    below = min(reach, max(one.box.core_below for one in items))
    return delimiter(node.symbol, above, below)


def _regrow(item: Item, above: int, below: int) -> None:
    """A closing bracket, with the scripts it may wear, in its new size."""
    from studytui.maths.side_scripts import set_beside

    box = delimiter(sign_of(item.node), above, below)
    if isinstance(item.node, nodes.Scripts):
        box = set_beside(box, item.node, Context())
    item.box = box


def _spaced(flat: list[tuple[Node, Context]], items: list[Item]) -> list[Item]:
    """Each item with the cells before it: those of the classes and those asked for."""
    following = iter(items)
    previous: Item | None = None
    asked, drawn, drawn_together = 0, 0, False
    for node, context in flat:
        if isinstance(node, nodes.Space):
            drawn_together = drawn_together or node.em < 0
            if 0 < node.em < 0.5:
                drawn = 1
            else:
                asked += cells(node)
            continue
        item = next(following)
        space = 0
        if previous is not None:
            script = context.level >= SCRIPT
            space = gap(previous.right, item.left, script=script) or _between(previous, item)
            alone = previous.right is Atom.ORDINARY and signs_a_name(previous.node, item.node)
            if alone or sign_of(item.node) in TRAILING:
                space = 0
            if drawn_together and not asked:
                space = 0
        item.space = max(space, drawn) + asked
        asked, drawn, drawn_together = 0, 0, False
        previous = item
    if asked:
        items.append(Item(nodes.Space(asked / 2), blank(asked), Atom.ORDINARY, Atom.ORDINARY))
    return items


def _between(left: Item, right: Item) -> int:
    """A cell where two neighbours would run into each other though their classes allow it."""
    if isinstance(left.node, nodes.Root) and right.left in (Atom.ORDINARY, Atom.OPEN):
        return 1
    if Atom.BINARY in (left.right, right.left) or Atom.RELATION in (left.right, right.left):
        word = left.node if left.right in (Atom.BINARY, Atom.RELATION) else right.node
        return 1 if isinstance(word, nodes.Classed) and isinstance(word.base, nodes.Text) else 0
    if left.right is Atom.OPERATOR and right.left is Atom.OPEN:
        return 1 if stands_apart(left.node) else 0
    return 0


def signs_a_name(left: Node, right: Node) -> bool:
    """A minus before a function's name; if it stands alone, it belongs to it."""
    name = right.base if isinstance(right, nodes.Scripts) else right
    return sign_of(left) in ("−", "+", "±", "∓") and isinstance(name, nodes.Function)


def stands_apart(node: Node) -> bool:
    """Sums, and names with something below, keep away from an opening bracket."""
    if not isinstance(node, nodes.Scripts):
        return isinstance(node, nodes.BigOperator)
    base = node.base
    if isinstance(base, nodes.Classed):
        return base.atom is Atom.OPERATOR
    return isinstance(base, nodes.BigOperator) or (isinstance(base, nodes.Function) and base.limits)
