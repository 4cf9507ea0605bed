"""Sums over parts of their range: what ``delta`` or a condition leaves of them.

``delta(i, j)`` is one where ``i = j`` and zero elsewhere, so that of a sum over j the term at ``j =
i`` is left, if i lies in the range; and a condition ``j <= c`` parts the range in two, if c does.
Where it is not seen from the declared bounds that they do, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.lower_bounds import least_value
from studytui.derive.expr.substitute import replaced
from studytui.derive.field.element import Element

_ZERO, _ONE = nodes.Number(0), nodes.Number(1)
Value = Callable[[nodes.Node], Element]
"""The element that a node is, the index being a counter."""


def cut(fold: nodes.Fold, symbols: Symbols, value: Value) -> nodes.Node | None:
    """A sum over j of a product with ``delta(i, j)``, or with something that goes by ``j <= c``,
    without it; None where there is none, or where it is not seen where i or c lies."""
    factors = fold.body.factors if isinstance(fold.body, nodes.Multiply) else (fold.body,)
    for place, factor in enumerate(factors):
        if fold.variable not in nodes.free_names(factor):
            continue
        rest = nodes.Multiply((*factors[:place], *factors[place + 1 :], _ONE))
        found = None
        if isinstance(factor, nodes.Call) and factor.function == "delta":
            found = _picked(fold, factor, rest, symbols, value)
        elif isinstance(factor, nodes.Piecewise) and _is_equation(factor.conditions[0]):
            found = _at_equality(fold, factor, rest, symbols, value)
        elif isinstance(factor, nodes.Piecewise):
            found = _parted(fold, factor, rest, symbols, value)
        elif isinstance(factor, nodes.Call) and factor.function == "indicator":
            pieces = nodes.Piecewise((_ONE, _ZERO), (factor.arguments[0], nodes.Constant("true")))
            by = _at_equality if _is_equation(factor.arguments[0]) else _parted
            found = by(fold, pieces, rest, symbols, value)
        if found is not None:
            return found
    return None


def _is_equation(condition: nodes.Node) -> bool:
    return isinstance(condition, nodes.Relation) and condition.operators == ("=",)


def _at_equality(
    fold: nodes.Fold, pieces: nodes.Piecewise, rest: nodes.Node, symbols: Symbols, value: Value
) -> nodes.Node | None:
    """``if(i = j, a, b)`` is b, and a - b more at j = i, as delta says."""
    if len(pieces.values) != 2 or pieces.conditions[1] != nodes.Constant("true"):
        return None
    condition = pieces.conditions[0]
    assert isinstance(condition, nodes.Relation)
    first, other = pieces.values
    more = nodes.Multiply((nodes.Add((first, nodes.Negate(other))), rest))
    found = _picked(fold, nodes.Call("delta", condition.operands), more, symbols, value)
    if found is None or other == _ZERO:
        return found
    over = nodes.Multiply((other, rest))
    plain = nodes.Fold("sum", over, fold.variable, fold.lower, fold.upper)
    return nodes.Add((found, plain))


def _picked(
    fold: nodes.Fold, delta: nodes.Call, rest: nodes.Node, symbols: Symbols, value: Value
) -> nodes.Node | None:
    place = _root(_minus(*delta.arguments), fold.variable, value)
    if place is None:
        return None
    above, below = _minus(place, fold.lower), _minus(fold.upper, place)
    if _is_least(above, 0, symbols) and _is_least(below, 0, symbols):
        return replaced(rest, {fold.variable: place})
    if _is_least(_minus(fold.lower, place), 1, symbols):
        return _ZERO
    return _ZERO if _is_least(_minus(place, fold.upper), 1, symbols) else None


def _parted(
    fold: nodes.Fold, pieces: nodes.Piecewise, rest: nodes.Node, symbols: Symbols, value: Value
) -> nodes.Node | None:
    """Of two pieces one stands up to c, the other from c + 1 on."""
    if len(pieces.values) != 2 or pieces.conditions[1] != nodes.Constant("true"):
        return None
    found = _threshold(pieces.conditions[0], fold.variable, value)
    if found is None:
        return None
    last, is_below = found
    low, high = pieces.values if is_below else pieces.values[::-1]
    after = nodes.Add((last, _ONE))

    def over(piece: nodes.Node, lower: nodes.Node, upper: nodes.Node) -> nodes.Node:
        return nodes.Fold("sum", nodes.Multiply((piece, rest)), fold.variable, lower, upper)

    if _is_least(_minus(last, fold.upper), 0, symbols):
        return over(low, fold.lower, fold.upper)
    if _is_least(_minus(fold.lower, last), 1, symbols):
        return over(high, fold.lower, fold.upper)
    if not _is_least(_minus(after, fold.lower), 0, symbols):
        return None
    if not _is_least(_minus(fold.upper, last), 0, symbols):
        return None
    parts = [
        over(piece, *ends)
        for piece, ends in ((low, (fold.lower, last)), (high, (after, fold.upper)))
        if piece != _ZERO
    ]
    return nodes.Add((*parts, _ZERO))


def _threshold(
    condition: nodes.Node, variable: str, value: Value
) -> tuple[nodes.Node, bool] | None:
    """The last index for which ``j <= c`` is true, or for which ``j > c`` is false."""
    if not isinstance(condition, nodes.Relation) or len(condition.operators) != 1:
        return None
    sign = condition.operators[0]
    left, right = condition.operands
    if variable in nodes.free_names(right):
        left, right = right, left
        sign = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
    place = _root(_minus(left, right), variable, value)
    if place is None or left != nodes.Name(variable) or sign not in ("<", "<=", ">", ">="):
        return None
    last = place if sign in ("<=", ">") else nodes.Add((place, nodes.Number(-1)))
    return last, sign in ("<", "<=")


def _root(gap: nodes.Node, variable: str, value: Value) -> nodes.Node | None:
    """The whole number at which ``j - c`` or ``c - j`` is zero."""
    here = nodes.Name(variable)
    start = replaced(gap, {variable: _ZERO})
    for root, rest in ((nodes.Negate(start), _minus(here, gap)), (start, nodes.Add((here, gap)))):
        place = value(root)
        if place.is_whole and value(rest) == place:
            return root
    return None


def _minus(first: nodes.Node, other: nodes.Node) -> nodes.Node:
    return nodes.Add((first, nodes.Negate(other)))


def _is_least(node: nodes.Node, least: int, symbols: Symbols) -> bool:
    found = least_value(node, symbols)
    return found is not None and found >= least
