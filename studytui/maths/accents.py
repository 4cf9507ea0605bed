"""Marks over and under: accents, bars, braces, struck-through and stacked symbols."""

from __future__ import annotations

import unicodedata

from studytui.maths import nodes
from studytui.maths.box import Box, beside, composed, piled, text_box, widened
from studytui.maths.context import SCRIPT, Context, lay_out, lays_out
from studytui.maths.letters import cell_letters
from studytui.maths.plain import MOST_MARKS

_ARROW = "\u20d7"
_COMBINING_ARROWS = {"→": _ARROW, "←": "\u20d6", "↔": "\u20e1"}
_SPACING_MARKS = {
    "\u0302": "^", "\u0303": "~", "\u0304": "_", "\u20d7": "→", "\u0307": "˙", "\u0308": "¨",
    "\u20db": "⃛", "\u030c": "ˇ", "\u0306": "˘", "\u0301": "´", "\u0300": "`", "\u030a": "˚",
}  # fmt: skip
_OVERLINE, _UNDERLINE = "\u0304", "\u0332"
_STROKE = "\u0338"


@lays_out(nodes.Accent)
def lay_out_accent(node: nodes.Accent, context: Context) -> Box:
    """A mark joined to a single letter, or drawn in a row of its own over more."""
    base = lay_out(node.base, context)
    mark = _COMBINING_ARROWS.get(node.mark, node.mark)
    single = base.height == 1 and base.width == 1 and not node.below
    # Few fonts of terminals have the combining arrow; in scripts there is no room for another.
    if single and _combines(base, mark) and (mark != _ARROW or context.level >= SCRIPT):
        return Box((composed(base.lines[0] + mark),), 0, 1)
    over = text_box(_spanning(node.mark, base.width))
    return _above(base, over) if not node.below else _below(base, over)


def _combines(base: Box, mark: str) -> bool:
    return len(base.lines[0]) <= MOST_MARKS and bool(unicodedata.combining(mark[0]))


def _spanning(mark: str, width: int) -> str:
    """A mark as wide as what it covers."""
    if mark in ("→", "\u20d7"):
        return "─" * (width - 1) + "→"
    if mark == "←":
        return "←" + "─" * (width - 1)
    if mark == "↔":
        return "←" + "─" * (width - 2) + "→" if width > 1 else "↔"
    if mark == "\u0302" and width > 1:
        return "╱" + "‾" * (width - 2) + "╲"
    if mark == "\u030c" and width > 1:
        return "╲" + "_" * (width - 2) + "╱"
    if mark == "\u0303":
        return "~" * width
    if mark == "\u0304":
        return "_" * width
    if mark in ("⏜", "⏝", "⏞", "⏟"):
        return _brace(width, above=mark in "⏜⏞", point="─")
    return _SPACING_MARKS.get(mark, mark)


@lays_out(nodes.Bar)
def lay_out_bar(node: nodes.Bar, context: Context) -> Box:
    """A line over or under the base."""
    base = lay_out(node.base, context)
    if base.height == 1 and (base.width == 1 or context.level >= SCRIPT):
        mark = _OVERLINE if node.above and base.width == 1 else "\u0305"
        mark = mark if node.above else _UNDERLINE
        marked = "".join([letter + mark for letter in cell_letters(base.lines[0])])
        return Box((composed(marked),), 0, base.width)
    if node.above:
        return _above(base, text_box("_" * base.width))
    return _below(base, text_box("‾" * base.width))


@lays_out(nodes.Brace)
def lay_out_brace(node: nodes.Brace, context: Context) -> Box:
    """A brace along the base, pointing at its label."""
    base = lay_out(node.base, context)
    width = max(base.width, 3)
    if node.bracket:
        ends = "┌┐" if node.above else "└┘"
        drawn = ends[0] + "─" * (width - 2) + ends[1]
    else:
        drawn = _brace(width, above=node.above)
    brace = text_box(drawn)
    base = widened(base, width)
    if node.label is None:
        return _above(base, brace) if node.above else _below(base, brace)
    label = lay_out(node.label, context.at(SCRIPT))
    if node.above:
        return _above(_above(base, brace), label)
    return _below(_below(base, brace), label)


def _brace(width: int, *, above: bool, point: str = "") -> str:
    ends, middle = ("╭╮", "┴") if above else ("╰╯", "┬")
    if width < 3:
        return ("⏞" if above else "⏟") if width == 1 else ends
    left = (width - 3) // 2
    return ends[0] + "─" * left + (point or middle) + "─" * (width - 3 - left) + ends[1]


@lays_out(nodes.Stacked)
def lay_out_stacked(node: nodes.Stacked, context: Context) -> Box:
    """Small things above and below a symbol."""
    box = lay_out(node.base, context)
    small = context.at(SCRIPT)
    if node.above is not None:
        box = _above(box, lay_out(node.above, small))
    if node.below is not None:
        box = _below(box, lay_out(node.below, small))
    return box


@lays_out(nodes.Cancelled)
def lay_out_cancelled(node: nodes.Cancelled, context: Context) -> Box:
    """Every sign struck through."""
    box = lay_out(node.base, context)
    lines = []
    for line in box.lines:
        letters = cell_letters(line)
        lines.append("".join([one if one in " ─" else one + _STROKE for one in letters]))
    return Box(tuple(lines), box.baseline, box.width, box.core_above, box.core_below)


@lays_out(nodes.Arrow)
def lay_out_arrow(node: nodes.Arrow, context: Context) -> Box:
    """An arrow that reaches one cell past its labels on either side."""
    small = context.at(SCRIPT)
    over = lay_out(node.above, small) if node.above is not None else None
    under = lay_out(node.below, small) if node.below is not None else None
    width = max([3] + [box.width + 2 for box in (over, under) if box is not None])
    box = text_box(_long_arrow(node.symbol, width))
    if over is not None and over.width:
        box = _above(box, over)
    if under is not None and under.width:
        box = _below(box, under)
    return box


def _long_arrow(symbol: str, width: int) -> str:
    shaft = "═" if symbol in "⇒⇐⇔" else "─"
    tail = {"↔": "←", "⇔": "⇐", "↦": "├", "↪": "╰", "=": "═", "⇌": "⇌"}.get(symbol, shaft)
    head = {"↔": "→", "⇔": "⇒", "↦": "→", "↪": "→", "=": "═"}.get(symbol, symbol)
    if symbol in ("←", "⇐", "↩", "↼", "↽"):
        tail, head = symbol, shaft
    return tail + shaft * (width - 2) + head


def _above(base: Box, over: Box) -> Box:
    lines, width = piled([over, base])
    return Box(lines, base.baseline + over.height, width, base.core_above, base.core_below)


def _below(base: Box, under: Box) -> Box:
    lines, width = piled([base, under])
    return Box(lines, base.baseline, width, base.core_above, base.core_below)


@lays_out(nodes.VerticalArrow)
def lay_out_vertical_arrow(node: nodes.VerticalArrow, context: Context) -> Box:
    """An arrow down or up a diagram."""
    small = context.at(SCRIPT)
    left = lay_out(node.left, small) if node.left is not None else text_box("")
    right = lay_out(node.right, small) if node.right is not None else text_box("")
    side = max(left.width, right.width)
    rows = ("│", "↓") if node.symbol in "↓⇓" else ("↑", "│") if node.symbol in "↑⇑" else ("║", "║")
    shaft = Box(rows, 0, 1)
    return beside([widened(left, side, "r"), shaft, widened(right, side, "l")])
