"""Sums over parts of their range: what ``delta`` or a condition leaves of them.

``delta(i, j)`` is one where ``i = j`` and zero elsewhere, so that of a sum over j the term at ``j =
i`` is left, if i lies in the range; and a condition ``j <= c`` parts the range in two, if c does.
Where it is not seen from the declared bounds that they do, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.lower_bounds import least_value
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Constant,
    Fold,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Piecewise,
    Relation,
    free_names,
)
from studytui.derive.expr.substitute import replaced
from studytui.derive.field.element import Element

_ZERO, _ONE = Number(0), Number(1)
Value = Callable[[Node], Element]
"""The element that a node is, the index being a counter."""


def cut(fold: Fold, symbols: Symbols, value: Value) -> Node | None:
    """A sum over j of a product with ``delta(i, j)``, or with something that goes by ``j <= c``,
    without it; None where there is none, or where it is not seen where i or c lies."""
    factors = fold.body.factors if isinstance(fold.body, Multiply) else (fold.body,)
    for place, factor in enumerate(factors):
        if fold.variable not in free_names(factor):
            continue
        rest = Multiply((*factors[:place], *factors[place + 1 :], _ONE))
        found = None
        if isinstance(factor, Call) and factor.function == "delta":
            found = _picked(fold, factor, rest, symbols, value)
        elif isinstance(factor, Piecewise):
            found = _parted(fold, factor, rest, symbols, value)
        elif isinstance(factor, Call) and factor.function == "indicator":
            pieces = Piecewise((_ONE, _ZERO), (factor.arguments[0], Constant("true")))
            found = _parted(fold, pieces, rest, symbols, value)
        if found is not None:
            return found
    return None


def _picked(fold: Fold, delta: Call, rest: Node, symbols: Symbols, value: Value) -> Node | None:
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
    fold: Fold, pieces: Piecewise, rest: Node, symbols: Symbols, value: Value
) -> Node | None:
    """Of two pieces one stands up to c, the other from c + 1 on."""
    if len(pieces.values) != 2 or pieces.conditions[1] != Constant("true"):
        return None
    found = _threshold(pieces.conditions[0], fold.variable, value)
    if found is None:
        return None
    last, is_below = found
    low, high = pieces.values if is_below else pieces.values[::-1]
    after = Add((last, _ONE))

    def over(piece: Node, lower: Node, upper: Node) -> Node:
        return Fold("sum", Multiply((piece, rest)), fold.variable, lower, upper)

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
    return Add((*parts, _ZERO))


def _threshold(condition: Node, variable: str, value: Value) -> tuple[Node, bool] | None:
    """The last index for which ``j <= c`` is true, or for which ``j > c`` is false."""
    if not isinstance(condition, Relation) or len(condition.operators) != 1:
        return None
    sign = condition.operators[0]
    left, right = condition.operands
    if variable in free_names(right):
        left, right = right, left
        sign = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
    place = _root(_minus(left, right), variable, value)
    if place is None or left != Name(variable) or sign not in ("<", "<=", ">", ">="):
        return None
    last = place if sign in ("<=", ">") else Add((place, Number(-1)))
    return last, sign in ("<", "<=")


def _root(gap: Node, variable: str, value: Value) -> Node | None:
    """The whole number at which ``j - c`` or ``c - j`` is zero."""
    here = Name(variable)
    start = replaced(gap, {variable: _ZERO})
    for root, rest in ((Negate(start), _minus(here, gap)), (start, Add((here, gap)))):
        place = value(root)
        if place.is_whole and value(rest) == place:
            return root
    return None


def _minus(first: Node, other: Node) -> Node:
    return Add((first, Negate(other)))


def _is_least(node: Node, least: int, symbols: Symbols) -> bool:
    found = least_value(node, symbols)
    return found is not None and found >= least
