"""Other ways to write the right line: multiplied out, with means and sums taken term by term.

A person makes a mistake in a line as they have it before their eyes, which may be a step further
than the line above. Each form is equal to the line, by the laws of polynomials and by linearity.
"""

from __future__ import annotations

from fractions import Fraction

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Divide,
    Expectation,
    Fold,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    free_names,
    rebuild,
)
from studytui.derive.mistakes.parts import (
    ONE,
    depends,
    fraction,
    is_random,
    power,
    quotient,
    summed,
)

MOST_TERMS = 24
HIGHEST = 4
"""Powers of sums up to this one are multiplied out."""

Monomial = tuple[tuple[Node, int], ...]
"""Factors with their exponents, negative ones below the line."""
Terms = dict[Monomial, Fraction]


class _TooLongError(Exception):
    """Multiplied out it has too many terms to be what a person writes."""


def forms(node: Node, symbols: Symbols) -> tuple[Node, ...]:
    """The line as it is, and multiplied out where that is something else."""
    if any(symbols.domain(name).shape for name in free_names(node)):
        return (node,)  # matrices do not commute
    try:
        whole = _written(_terms(node, symbols))
    except _TooLongError:
        return (node,)
    return (node,) if whole == node else (node, whole)


def _written(terms: Terms) -> Node:
    return summed(
        (-1 if factor < 0 else 1, _monomial(monomial, abs(factor)))
        for monomial, factor in terms.items()
        if factor
    )


def _monomial(monomial: Monomial, factor: Fraction) -> Node:
    above = [power(item, exponent) for item, exponent in monomial if exponent > 0]
    below = [power(item, -exponent) for item, exponent in monomial if exponent < 0]
    numbers = [Number(factor.numerator)] if factor.numerator != 1 else []
    under = [Number(factor.denominator)] if factor.denominator != 1 else []
    return quotient(1, [*numbers, *above], [*under, *below])


def _terms(node: Node, symbols: Symbols) -> Terms:
    match node:
        case Number():
            return {(): Fraction(node.numerator, node.denominator)}
        case Negate():
            return _times({(): Fraction(-1)}, _terms(node.operand, symbols))
        case Add():
            total: Terms = {}
            for term in node.terms:
                total = _plus(total, _terms(term, symbols))
            return total
        case Multiply() | Divide():
            return _product(node, symbols)
        case Power(base, Number(exponent, 1)) if 1 < exponent <= HIGHEST:
            inner = _terms(base, symbols)
            whole = inner
            for _ in range(exponent - 1):
                whole = _times(whole, inner)
            return whole
        case Expectation():
            return _linear(node, symbols)
        case Fold() if node.kind == "sum":
            return _linear(node, symbols)
        case _:
            return {((node, 1),): Fraction(1)}


def _product(node: Node, symbols: Symbols) -> Terms:
    sign, above, below = fraction(node)
    whole: Terms = {(): Fraction(sign)}
    for factor in above:
        whole = _times(whole, _terms(factor, symbols))
    for factor in below:
        inner = _terms(factor, symbols)
        if len(inner) == 1:
            ((monomial, number),) = inner.items()
            if not number:
                raise _TooLongError
            turned = tuple((item, -exponent) for item, exponent in monomial)
            whole = _times(whole, {turned: 1 / number})
        else:
            whole = _times(whole, {((factor, -1),): Fraction(1)})
    return whole


def _linear(node: Expectation | Fold, symbols: Symbols) -> Terms:
    """The mean or the sum of each term, constants before it."""
    total: Terms = {}
    for monomial, factor in _terms(node.body, symbols).items():
        inner = [item for item in monomial if _moves(item[0], node, symbols)]
        outer = tuple(item for item in monomial if item not in inner)
        body = _monomial(tuple(inner), Fraction(1))
        whole: Terms
        if inner:
            whole = {((rebuild(node, {id(node.body): body}), 1),): Fraction(1)}
        elif isinstance(node, Fold):
            whole = _terms(_count(node), symbols)
        else:
            whole = {(): Fraction(1)}
        total = _plus(total, _times({outer: factor}, whole))
    return total


def _moves(factor: Node, node: Expectation | Fold, symbols: Symbols) -> bool:
    if isinstance(node, Fold):
        return depends(factor, node.variable)
    return is_random(factor, symbols)


def _count(fold: Fold) -> Node:
    whole = Add((fold.upper, Negate(fold.lower), ONE))
    return fold.upper if fold.lower == ONE else whole


def _plus(first: Terms, other: Terms) -> Terms:
    total = dict(first)
    for monomial, number in other.items():
        total[monomial] = total.get(monomial, Fraction(0)) + number
    if len(total) > MOST_TERMS:
        raise _TooLongError
    return total


def _times(first: Terms, other: Terms) -> Terms:
    total: Terms = {}
    for one, number in first.items():
        for second, factor in other.items():
            monomial = _joined(one, second)
            total[monomial] = total.get(monomial, Fraction(0)) + number * factor
    if len(total) > MOST_TERMS:
        raise _TooLongError
    return total


def _joined(first: Monomial, other: Monomial) -> Monomial:
    exponents: dict[Node, int] = {}
    for item, exponent in (*first, *other):
        exponents[item] = exponents.get(item, 0) + exponent
    return tuple(sorted(((i, e) for i, e in exponents.items() if e), key=lambda item: repr(item)))
