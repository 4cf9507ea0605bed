"""Expectations opened by linearity, so that a fact such as ``E[X] = 0`` finds its place."""

from __future__ import annotations

from studytui.derive.domains import Symbols
from studytui.derive.nodes import (
    Add,
    Divide,
    Expectation,
    Fold,
    Multiply,
    Negate,
    Node,
    free_names,
)
from studytui.derive.replace import mapped


def opened(node: Node, symbols: Symbols) -> Node:
    """The expression with sums and constant factors taken out of every expectation of numbers."""
    if any(symbols.domain(name).shape for name in free_names(node)):
        return node
    return mapped(
        node,
        lambda part: _linear(part.body, symbols) if isinstance(part, Expectation) else None,
    )


def _linear(body: Node, symbols: Symbols) -> Node:
    if not _is_random(body, symbols):
        return body
    if isinstance(body, Add):
        return Add(tuple(_linear(term, symbols) for term in body.terms))
    if isinstance(body, Negate):
        return Negate(_linear(body.operand, symbols))
    if isinstance(body, Divide) and not _is_random(body.denominator, symbols):
        return Divide(_linear(body.numerator, symbols), body.denominator)
    if isinstance(body, Multiply):
        fixed = tuple(factor for factor in body.factors if not _is_random(factor, symbols))
        moving = tuple(factor for factor in body.factors if _is_random(factor, symbols))
        rest = moving[0] if len(moving) == 1 else Multiply(moving)
        inner = _linear(rest, symbols) if len(moving) == 1 else Expectation(rest)
        return Multiply((*fixed, inner)) if fixed else inner
    if isinstance(body, Fold) and body.kind == "sum" and _is_plain(body, symbols):
        inner = _linear(body.body, symbols)
        return Fold(body.kind, inner, body.variable, body.lower, body.upper)
    return Expectation(body)


def _is_random(node: Node, symbols: Symbols) -> bool:
    return any(symbols.domain(name).law for name in free_names(node))


def _is_plain(fold: Fold, symbols: Symbols) -> bool:
    """Whether neither the index nor the bounds of a sum are random."""
    if symbols.domain(fold.variable).law:
        return False
    return not (_is_random(fold.lower, symbols) or _is_random(fold.upper, symbols))
