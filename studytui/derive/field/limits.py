"""Limits at infinity in which n stands only in ``b^n`` with ``0 < b < 1``, and below in ``c/n^k``.

Both go to zero, and sums, products and quotients of what has a limit have theirs, where the limit
of no denominator is zero.
"""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.substitute import mapped
from studytui.derive.field.positivity import never_negative

_INFINITY = nodes.Constant("oo")
_ZERO = nodes.Number(0)


def settled(node: nodes.Node, symbols: Symbols) -> nodes.Node:
    """The expression with such limits taken."""
    if not any(isinstance(part, nodes.Limit) for part in nodes.walk(node)):
        return node
    return mapped(
        node, lambda part: _settled(part, symbols) if isinstance(part, nodes.Limit) else None
    )


def _settled(limit: nodes.Limit, symbols: Symbols) -> nodes.Node | None:
    place = limit.variable
    if limit.point != _INFINITY or (place in symbols.domains and symbols.domain(place).law):
        return None
    return _limit_of(limit.body, place, symbols)


def _limit_of(node: nodes.Node, place: str, symbols: Symbols) -> nodes.Node | None:
    """The limit, part by part; None where some part has none that is seen."""
    if place not in nodes.free_names(node):
        return node
    if _decays(node, place, symbols):
        return _ZERO
    if isinstance(node, nodes.Add | nodes.Multiply):
        parts = [_limit_of(part, place, symbols) for part in
                 (node.terms if isinstance(node, nodes.Add) else node.factors)]  # fmt: skip
        known = tuple(part for part in parts if part is not None)
        return type(node)(known) if len(known) == len(parts) else None
    if isinstance(node, nodes.Negate):
        inner = _limit_of(node.operand, place, symbols)
        return None if inner is None else nodes.Negate(inner)
    if isinstance(node, nodes.Divide):
        above = _limit_of(node.numerator, place, symbols)
        below = _limit_of(node.denominator, place, symbols)
        if above is None or below is None or not _never_vanishes(below, symbols):
            return None
        return nodes.Divide(above, below)
    return None


def _decays(node: nodes.Node, place: str, symbols: Symbols) -> bool:
    """Whether it is ``b^n`` with ``0 < b < 1``, or ``c/n^k`` with k > 0."""
    if isinstance(node, nodes.Power) and node.exponent == nodes.Name(place):
        rest = nodes.Add((nodes.Number(1), nodes.Negate(node.base)))
        return place not in nodes.free_names(node.base) and all(
            never_negative(part, symbols, strict=True) for part in (node.base, rest)
        )
    if isinstance(node, nodes.Divide) and place not in nodes.free_names(node.numerator):
        below = node.denominator
        power = below.exponent if isinstance(below, nodes.Power) else nodes.Number(1)
        base = below.base if isinstance(below, nodes.Power) else below
        return base == nodes.Name(place) and isinstance(power, nodes.Number) and power.numerator > 0
    return False


def _never_vanishes(node: nodes.Node, symbols: Symbols) -> bool:
    return any(never_negative(side, symbols, strict=True) for side in (node, nodes.Negate(node)))
