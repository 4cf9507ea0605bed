"""What rises strictly may stand on both sides of a relation: it is taken off both.

``exp(x) <= exp(y)`` says ``x <= y``, and ``x^3 = y^3`` that ``x = y``, for real x and y; a
logarithm or a root is taken off where both arguments are positive.
"""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.signs import plainly_positive, plainly_real
from studytui.derive.functions.spec import NOWHERE
from studytui.derive.syntax.formulas import known, undefined


def taken_off(statement: nodes.Relation, symbols: Symbols) -> nodes.Relation:
    """The relation without what rises on both sides; itself where nothing such is seen."""
    if len(statement.operators) != 1:
        return statement
    left, right = statement.operands
    inner = _inside(left, right, symbols)
    if inner is None:
        return statement
    return taken_off(nodes.Relation(inner, statement.operators), symbols)


def _inside(
    left: nodes.Node, right: nodes.Node, symbols: Symbols
) -> tuple[nodes.Node, nodes.Node] | None:
    if isinstance(left, nodes.Power) and isinstance(right, nodes.Power):
        pair = left.base, right.base
        odd = _is_odd(left.exponent) and left.exponent == right.exponent
        return pair if odd and _all_real(pair, symbols) else None
    if not isinstance(left, nodes.Call) or not isinstance(right, nodes.Call):
        return None
    if (
        left.function != right.function
        or len(left.arguments) != len(right.arguments)
        or (len(left.arguments) != 1)
    ):
        return None
    function = known(left)
    if function is None or known(right) is None or not function.is_monotone:
        return None
    arguments = left.arguments[0], right.arguments[0]
    if left.function in ("log", "sqrt"):
        positive = all(plainly_positive(argument, symbols) for argument in arguments)
        return arguments if positive else None
    everywhere = undefined(left) is NOWHERE and function.real == "always"
    return arguments if everywhere and _all_real(arguments, symbols) else None


def _is_odd(power: nodes.Node) -> bool:
    if not isinstance(power, nodes.Number) or power.denominator != 1:
        return False
    return power.numerator > 0 and power.numerator % 2 == 1


def _all_real(pair: tuple[nodes.Node, nodes.Node], symbols: Symbols) -> bool:
    return all(plainly_real(item, symbols) for item in pair)
