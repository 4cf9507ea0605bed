"""Superscripts and subscripts, at the side of their base or above and below it."""

from __future__ import annotations

from studytui.maths import nodes
from studytui.maths.box import Box, beside, piled, text_box
from studytui.maths.context import DISPLAY, SCRIPT, Context, lay_out, lays_out
from studytui.maths.integrals import is_integral, set_integral
from studytui.maths.nodes import Atom, Node
from studytui.maths.script_habits import (
    always_folds,
    flat,
    folded_subscript,
    folded_superscript,
)


@lays_out(nodes.Scripts)
def lay_out_scripts(node: nodes.Scripts, context: Context) -> Box:
    """A base with its scripts."""
    if is_integral(node):
        return set_integral(node, context, 0, 0)
    if has_limits(node.base):
        return _limits(node, context)
    return set_beside(lay_out(node.base, context), node, context)


@lays_out(nodes.BigOperator)
def lay_out_operator(node: nodes.BigOperator, context: Context) -> Box:
    """A sum, product ... alone."""
    return text_box(node.symbol)


@lays_out(nodes.Function)
def lay_out_function(node: nodes.Function, context: Context) -> Box:
    """A function's name."""
    return text_box(node.name)


def has_limits(base: Node) -> bool:
    """Whether the scripts of a base stand above and below it in display style."""
    if isinstance(base, nodes.BigOperator):
        return base.limits if base.limits is not None else base.symbol not in "∫∬∭∮∯∰⨌"
    if isinstance(base, nodes.Function):
        return base.limits
    if isinstance(base, nodes.Classed):
        return base.atom is Atom.OPERATOR
    return False


def _limits(node: nodes.Scripts, context: Context) -> Box:
    base = lay_out(node.base, context)
    upper = folded_superscript(node.superscript, longest=6)
    lower = folded_subscript(node.subscript, longest=6)
    if context.level > DISPLAY and upper is not None and lower is not None:
        return beside([base, text_box(lower + upper)])
    if context.level >= SCRIPT:
        return set_beside(base, node, context)
    small = context.at(SCRIPT)
    pile = [base]
    baseline = base.baseline
    if node.superscript is not None:
        top = lay_out(node.superscript, small)
        pile.insert(0, top)
        baseline += top.height
    if node.subscript is not None:
        pile.append(lay_out(node.subscript, small))
    lines, width = piled(pile)
    if isinstance(node.base, nodes.BigOperator):
        return Box(lines, baseline, width, baseline, len(lines) - 1 - baseline)
    return Box(lines, baseline, width, base.core_above, base.core_below)


def set_beside(base: Box, node: nodes.Scripts, context: Context) -> Box:
    """The base box with the scripts of ``node`` at its right."""
    upper = _fold(node.superscript, node, context, raised=True)
    lower = _fold(node.subscript, node, context, raised=False)
    above, below = base.core_above, base.core_below
    tall = above + below > 0
    if upper is not None and lower is not None and not tall:
        return beside([base, text_box(lower + upper)])
    small = context.at(SCRIPT)
    top = _script(node.superscript, upper, small)
    foot = _script(node.subscript, lower, small)
    width = max(top.width, foot.width)
    if not width:
        return base
    # In rows counted from the baseline: where the last row of the upper script stands, and the
    # first of the lower one. Characters need no raising beside a base of one row.
    top_at = -above if tall or upper is not None else -1
    foot_at = below if tall or lower is not None else 1
    if not top.width:
        top_at, top = min(0, foot_at - 1), Box((), 0, 0)
    if not foot.width:
        foot_at, foot = max(0, top_at + 1), Box((), 0, 0)
    gap = foot_at - top_at - 1
    lines = (
        *(line + " " * (width - top.width) for line in top.lines),
        *(" " * width for _ in range(gap)),
        *(line + " " * (width - foot.width) for line in foot.lines),
    )
    column = Box(lines, len(top.lines) - 1 - top_at, width)
    return beside([base, column])


def _script(node: Node | None, folded: str | None, context: Context) -> Box:
    if node is None:
        return text_box("")
    return text_box(folded) if folded is not None else lay_out(node, context)


def _fold(
    script: Node | None, node: nodes.Scripts, context: Context, *, raised: bool
) -> str | None:
    """The script as characters, if it may be written so; "" if there is none."""
    if script is None:
        return ""
    folded = folded_superscript(script) if raised else folded_subscript(script)
    if folded is None or (raised and context.level >= SCRIPT):
        return folded
    boxed = context.boxed_superscripts if raised else context.boxed_subscripts
    if boxed and flat(node.base) in boxed and not (raised and always_folds(script)):
        return None
    return folded
