"""Expectations opened by linearity, so that a fact such as ``E[X] = 0`` finds its place."""

from __future__ import annotations

from collections import Counter
from itertools import product
from math import prod

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.substitute import mapped

MOST_POWER = 6
MOST_TERMS = 64
"""What would multiply out to more stays as it is."""


def opened(node: nodes.Node, symbols: Symbols) -> nodes.Node:
    """The expression with sums and constant factors taken out of every expectation of numbers."""
    if any(symbols.domain(name).shape for name in nodes.free_names(node)):
        return node
    return mapped(
        node,
        lambda part: _linear(part.body, symbols) if isinstance(part, nodes.Expectation) else None,
    )


def _linear(body: nodes.Node, symbols: Symbols) -> nodes.Node:
    if not _is_random(body, symbols):
        return body
    body = _multiplied_out(body, symbols)
    if isinstance(body, nodes.Add):
        return nodes.Add(tuple(_linear(term, symbols) for term in body.terms))
    if isinstance(body, nodes.Negate):
        return nodes.Negate(_linear(body.operand, symbols))
    if isinstance(body, nodes.Divide) and not _is_random(body.denominator, symbols):
        return nodes.Divide(_linear(body.numerator, symbols), body.denominator)
    if isinstance(body, nodes.Multiply):
        fixed = tuple(factor for factor in body.factors if not _is_random(factor, symbols))
        moving = tuple(factor for factor in body.factors if _is_random(factor, symbols))
        if len(moving) == 1:
            inner = _linear(moving[0], symbols)
        elif _are_independent(moving, symbols):
            inner = nodes.Multiply(tuple(_linear(factor, symbols) for factor in moving))
        else:
            inner = nodes.Expectation(nodes.Multiply(moving))
        return nodes.Multiply((*fixed, inner)) if fixed else inner
    if isinstance(body, nodes.Fold) and body.kind == "sum" and _is_plain(body, symbols):
        inner = _linear(body.body, symbols)
        return nodes.Fold(body.kind, inner, body.variable, body.lower, body.upper)
    return nodes.Expectation(body)


def _multiplied_out(body: nodes.Node, symbols: Symbols) -> nodes.Node:
    """Small powers and products of random sums, term by term; equal factors as one power."""
    factors = [
        item
        for factor in (body.factors if isinstance(body, nodes.Multiply) else (body,))
        for item in _repeated(factor)
    ]
    sums = [item.terms if isinstance(item, nodes.Add) and _is_random(item, symbols) else (item,)
            for item in factors]  # fmt: skip
    if len(factors) == 1 or not 1 < prod(map(len, sums)) <= MOST_TERMS:
        return body
    return nodes.Add(tuple(_gathered(term) for term in product(*sums)))


def _repeated(factor: nodes.Node) -> tuple[nodes.Node, ...]:
    """A whole power of a sum as so many factors."""
    if isinstance(factor, nodes.Power) and isinstance(factor.base, nodes.Add):
        for times in range(2, MOST_POWER + 1):
            if factor.exponent == nodes.Number(times):
                return (factor.base,) * times
    return (factor,)


def _gathered(factors: tuple[nodes.Node, ...]) -> nodes.Node:
    """A product without signs inside, equal factors as one power."""
    flat: list[nodes.Node] = []
    negative = False
    for factor in factors:
        while isinstance(factor, nodes.Negate):
            factor, negative = factor.operand, not negative
        flat += factor.factors if isinstance(factor, nodes.Multiply) else (factor,)
    counts = Counter(flat)
    parts = tuple(
        item if count == 1 else nodes.Power(item, nodes.Number(count))
        for item, count in counts.items()
    )
    whole = parts[0] if len(parts) == 1 else nodes.Multiply(parts)
    return nodes.Negate(whole) if negative else whole


def _is_random(node: nodes.Node, symbols: Symbols) -> bool:
    return any(symbols.domain(name).law for name in nodes.free_names(node))


def _are_independent(factors: tuple[nodes.Node, ...], symbols: Symbols) -> bool:
    """Whether each factor has random numbers of its own, all declared to be independent."""
    names = [
        name for factor in factors for name in nodes.free_names(factor) if symbols.domain(name).law
    ]
    domains = [symbols.domain(name) for name in names]
    plain = all(domain.independent and domain.kind != "sequence" for domain in domains)
    return plain and len(set(names)) == len(names)


def _is_plain(fold: nodes.Fold, symbols: Symbols) -> bool:
    """Whether neither the index nor the bounds of a sum are random."""
    if symbols.domain(fold.variable).law:
        return False
    return not (_is_random(fold.lower, symbols) or _is_random(fold.upper, symbols))
