"""Fractions, binomials and roots."""

from __future__ import annotations

from studytui.maths import nodes
from studytui.maths.box import Box, beside, indented, piled, solid, text_box, widened
from studytui.maths.context import SCRIPT, TEXT, Context, lay_out, lays_out
from studytui.maths.nodes import Atom, Node
from studytui.maths.script_habits import flat, folded_superscript
from studytui.maths.spacing import atoms

VULGAR = {
    ("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾",
    ("1", "5"): "⅕", ("2", "5"): "⅖", ("3", "5"): "⅗", ("4", "5"): "⅘", ("1", "6"): "⅙",
    ("5", "6"): "⅚", ("1", "8"): "⅛", ("3", "8"): "⅜", ("5", "8"): "⅝", ("7", "8"): "⅞",
}  # fmt: skip


@lays_out(nodes.Fraction)
def lay_out_fraction(node: nodes.Fraction, context: Context) -> Box:
    """Numerator over denominator; in scripts on one line, with the brackets that this needs."""
    if not node.ruled:
        return _binomial(node, context)
    if node.small or context.level >= SCRIPT:
        sign = VULGAR.get((flat(node.numerator) or "", flat(node.denominator) or ""))
        if sign:
            return text_box(sign)
    if context.level >= SCRIPT:
        return _in_line(node, context)
    smaller = context.at(TEXT)
    top, foot = lay_out(node.numerator, smaller), lay_out(node.denominator, smaller)
    width = max(top.width, foot.width)
    # A bar must not be taken for a minus, nor for the bar of a fraction within.
    if width == 1 or _has_bar(top, width) or _has_bar(foot, width):
        width += 2
    rule = Box(("─" * width,), 0, width)
    lines, width = piled([top, rule, foot])
    return solid(lines, top.height, width)


def _has_bar(box: Box, width: int) -> bool:
    return box.width >= width and any(line.strip("─") == "" for line in box.lines if line)


def _binomial(node: nodes.Fraction, context: Context) -> Box:
    top, foot = lay_out(node.numerator, context), lay_out(node.denominator, context)
    lines, width = piled([top, text_box(""), foot])
    return solid(lines, top.height, width)


def _in_line(node: nodes.Fraction, context: Context) -> Box:
    top, foot = lay_out(node.numerator, context), lay_out(node.denominator, context)
    if is_sum(node.numerator):
        top = beside([text_box("("), top, text_box(")")])
    if not is_single(node.denominator):
        foot = beside([text_box("("), foot, text_box(")")])
    return beside([top, text_box("/"), foot])


def is_sum(node: Node) -> bool:
    """Whether the node has a sign at its top level that binds no tighter than a slash."""
    if not isinstance(node, nodes.Row):
        return isinstance(node, nodes.Fraction)
    depth = 0
    for index, child in enumerate(node.children):
        shown = atoms(child)
        if shown == (Atom.OPEN, Atom.OPEN):
            depth += 1
        elif shown == (Atom.CLOSE, Atom.CLOSE):
            depth -= 1
        elif depth == 0 and _binds_loosely(child, shown[0], first=index == 0):
            return True
    return False


def _binds_loosely(node: Node, atom: Atom, *, first: bool) -> bool:
    if isinstance(node, nodes.Symbol) and node.text == "/":
        return True
    if atom is Atom.BINARY:
        return not first
    return atom in (Atom.RELATION, Atom.PUNCTUATION) or isinstance(node, nodes.Fraction)


def is_single(node: Node) -> bool:
    """Whether the node reads as one thing after a slash or under a root sign."""
    if isinstance(node, nodes.Row):
        if len(node.children) == 2 and flat(node.children[0]) in ("∂", "d"):
            return is_single(node.children[1])
        if is_application(node):
            return True
        symbols = [child for child in node.children if isinstance(child, nodes.Symbol)]
        whole = len(symbols) == len(node.children)
        return whole and all(one.upright and one.atom is Atom.ORDINARY for one in symbols)
    if isinstance(node, nodes.Scripts):
        return is_single(node.base) and not isinstance(node.base, nodes.BigOperator)
    return not isinstance(node, nodes.Fraction | nodes.BigOperator | nodes.Table)


_FUNCTIONS = frozenset("fghpqDEFJLPQVZ𝔼πϕφψσ")


def is_application(row: nodes.Row) -> bool:
    """A function's name and one pair of brackets; other letters before brackets are factors."""
    if len(row.children) < 2:
        return False
    first = row.children[0]
    name = first.base if isinstance(first, nodes.Scripts) else first
    if not (isinstance(name, nodes.Function) or flat(name) in _FUNCTIONS):
        return False
    depth = 0
    for index, child in enumerate(row.children[1:], start=1):
        left, right = atoms(child)
        depth += (left is Atom.OPEN) - (right is Atom.CLOSE)
        if depth == 0:
            return index == len(row.children) - 1 and right is Atom.CLOSE
    return False


@lays_out(nodes.Root)
def lay_out_root(node: nodes.Root, context: Context) -> Box:
    """The root sign, with a line over all that it covers where that is more than one symbol."""
    inside = lay_out(node.radicand, context)
    order = text_box("")
    if node.index is not None:
        folded = folded_superscript(node.index)
        order = text_box(folded) if folded else lay_out(node.index, context.at(SCRIPT))
    if inside.height == 1 and _is_atom(node.radicand):
        return beside([order, text_box("√"), inside])
    if context.level >= SCRIPT and inside.height == 1:
        return beside([order, text_box("√("), inside, text_box(")")])
    if inside.baseline == 0 and inside.core_below == 0:
        over = " " + "_" * inside.width
        rest = tuple(" " + line for line in inside.lines[1:])
        body = Box((over, "√" + inside.lines[0], *rest), 1, inside.width + 1)
    else:
        body = _tall_root(inside)
    return _with_order(body, order)


def _is_atom(node: Node) -> bool:
    if isinstance(node, nodes.Scripts):
        return _is_atom(node.base) and node.superscript is None
    if isinstance(node, nodes.Symbol):
        return True
    return isinstance(node, nodes.Accent) and not node.wide and _is_atom(node.base)


def _tall_root(inside: Box) -> Box:
    stem = [" │"] * (inside.height - 1) + ["╲│"]
    lines = [" ┌" + "─" * (inside.width + 1)]
    lines += [mark + line + " " for mark, line in zip(stem, inside.lines, strict=True)]
    return solid(tuple(lines), inside.baseline + 1, inside.width + 3)


def _with_order(body: Box, order: Box) -> Box:
    """The order of a root over the left end of its sign."""
    if not order.width:
        return body
    if not body.core_above:
        raised = order if order.height == 1 and _is_raised(order) else None
        if raised is not None:
            return beside([raised, body])
    foot = body.height - 2
    # The order stands just above the foot of the sign, its last row beside the stem.
    pad = max(0, order.width - 1)
    body = indented(body, pad)
    lines = list(body.lines)
    place = max(foot, 0)
    box = widened(order, pad + 1, "r")
    extra = max(0, order.height - 1 - place)
    lines = [" " * body.width] * extra + lines
    start = place + extra - (order.height - 1)
    for offset, line in enumerate(box.lines):
        row = lines[start + offset]
        lines[start + offset] = line + row[pad + 1 :]
    return Box(tuple(lines), body.baseline + extra, body.width, body.core_above, body.core_below)


def _is_raised(order: Box) -> bool:
    return not any(character.isalnum() and character.isascii() for character in order.lines[0])
