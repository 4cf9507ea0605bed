"""Sums whose terms cancel with their neighbours: ``Sum(F(k) - F(k - 1), (k, a, b))`` is
``F(b) - F(a - 1)``.

Only of what has a value for every index, such as polynomials in elements and values of declared
functions, and only where the sum is shown not to run backwards: so both have one.
"""

from __future__ import annotations

from itertools import permutations

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.substitute import mapped, replaced
from studytui.derive.field.field_equality import identical
from studytui.derive.field.positivity import never_negative
from studytui.derive.functions import FUNCTIONS

_TOTAL = (nodes.Number, nodes.Name, nodes.Index, nodes.Add, nodes.Multiply, nodes.Negate)
_ONE = nodes.Number(1)


def telescoped(node: nodes.Node, symbols: Symbols) -> nodes.Node:
    """The expression with such sums as their ends."""
    if nodes.Fold not in nodes.kinds(node):
        return node
    return mapped(
        node, lambda part: _telescoped(part, symbols) if isinstance(part, nodes.Fold) else None
    )


def _telescoped(fold: nodes.Fold, symbols: Symbols) -> nodes.Node | None:
    if fold.kind != "sum" or not isinstance(fold.body, nodes.Add) or not _is_shifted(fold):
        return None
    length = _plus(fold.upper, nodes.Negate(fold.lower), _ONE)
    if not all(map(_is_total, nodes.walk(fold.body))) or not never_negative(length, symbols):
        return None
    index = Domain(kind="integer", integer=True)
    inside = symbols.with_domains({fold.variable: index})
    before = _plus(nodes.Name(fold.variable), nodes.Number(-1))
    for term, other in permutations(fold.body.terms, 2):
        if fold.variable in nodes.free_names(term) and identical(
            replaced(term, {fold.variable: before}), nodes.Negate(other), inside
        ):
            last = replaced(term, {fold.variable: fold.upper})
            first = replaced(term, {fold.variable: _plus(fold.lower, nodes.Number(-1))})
            rest = tuple(item for item in fold.body.terms if item is not term and item is not other)
            more = nodes.Fold("sum", nodes.Add(rest), fold.variable, fold.lower, fold.upper)
            return _plus(last, nodes.Negate(first), *((more,) if rest else ()))
    return None


def _is_shifted(fold: nodes.Fold) -> bool:
    """Whether the index stands beside a number somewhere, as in ``x[k - 1]``."""
    name = nodes.Name(fold.variable)
    return any(
        isinstance(part, nodes.Add) and name in part.terms and len(part.terms) == 2
        for part in nodes.walk(fold.body)
    )


def _is_total(part: nodes.Node) -> bool:
    """Whether a part has a value wherever what stands in it has one."""
    if isinstance(part, nodes.Power):
        exponent = part.exponent
        is_whole = isinstance(exponent, nodes.Number) and exponent.denominator == 1
        return is_whole and isinstance(exponent, nodes.Number) and exponent.numerator > 0
    if isinstance(part, nodes.Call):
        return part.function not in FUNCTIONS or part.function == "exp"
    return isinstance(part, _TOTAL)


def _plus(*terms: nodes.Node) -> nodes.Node:
    return nodes.Add(terms)
