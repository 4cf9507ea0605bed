"""A formula as lines of characters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from studytui.maths import accents, fractions, row, side_scripts, tables, text  # noqa: F401
from studytui.maths.box import Box
from studytui.maths.breaking import broken
from studytui.maths.context import lay_out
from studytui.maths.errors import FormulaError
from studytui.maths.nodes import Node
from studytui.maths.plain import as_it_is
from studytui.maths.script_habits import with_habits
from studytui.maths.tree import parse

HIGHEST, WIDEST = 400, 4000
"""Bounds of a picture, in cells: beyond them lies no formula that a person wrote."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A typeset formula: lines all ``width`` cells wide; row ``baseline`` is level with the text.

    ``complete`` is False where the TeX stands as it is because it could not be set; ``problems``
    says why.
    """

    lines: tuple[str, ...]
    baseline: int
    width: int
    complete: bool
    problems: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def display(tex: str, width: int | None = None) -> Formula:
    """Set TeX in two dimensions, broken to ``width`` cells where it can be. Never raises."""
    return typeset(tex, width)


def typeset(tex: str, width: int | None = None) -> Formula:
    """As ``display``, without its cache."""
    try:
        tree = parse(tex)
        box = _set(tree.root, width)
    except FormulaError as error:
        return _fallback(tex, str(error))
    if box.height > HIGHEST or box.width > WIDEST:
        return _fallback(tex, f"{box.width} x {box.height} cells is too large for a formula")
    return Formula(box.lines, box.baseline, box.width, True, tree.problems)


def _set(root: Node, width: int | None) -> Box:
    context = with_habits(root)
    if width is None:
        return lay_out(root, context)
    return broken(root, context, width)


def _fallback(tex: str, problem: str) -> Formula:
    lines = as_it_is(tex)
    width = max(count for _, count in lines)
    padded = tuple(line + " " * (width - count) for line, count in lines)
    return Formula(padded, (len(padded) - 1) // 2, width, False, (problem,))
