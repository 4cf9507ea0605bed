"""Antiderivatives are equal up to a constant: they are compared by their derivatives."""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import ExpressionError


def differentiated(left: nodes.Node, right: nodes.Node) -> tuple[nodes.Node, nodes.Node, str]:
    """Both sides differentiated if either has an antiderivative, with a note that says so.

    :raises ExpressionError: one stands where its constant would matter.
    """
    variables = {
        part.variable
        for side in (left, right)
        for part in nodes.walk(side)
        if isinstance(part, nodes.Integral) and _is_antiderivative(part)
    }
    if len(variables) != 1:
        return left, right, ""
    variable = next(iter(variables))
    if not all(
        variable in nodes.free_names(side) or has_antiderivative(side) for side in (left, right)
    ):
        raise ExpressionError("antiderivatives are known only up to a constant")
    first, second = _derivative(left, variable), _derivative(right, variable)
    if any(_is_antiderivative(part) for side in (first, second) for part in nodes.walk(side)):
        raise ExpressionError("an antiderivative must stand alone, in a sum or times a constant")
    return first, second, f"; antiderivatives, so up to a constant in {variable}"


def has_antiderivative(node: nodes.Node) -> bool:
    """Whether an antiderivative stands in an expression."""
    return any(_is_antiderivative(part) for part in nodes.walk(node))


def _is_antiderivative(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Integral) and node.lower is None


def _derivative(node: nodes.Node, variable: str) -> nodes.Node:
    """The derivative, an antiderivative undone wherever it stands linearly."""
    if isinstance(node, nodes.Integral) and node.lower is None and node.variable == variable:
        return node.body
    if isinstance(node, nodes.Add):
        return nodes.Add(tuple(_derivative(term, variable) for term in node.terms))
    if isinstance(node, nodes.Negate):
        return nodes.Negate(_derivative(node.operand, variable))
    if isinstance(node, nodes.Divide) and variable not in nodes.free_names(node.denominator):
        return nodes.Divide(_derivative(node.numerator, variable), node.denominator)
    if isinstance(node, nodes.Multiply):
        moving = [factor for factor in node.factors if variable in nodes.free_names(factor)]
        if len(moving) == 1:
            return nodes.Multiply(
                tuple(
                    _derivative(factor, variable) if factor is moving[0] else factor
                    for factor in node.factors
                )
            )
    return nodes.Derivative(node, nodes.Name(variable))
