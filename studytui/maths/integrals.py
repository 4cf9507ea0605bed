"""Integral signs, which grow with the integrand and carry their bounds at the right."""

from __future__ import annotations

from studytui.maths import nodes
from studytui.maths.box import Box, beside, solid, text_box, widened
from studytui.maths.context import SCRIPT, Context, lay_out
from studytui.maths.nodes import Node
from studytui.maths.script_habits import folded_subscript, folded_superscript

_SIGNS = {"∫": 1, "∬": 2, "∭": 3, "⨌": 4}


def is_integral(node: Node) -> bool:
    """An integral sign with or without bounds at its side."""
    if isinstance(node, nodes.Scripts):
        return is_integral(node.base)
    return isinstance(node, nodes.BigOperator) and node.symbol in _SIGNS and not node.limits


def set_integral(
    node: Node, context: Context, above: int, below: int, *, tall: bool = False
) -> Box:
    """An integral over an integrand that reaches ``above`` and ``below`` the baseline.

    One row is enough where the integrand has one and the bounds can be written as characters,
    unless ``tall`` asks for more because a neighbour is tall.
    """
    scripts = node if isinstance(node, nodes.Scripts) else nodes.Scripts(node)
    sign = scripts.base
    count = _SIGNS[sign.symbol] if isinstance(sign, nodes.BigOperator) else 1
    upper = folded_superscript(scripts.superscript)
    lower = folded_subscript(scripts.subscript)
    low = (above == below == 0 and not tall) or context.level >= SCRIPT
    if low and upper is not None and lower is not None:
        return text_box("∫" * count + lower + upper)
    above, below = max(above, 1), max(below, 1)
    rows = ["⌠", *"⎮" * (above + below - 1), "⌡"]
    body = solid(tuple([row * count for row in rows]), above, count)
    if scripts.superscript is None and scripts.subscript is None:
        return body
    return beside([body, _bounds(scripts, context.at(SCRIPT), above, below)])


def _bounds(scripts: nodes.Scripts, context: Context, above: int, below: int) -> Box:
    """The bounds beside the two hooks of the sign."""
    empty = text_box("")
    top = lay_out(scripts.superscript, context) if scripts.superscript else empty
    foot = lay_out(scripts.subscript, context) if scripts.subscript else empty
    width = max(top.width, foot.width)
    middle = (" " * width,) * (above + below - 1)
    lines = widened(top, width, "l").lines + middle + widened(foot, width, "l").lines
    baseline = top.height - 1 + above
    return Box(lines, baseline, width)
