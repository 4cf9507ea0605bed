"""``∇_x f``: the derivatives of a number by what stands below the sign."""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import AmbiguousError
from studytui.derive.syntax.elements import shape
from studytui.derive.syntax.parser import PRODUCT, Parser, prefix
from studytui.derive.syntax.shapes import NUMBER
from studytui.derive.syntax.special_forms import derivative
from studytui.derive.syntax.vectors import gradient


@prefix("∇")
def nabla(parser: Parser, least: int = PRODUCT) -> nodes.Node:
    """The gradient, or of a single number the derivative.

    :raises ExpressionError: by what it is taken is not written.
    """
    del least
    token = parser.advance()
    if not parser.at("_"):
        raise AmbiguousError(
            "by what the gradient is taken is not said",
            column=token.column,
            todo="Write ∇_x f, or grad(f, x).",
        )
    parser.advance()
    if parser.at("{"):
        parser.advance()
        variable = parser.expression()
        parser.expect("}", "to close what the gradient is taken by")
    else:
        variable = parser.operand()
    body = parser.expression(PRODUCT - 1)
    if isinstance(variable, nodes.Name) and shape(parser, variable) not in (None, NUMBER):
        return gradient(parser, body, variable, token.column)
    return derivative(body, variable, nodes.Number(1), token.column)
