"""Integrals over the line of what is odd: ``int(sin(x)*exp(-x^2), x, -oo, oo)`` is zero.

The integral has to have a value. It has one where the integrand is made of terms that are a
polynomial, times functions that are bounded for real numbers, times exp of a falling square.
"""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.signs import plainly_real
from studytui.derive.expr.substitute import mapped, replaced
from studytui.derive.field.field_equality import identical
from studytui.derive.field.gaussian import MOST_TERMS, derivatives, terms
from studytui.derive.field.positivity import never_negative

_INFINITY, _ZERO = nodes.Constant("oo"), nodes.Number(0)
_BOUNDED = ("sin", "cos", "tanh", "erf", "sigmoid", "atan")


def without_odd_integrals(node: nodes.Node, symbols: Symbols) -> nodes.Node:
    """The expression with zero for such integrals."""
    if nodes.Integral not in nodes.kinds(node):
        return node
    return mapped(node, lambda part: _ZERO if _is_zero(part, symbols) else None)


def _is_zero(part: nodes.Node, symbols: Symbols) -> bool:
    if not isinstance(part, nodes.Integral):
        return False
    if (part.lower, part.upper) != (nodes.Negate(_INFINITY), _INFINITY):
        return False
    inside = symbols.with_domains({part.variable: Domain()})
    turned = replaced(part.body, {part.variable: nodes.Negate(nodes.Name(part.variable))})
    found = terms(part.body, part.variable)
    return (
        0 < len(found) <= MOST_TERMS
        and all(_dies_away(*term, part.variable, inside) for term in found)
        and identical(turned, nodes.Negate(part.body), inside)
    )


def _dies_away(factor: nodes.Node, exponent: nodes.Node, variable: str, symbols: Symbols) -> bool:
    slopes = derivatives(exponent, variable, symbols, 2)
    if slopes is None or len(slopes) != 3 or not plainly_real(exponent, symbols):
        return False
    falls = never_negative(nodes.Negate(slopes[2]), symbols, strict=True)
    return falls and _grows_slowly(factor, variable, symbols)


def _grows_slowly(node: nodes.Node, variable: str, symbols: Symbols) -> bool:
    """Whether it has a value everywhere, and grows no faster than a polynomial."""
    if variable not in nodes.free_names(node) or isinstance(node, nodes.Name):
        return True
    match node:
        case nodes.Add() | nodes.Multiply() | nodes.Negate():
            return all(_grows_slowly(part, variable, symbols) for part in nodes.children(node))
        case nodes.Divide():
            fixed = variable not in nodes.free_names(node.denominator)
            return fixed and _grows_slowly(node.numerator, variable, symbols)
        case nodes.Power(base, nodes.Number(numerator=count, denominator=1)) if count > 0:
            return _grows_slowly(base, variable, symbols)
        case nodes.Call(function, (inside,), 0) if function in _BOUNDED:
            return plainly_real(inside, symbols) and _grows_slowly(inside, variable, symbols)
        case _:
            return False
