"""Means of exponentials of a number with a known law: its moment generating function.

``E[exp(t X)]`` is ``r/(r - t)`` for X exponential with rate r, where t < r;
``(exp(t b) - exp(t a))/(t (b - a))`` for X uniform between a and b, where t is not zero; and
``gamma(1 - t)`` for X Gumbel, where t < 1. A normal number has its law in ``gaussian``.
"""

from __future__ import annotations

from collections.abc import Callable

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.signs import plainly_nonzero
from studytui.derive.expr.substitute import mapped, replaced
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


_GENERATING: dict[str, Callable[..., nodes.Node | None]] = {
    "exponential": _exponential,
    "uniform": _uniform,
    "gumbel": _gumbel,
}
