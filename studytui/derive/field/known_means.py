"""Means of exponentials of a number with a known law, its moment generating function, and of where
it lies.

``E[1[X > c]]`` is ``(1 + erf((m - c)/(s sqrt(2))))/2`` for X normal, ``exp(-r c)`` for X
exponential where c is not negative, ``(b - c)/(b - a)`` for X uniform where c lies between a and b,
and ``1 - exp(-exp(-c))`` for X Gumbel. No single place has a weight, so that it is the same whether
the place itself counts. What an indicator is added to has a mean where the sum has one, for that of
an indicator is finite.

``E[exp(t X)]`` is ``r/(r - t)`` for X exponential with rate r, where t < r;
``(exp(t b) - exp(t a))/(t (b - a))`` for X uniform between a and b, where t is not zero; and
``gamma(1 - t)`` for X Gumbel, where t < 1. A normal number has its law in ``gaussian``.
"""

from __future__ import annotations

from collections.abc import Callable

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.signs import plainly_nonzero, plainly_real
from studytui.derive.expr.substitute import mapped, replaced
from studytui.derive.field.cases import gap_of
from studytui.derive.field.gaussian import MOST_TERMS, derivatives, terms
from studytui.derive.field.positivity import never_negative

_ZERO, _ONE = nodes.Number(0), nodes.Number(1)


def with_known_means(node: nodes.Node, symbols: Symbols) -> nodes.Node:
    """The expression with such means in closed form."""
    if nodes.Expectation not in nodes.kinds(node):
        return node
    return mapped(
        node, lambda part: _mean(part, symbols) if isinstance(part, nodes.Expectation) else None
    )


def _mean(part: nodes.Expectation, symbols: Symbols) -> nodes.Node | None:
    """A sum of products with one exponential each, term by term: all of them have a mean."""
    random = [name for name in nodes.free_names(part.body) if symbols.domain(name).law]
    if len(random) != 1 or symbols.domain(random[0]).kind == "sequence":
        return None
    (name,) = random
    domain = symbols.domain(name)
    if nodes.Call in nodes.kinds(part.body):
        apart = _above(part.body, name, symbols)
        if apart is not None:
            return apart
    generating = _GENERATING.get(domain.law)
    if generating is None:
        return None
    inside = symbols.with_domains({name: Domain()})
    found = terms(part.body, name)
    if not found or len(found) > MOST_TERMS or all(exponent == _ZERO for _, exponent in found):
        return None
    values = []
    for factor, exponent in found:
        slopes = derivatives(exponent, name, inside, 1)
        if name in nodes.free_names(factor) or slopes is None:
            return None
        low, slope = (replaced(item, {name: _ZERO}) for item in (*slopes, _ZERO)[:2])
        mean = _ONE if slope == _ZERO else generating(slope, domain.parameters, inside)
        if mean is None:
            return None
        values.append(nodes.Multiply((factor, nodes.Call("exp", (low,)), mean)))
    return nodes.Add((*values, _ZERO))


def _above(body: nodes.Node, name: str, symbols: Symbols) -> nodes.Node | None:
    """The mean of a sum with indicators of where a number lies: theirs, and that of the rest."""
    domain = symbols.domain(name)
    tail = _TAILS.get(domain.law)
    inside = symbols.with_domains({name: Domain()})
    chances: list[nodes.Node] = []
    rest: list[nodes.Node] = []
    for term in body.terms if isinstance(body, nodes.Add) else (body,):
        factor, relation = _indicated(term)
        if relation is None or name in nodes.free_names(factor):
            rest.append(term)
            continue
        chance = tail and _chance(relation, name, tail, domain.parameters, inside)
        if chance is None:
            return None
        chances.append(nodes.Multiply((factor, chance)))
    if not chances:
        return None
    return nodes.Add((*chances, nodes.Expectation(nodes.Add((*rest, _ZERO)))))


def _indicated(term: nodes.Node) -> tuple[nodes.Node, nodes.Node | None]:
    """What stands before an indicator, and its relation; None where there is no single one."""
    if isinstance(term, nodes.Negate):
        factor, relation = _indicated(term.operand)
        return nodes.Negate(factor), relation
    factors = term.factors if isinstance(term, nodes.Multiply) else (term,)
    calls = [item for item in factors if isinstance(item, nodes.Call)]
    found = [item for item in calls if item.function == "indicator"]
    if len(found) != 1:
        return term, None
    others = tuple(item for item in factors if item is not found[0])
    return nodes.Multiply((*others, _ONE)), found[0].arguments[0]


def _chance(
    relation: nodes.Node,
    name: str,
    tail: Callable[..., nodes.Node | None],
    parameters: tuple[nodes.Node, ...],
    symbols: Symbols,
) -> nodes.Node | None:
    """How likely ``b X + c > 0`` is, for b of one sign."""
    gaps = gap_of(relation)
    slopes = derivatives(gaps[0].node, name, symbols, 1) if gaps and len(gaps) == 1 else None
    if slopes is None or len(slopes) != 2 or not plainly_real(slopes[0], symbols):
        return None
    start, slope = (replaced(item, {name: _ZERO}) for item in slopes)
    place = nodes.Negate(nodes.Divide(start, slope))
    above = tail(place, parameters, symbols)
    if above is None or never_negative(slope, symbols, strict=True):
        return above
    falls = never_negative(nodes.Negate(slope), symbols, strict=True)
    return _less(_ONE, above) if falls else None


def _normal_tail(
    place: nodes.Node, parameters: tuple[nodes.Node, ...], symbols: Symbols
) -> nodes.Node | None:
    mean, deviation = parameters
    if not never_negative(deviation, symbols, strict=True):
        return None
    scale = nodes.Multiply((deviation, nodes.Call("sqrt", (nodes.Number(2),))))
    signed = nodes.Call("erf", (nodes.Divide(_less(mean, place), scale),))
    return nodes.Divide(nodes.Add((_ONE, signed)), nodes.Number(2))


def _exponential_tail(
    place: nodes.Node, parameters: tuple[nodes.Node, ...], symbols: Symbols
) -> nodes.Node | None:
    (rate,) = parameters
    is_inside = never_negative(rate, symbols, strict=True) and never_negative(place, symbols)
    return nodes.Call("exp", (nodes.Negate(nodes.Multiply((rate, place))),)) if is_inside else None


def _uniform_tail(
    place: nodes.Node, parameters: tuple[nodes.Node, ...], symbols: Symbols
) -> nodes.Node | None:
    low, high = parameters
    width = _less(high, low)
    gaps = (_less(place, low), _less(high, place))
    is_inside = never_negative(width, symbols, strict=True) and all(
        never_negative(gap, symbols) for gap in gaps
    )
    return nodes.Divide(gaps[1], width) if is_inside else None


def _gumbel_tail(
    place: nodes.Node, parameters: tuple[nodes.Node, ...], symbols: Symbols
) -> nodes.Node | None:
    del parameters, symbols
    inner = nodes.Negate(nodes.Call("exp", (nodes.Negate(place),)))
    return _less(_ONE, nodes.Call("exp", (inner,)))


def _less(node: nodes.Node, other: nodes.Node) -> nodes.Node:
    return nodes.Add((node, nodes.Negate(other)))


def _exponential(
    slope: nodes.Node, parameters: tuple[nodes.Node, ...], symbols: Symbols
) -> nodes.Node | None:
    (rate,) = parameters
    gap = _less(rate, slope)
    converges = all(never_negative(item, symbols, strict=True) for item in (rate, gap))
    return nodes.Divide(rate, gap) if converges else None


def _uniform(
    slope: nodes.Node, parameters: tuple[nodes.Node, ...], symbols: Symbols
) -> nodes.Node | None:
    low, high = parameters
    width = _less(high, low)
    if not plainly_nonzero(slope, symbols) or not never_negative(width, symbols, strict=True):
        return None
    last, first = (nodes.Call("exp", (nodes.Multiply((slope, end)),)) for end in (high, low))
    return nodes.Divide(_less(last, first), nodes.Multiply((slope, width)))


def _gumbel(
    slope: nodes.Node, parameters: tuple[nodes.Node, ...], symbols: Symbols
) -> nodes.Node | None:
    del parameters
    gap = _less(_ONE, slope)
    return nodes.Call("gamma", (gap,)) if never_negative(gap, symbols, strict=True) else None


_TAILS: dict[str, Callable[..., nodes.Node | None]] = {
    "normal": _normal_tail,
    "exponential": _exponential_tail,
    "uniform": _uniform_tail,
    "gumbel": _gumbel_tail,
}
"""How likely a number lies above a place, by the place and the law's parameters."""
_GENERATING: dict[str, Callable[..., nodes.Node | None]] = {
    "exponential": _exponential,
    "uniform": _uniform,
    "gumbel": _gumbel,
}
