"""The largest over an index, and where it is, in a form that equal ones share.

``max_i (c + a x_i)`` is ``c + a max_i x_i`` for ``a > 0``, and ``argmax_i`` of it is that of x:
what is the same for all i moves no element past another, and neither does exp, nor log of what is
positive, both of which rise. Of a known number of elements it is the largest of those.
"""

from __future__ import annotations

from fractions import Fraction

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.signs import plainly_nonzero, plainly_positive, plainly_real
from studytui.derive.expr.substitute import mapped, replaced
from studytui.derive.functions.spec import NOWHERE
from studytui.derive.syntax.formulas import undefined

MOST_ELEMENTS = 12
_KINDS = ("max", "min", "argmax", "argmin")
_OTHER = {"max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax"}


def taken_out(node: nodes.Node, symbols: Symbols) -> nodes.Node:
    """The expression with what does not depend on the index outside of such forms."""
    if not any(isinstance(part, nodes.Fold) and part.kind in _KINDS for part in nodes.walk(node)):
        return node
    return mapped(
        node,
        lambda part: (
            _taken_out(part, symbols)
            if isinstance(part, nodes.Fold) and part.kind in _KINDS
            else None
        ),
    )


def _taken_out(fold: nodes.Fold, symbols: Symbols) -> nodes.Node | None:
    ends = fold.lower, fold.upper
    if all(isinstance(end, nodes.Number) and end.denominator == 1 for end in ends):
        first, last = (end.numerator for end in ends if isinstance(end, nodes.Number))
        if fold.kind in ("max", "min") and 0 <= last - first < MOST_ELEMENTS:
            places = (nodes.Number(place) for place in range(first, last + 1))
            items = tuple(replaced(fold.body, {fold.variable: place}) for place in places)
            return nodes.Call(fold.kind, items) if len(items) > 1 else items[0]
    inner = symbols.with_domains({fold.variable: _index(fold.lower)})
    found = _moved(fold, inner)
    return None if found == fold else found


def _index(lower: nodes.Node) -> Domain:
    least = Fraction(lower.numerator, 1) if isinstance(lower, nodes.Number) else None
    return Domain(kind="integer", integer=True, lower=least)


def _moved(fold: nodes.Fold, symbols: Symbols) -> nodes.Node:
    """The form with sums, factors and what rises taken out of it, as far as is seen."""
    body, place, where = fold.body, fold.variable, fold.kind.startswith("arg")
    if isinstance(body, nodes.Negate):
        other = _moved(_with(fold, body.operand, _OTHER[fold.kind]), symbols)
        return other if where else nodes.Negate(other)
    if isinstance(body, nodes.Add):
        fixed = tuple(term for term in body.terms if place not in nodes.free_names(term))
        if fixed and len(fixed) < len(body.terms) and _may_go(where, fixed, symbols):
            rest = tuple(term for term in body.terms if term not in fixed)
            inside = rest[0] if len(rest) == 1 else nodes.Add(rest)
            moved = _moved(_with(fold, inside), symbols)
            return moved if where else nodes.Add((moved, *fixed))
    if isinstance(body, nodes.Multiply | nodes.Divide):
        return _scaled(fold, symbols)
    if isinstance(body, nodes.Call) and not body.primes and len(body.arguments) == 1:
        (argument,) = body.arguments
        rises = (body.function == "exp" and plainly_real(argument, symbols)) or (
            body.function == "log" and plainly_positive(argument, symbols)
        )
        if rises:
            inside = _moved(_with(fold, argument), symbols)
            return inside if where else nodes.Call(body.function, (inside,))
    return fold


def _scaled(fold: nodes.Fold, symbols: Symbols) -> nodes.Node:
    """A factor that does not depend on the index, and is positive, taken out."""
    body, place, where = fold.body, fold.variable, fold.kind.startswith("arg")
    if isinstance(body, nodes.Divide):
        below = body.denominator
        if place in nodes.free_names(below) or not plainly_positive(below, symbols):
            return fold
        moved = _moved(_with(fold, body.numerator), symbols)
        return moved if where else nodes.Divide(moved, below)
    assert isinstance(body, nodes.Multiply)
    fixed = tuple(
        factor
        for factor in body.factors
        if place not in nodes.free_names(factor) and plainly_positive(factor, symbols)
    )
    rest = tuple(factor for factor in body.factors if factor not in fixed)
    if not fixed or not rest or not _may_go(where, fixed, symbols):
        return fold
    moved = _moved(_with(fold, rest[0] if len(rest) == 1 else nodes.Multiply(rest)), symbols)
    return moved if where else nodes.Multiply((*fixed, moved))


def _may_go(where: bool, parts: tuple[nodes.Node, ...], symbols: Symbols) -> bool:
    """Whether parts may be left out of a place: they have a real value whatever happens."""
    return all(
        plainly_real(part, symbols) and (not where or _has_value(part, symbols)) for part in parts
    )


def _has_value(node: nodes.Node, symbols: Symbols) -> bool:
    """Whether an expression has a value for all values of its names."""
    match node:
        case nodes.Number() | nodes.Name() | nodes.Index():
            return True
        case nodes.Add() | nodes.Multiply() | nodes.Negate():
            return all(_has_value(part, symbols) for part in nodes.children(node))
        case nodes.Divide():
            return plainly_nonzero(node.denominator, symbols) and all(
                _has_value(part, symbols) for part in nodes.children(node)
            )
        case nodes.Power():
            whole = isinstance(node.exponent, nodes.Number) and node.exponent.denominator == 1
            power = node.exponent.numerator if isinstance(node.exponent, nodes.Number) else 0
            return whole and power > 0 and _has_value(node.base, symbols)
        case nodes.Call():
            return undefined(node) is NOWHERE and all(
                _has_value(part, symbols) for part in node.arguments
            )
        case _:
            return False


def _with(fold: nodes.Fold, body: nodes.Node, kind: str = "") -> nodes.Fold:
    return nodes.Fold(kind or fold.kind, body, fold.variable, fold.lower, fold.upper)
