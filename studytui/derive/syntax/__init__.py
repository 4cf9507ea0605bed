"""Text to nodes: the only door into the derivation engine."""

from __future__ import annotations

from collections.abc import Mapping

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.size_limits import check_bounds
from studytui.derive.syntax.declarations import declare
from studytui.derive.syntax.parser import Parser
from studytui.derive.syntax.shapes import check_shapes

SYNTAXES = ("ascii", "unicode", "latex")


def parse(
    text: str,
    symbols: Symbols | Mapping[str, str] | None = None,
    syntax: str = "ascii",
) -> Node:
    """The expression, relation or chain that ``text`` says.

    ``symbols`` are declared symbols, or declarations such as ``{"x": "positive"}``; without any,
    every single letter is a real number. ASCII and Unicode may be mixed; LaTeX may not.

    :raises ExpressionError: with the column, and what was expected there.
    """
    if not isinstance(text, str):
        raise ExpressionError("an expression is a text")
    if syntax not in SYNTAXES:
        raise ExpressionError(f"the syntax {syntax!r} is not one of {', '.join(SYNTAXES)}")
    if symbols is None:
        symbols = Symbols(open=True)
    elif not isinstance(symbols, Symbols):
        symbols = declare(symbols)
    try:
        node = Parser(text.strip("\r\n"), symbols, syntax).whole()
    except RecursionError:
        raise ExpressionError("the expression nests too deep") from None
    check_bounds(node)
    check_shapes(node, symbols)
    return node
