"""Text to nodes: the only door into the derivation engine.

The parser reads what an operand begins with by what registered for it. The rooms of the grammar do
that when they are imported, which is here: whoever imports any module of this package has them all.
"""

from __future__ import annotations

from collections.abc import Mapping

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node
from studytui.derive.syntax import (  # noqa: F401 - they register
    gradients,
    identifiers,
    latex,
    operands,
    vectors,
)
from studytui.derive.syntax.declarations import declare
from studytui.derive.syntax.reading import SYNTAXES, read

__all__ = ["SYNTAXES", "parse"]


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
    if symbols is None:
        symbols = Symbols(open=True)
    elif not isinstance(symbols, Symbols):
        symbols = declare(symbols)
    return read(text, symbols, syntax)
