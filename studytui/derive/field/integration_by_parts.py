"""Integration by parts: ``int(f) = int(g)`` where ``f - g`` is the derivative of a W that goes to
zero at both ends.

By the fundamental theorem ``int(W')`` between the ends is what W comes to at the one, less what it
comes to at the other; and the integral of a difference is the difference of integrals, which both
have a value where the line has one. That W goes to zero is told, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.substitute import replaced
from studytui.derive.field.differentiate import differentiate
from studytui.derive.field.field_equality import identical

_ENDS = (nodes.Constant("oo"), nodes.Negate(nodes.Constant("oo")))


def follows_by_parts(
    relation: nodes.Relation, premises: tuple[nodes.Relation, ...], symbols: Symbols
) -> bool:
    """Whether two integrals over the line are equal by what is told of limits."""
    gap = _gap(relation)
    if gap is None or relation.operators != ("=",):
        return False
    body, variable = gap
    told: dict[nodes.Node, int] = {}
    for premise in premises:
        limit, *rest = premise.operands
        vanishes = premise.operators == ("=",) and rest == [nodes.Number(0)]
        if vanishes and isinstance(limit, nodes.Limit) and limit.point in _ENDS:
            whole = _renamed(limit.body, limit.variable, variable)
            known = next((item for item in told if same_shape(item, whole)), whole)
            told[known] = told.get(known, 0) | (1 << _ENDS.index(limit.point))
    return any(
        ends == 3 and _is_derivative(body, whole, variable, symbols) for whole, ends in told.items()
    )


def missing_boundary(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> nodes.Node | None:
    """Of two integrals that would be equal by parts what would have to go to zero at both ends, if
    declared functions stand in it, of which that can only be told."""
    gap = _gap(nodes.Relation((left, right), ("=",)))
    if gap is None:
        return None
    body, variable = gap
    ways = (item for item in _products(body) if _is_derivative(body, item, variable, symbols))
    found = next(ways, None)
    is_open = found is not None and any(
        symbols.domain(name).kind == "function" for name in nodes.free_names(found)
    )
    return found if is_open else None


def _is_derivative(body: nodes.Node, whole: nodes.Node, variable: str, symbols: Symbols) -> bool:
    slope = differentiate(whole, variable)
    if slope is None:
        return False
    return identical(body, slope, symbols) or identical(body, nodes.Negate(slope), symbols)


def _products(body: nodes.Node) -> Iterator[nodes.Node]:
    """``u v`` for each ``u v'`` in a sum."""
    for term in body.terms if isinstance(body, nodes.Add) else (body,):
        while isinstance(term, nodes.Negate):
            term = term.operand
        factors = term.factors if isinstance(term, nodes.Multiply) else (term,)
        for place, factor in enumerate(factors):
            others = (*factors[:place], *factors[place + 1 :])
            if isinstance(factor, nodes.Derivative) and factor.order == 1:
                yield nodes.Multiply((*others, factor.body))
            elif isinstance(factor, nodes.Call) and factor.primes:
                lower = nodes.Call(factor.function, factor.arguments, factor.primes - 1)
                yield nodes.Multiply((*others, lower))


def _renamed(body: nodes.Node, variable: str, name: str) -> nodes.Node:
    return body if variable == name else replaced(body, {variable: nodes.Name(name)})


def _gap(relation: nodes.Relation) -> tuple[nodes.Node, str] | None:
    """``f - g`` of two integrals over the line, and their variable."""
    if len(relation.operands) != 2:
        return None
    bodies = []
    variable = ""
    for side, sign in zip(relation.operands, (1, -1), strict=True):
        while isinstance(side, nodes.Negate):
            side, sign = side.operand, -sign
        if not isinstance(side, nodes.Integral) or (side.upper, side.lower) != _ENDS:
            return None
        variable = variable or side.variable
        body = _renamed(side.body, side.variable, variable)
        bodies.append(body if sign == 1 else nodes.Negate(body))
    return nodes.Add(tuple(bodies)), variable
