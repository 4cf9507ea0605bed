"""Limits at infinity in which n stands only in ``b^n`` with ``0 < b < 1``, and below in ``c/n^k``.

Both go to zero, and sums, products and quotients of what has a limit have theirs, where the limit
of no denominator is zero.
"""

from __future__ import annotations

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Constant,
    Divide,
    Limit,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
    free_names,
    walk,
)
from studytui.derive.expr.substitute import mapped
from studytui.derive.field.positivity import never_negative

_INFINITY = Constant("oo")
_ZERO = Number(0)


def settled(node: Node, symbols: Symbols) -> Node:
    """The expression with such limits taken."""
    if not any(isinstance(part, Limit) for part in walk(node)):
        return node
    return mapped(node, lambda part: _settled(part, symbols) if isinstance(part, Limit) else None)


def _settled(limit: Limit, symbols: Symbols) -> Node | None:
    place = limit.variable
    if limit.point != _INFINITY or (place in symbols.domains and symbols.domain(place).law):
        return None
    return _limit_of(limit.body, place, symbols)


def _limit_of(node: Node, place: str, symbols: Symbols) -> Node | None:
    """The limit, part by part; None where some part has none that is seen."""
    if place not in free_names(node):
        return node
    if _decays(node, place, symbols):
        return _ZERO
    if isinstance(node, Add | Multiply):
        parts = [_limit_of(part, place, symbols) for part in
                 (node.terms if isinstance(node, Add) else node.factors)]  # fmt: skip
        known = tuple(part for part in parts if part is not None)
        return type(node)(known) if len(known) == len(parts) else None
    if isinstance(node, Negate):
        inner = _limit_of(node.operand, place, symbols)
        return None if inner is None else Negate(inner)
    if isinstance(node, Divide):
        above = _limit_of(node.numerator, place, symbols)
        below = _limit_of(node.denominator, place, symbols)
        if above is None or below is None or not _never_vanishes(below, symbols):
            return None
        return Divide(above, below)
    return None


def _decays(node: Node, place: str, symbols: Symbols) -> bool:
    """Whether it is ``b^n`` with ``0 < b < 1``, or ``c/n^k`` with k > 0."""
    if isinstance(node, Power) and node.exponent == Name(place):
        rest = Add((Number(1), Negate(node.base)))
        return place not in free_names(node.base) and all(
            never_negative(part, symbols, strict=True) for part in (node.base, rest)
        )
    if isinstance(node, Divide) and place not in free_names(node.numerator):
        below = node.denominator
        power = below.exponent if isinstance(below, Power) else Number(1)
        base = below.base if isinstance(below, Power) else below
        return base == Name(place) and isinstance(power, Number) and power.numerator > 0
    return False


def _never_vanishes(node: Node, symbols: Symbols) -> bool:
    return any(never_negative(side, symbols, strict=True) for side in (node, Negate(node)))
