"""Typed maths set in two dimensions while it is typed; what cannot be read is told by column."""

from __future__ import annotations

from collections.abc import Mapping

from studytui.derive.expr.problems import ExpressionError
from studytui.derive.steps.lines import line_to_tex
from studytui.library.layout.layout_lines import NO_BREAK
from studytui.maths import display
from studytui.tui.widgets.text_lines import Styled


def preview(text: str, symbols: Mapping[str, str], width: int) -> list[Styled]:
    """The lines to show under a field that holds ``text``."""
    if not text.strip():
        return []
    try:
        formula = display(line_to_tex(text, symbols), width)
    except ExpressionError as error:
        pointer = NO_BREAK * error.column + "^ " if error.column >= 0 else ""
        return [[(pointer, "warn"), (error.what, "faint")]]
    # Blanks that may not fold: a formula's lines stand exactly under each other.
    return [[(line.replace(" ", NO_BREAK), "math")] for line in formula.lines]
