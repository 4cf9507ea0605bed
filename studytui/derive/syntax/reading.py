"""A text read with symbols that are declared already."""

from __future__ import annotations

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.size_limits import check_bounds
from studytui.derive.syntax.parser import Parser
from studytui.derive.syntax.shapes import check_shapes

SYNTAXES = ("ascii", "unicode", "latex")


def read(text: str, symbols: Symbols, syntax: str = "ascii") -> Node:
    """The expression, relation or chain that ``text`` says.

    :raises ExpressionError: with the column, and what was expected there.
    """
    if not isinstance(text, str):
        raise ExpressionError("an expression is a text")
    if syntax not in SYNTAXES:
        raise ExpressionError(f"the syntax {syntax!r} is not one of {', '.join(SYNTAXES)}")
    try:
        node = Parser(text.strip("\r\n"), symbols, syntax).whole()
    except RecursionError:
        raise ExpressionError("the expression nests too deep") from None
    check_bounds(node)
    check_shapes(node, symbols)
    return node
