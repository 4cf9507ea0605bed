"""Mistakes with fractions."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Add, Divide, Multiply, Node, Power
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    fraction,
    over,
    plus,
    product,
    quotient,
    signed_terms,
    summed,
    times,
    without,
)

_AB = (("a", "positive"), ("b", "positive"))


def _denominator_apart(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    sign, above, below = fraction(node) if isinstance(node, Divide | Multiply) else (1, [], [])
    for place, factor in enumerate(below):
        terms = signed_terms(factor)
        if len(terms) > 1:
            rest = without(below, place)
            yield summed((sign * each, quotient(1, above, [*rest, term])) for each, term in terms)
    if isinstance(node, Power):
        exponent, top, bottom = fraction(node.exponent)
        terms = signed_terms(node.base)
        if exponent < 0 and top == [ONE] and not bottom and len(terms) > 1:
            yield summed((each, over(ONE, term)) for each, term in terms)


def _fractions_added(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if not isinstance(node, Add):
        return
    terms = signed_terms(node)
    for first in range(len(terms)):
        for second in range(first + 1, len(terms)):
            one, other = fraction(terms[first][1]), fraction(terms[second][1])
            if not one[2] and not other[2]:
                continue
            rest = [item for place, item in enumerate(terms) if place not in (first, second)]
            signs = terms[first][0] * one[0], terms[second][0] * other[0]
            tops = [(signs[0], product(one[1])), (signs[1], product(other[1]))]
            bottoms = product(one[2]), product(other[2])
            if one[2] and other[2]:
                for bottom in (plus(*bottoms), times(*bottoms)):
                    yield summed([*rest, (1, Divide(summed(tops), bottom))])
            else:
                yield summed([*rest, (1, Divide(summed(tops), times(*bottoms)))])


def _cancelled_in_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    """``(a + b)/a`` as ``b``: a term cancelled as if it were a factor."""
    del symbols
    sign, above, below = fraction(node) if isinstance(node, Divide | Multiply) else (1, [], [])
    for place, factor in enumerate(above):
        terms = signed_terms(factor)
        if len(terms) < 2:
            continue
        for other, divisor in enumerate(below):
            under = signed_terms(divisor)
            common = [term for _, term in terms if term in [item for _, item in under]]
            for term in common:
                left = [item for item in terms if item[1] != term]
                right = [item for item in under if item[1] != term] or [(1, ONE)]
                top = [*without(above, place), summed(left)]
                yield quotient(sign, top, [*without(below, other), summed(right)])
                if len(under) == 1:
                    whole = summed([*left, (1, ONE)])
                    yield quotient(sign, [*without(above, place), whole], without(below, other))


def _turned_over(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Divide):
        yield Divide(node.denominator, node.numerator)
    if isinstance(node, Multiply):
        sign, above, below = fraction(node)
        for place, factor in enumerate(above):
            for other, divisor in enumerate(below):
                top = [*without(above, place), divisor]
                yield quotient(sign, top, [*without(below, other), factor])


MISTAKES = (
    Mistake(
        "denominator-taken-apart",
        "A denominator taken apart",
        "A sum below the line cannot be taken apart: 1/(a + b) is not 1/a + 1/b.",
        Example("1/(a + b)", "1/a + 1/b", _AB),
        _denominator_apart,
    ),
    Mistake(
        "fractions-added-across",
        "Fractions added above and below",
        "Fractions are added over a common denominator: a/b + c/d = (a d + b c)/(b d).",
        Example("a/b + 1/c", "(a + 1)/(b + c)", (*_AB, ("c", "positive"))),
        _fractions_added,
    ),
    Mistake(
        "term-cancelled",
        "A term cancelled like a factor",
        "Only a factor of the whole numerator cancels: (a + b)/a = 1 + b/a.",
        Example("(a + b)/a", "b", _AB),
        _cancelled_in_sum,
    ),
    Mistake(
        "fraction-turned-over",
        "A fraction turned over",
        "A fraction stands upside down.",
        Example("c*(a/b)", "c*(b/a)", (*_AB, ("c", "real"))),
        _turned_over,
    ),
)
