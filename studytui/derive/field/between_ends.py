"""Integrals between two ends, of what is the derivative of something that can be written down.

By the fundamental theorem ``int(W', x, a, b) = W(b) - W(a)``. A line with integrals between the
same ends is taken to one side, ``int(h, x, a, b) + r = 0``, and holds where for some numbers

    ``h = c_1 W_1' + c_2 W_2' + ...`` and ``-r`` is what the ``c_k W_k`` come to between the ends.

The W are found by parts: in a product ``u v'`` of a declared function, ``u v``. All of h and W is
smooth for real x, so that each integral has a value and each W is differentiable. What the line is
divided by is not zero where the line has a value, and so it may be multiplied by that.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import Any

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.substitute import apart, replaced
from studytui.derive.field.combination import Column, is_combination
from studytui.derive.field.differentiate import differentiate
from studytui.derive.field.element import Element
from studytui.derive.field.evaluation import FieldEvaluation
from studytui.derive.field.known import FAILURES
from studytui.derive.field.like_sums import linear_terms
from studytui.derive.field.positivity import never_negative
from studytui.derive.field.smoothness import is_proper, is_smooth

MOST_WAYS = 24
"""Products that are tried as W."""
MOST_FACTORS = 8
"""Of a term that is multiplied out."""
_PLACE = "x~"
_HERE, _ZERO, _ONE = nodes.Name(_PLACE), nodes.Number(0), nodes.Number(1)
Term = tuple[nodes.Node, ...]
"""The factors of a product."""


def equal_between_ends(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    """Whether two expressions with integrals between the same two ends are equal in this way."""
    if not any(isinstance(part, nodes.Call) and part.primes for part in _parts(left, right)):
        return False
    gap = apart(nodes.Add((left, nodes.Negate(right))), {*symbols.domains, _PLACE})
    pairs = linear_terms(gap, nodes.Integral)
    integrals = [(factor, part) for factor, part in pairs if isinstance(part, nodes.Integral)]
    rest = [nodes.Multiply(pair) for pair in pairs if not isinstance(pair[1], nodes.Integral)]
    factors = [factor for factor, _ in integrals]
    if not integrals or nodes.Integral in nodes.kinds(*factors, *rest):
        return False
    ends = integrals[0][1].upper, integrals[0][1].lower
    here = symbols.with_domains({_PLACE: Domain()})
    moved = [_between(ends, factor, part, here) for factor, part in integrals]
    bodies = [body for body in moved if body is not None]
    upper, lower = ends
    if len(bodies) < len(moved) or upper is None or lower is None:
        return False
    try:
        return _Parts((upper, lower), here).add_up(bodies, nodes.Add((*rest, _ZERO)))
    except FAILURES:
        return False


def _parts(*sides: nodes.Node) -> Iterator[nodes.Node]:
    """What stands in integrals."""
    for side in sides:
        for part in nodes.walk(side):
            if isinstance(part, nodes.Integral):
                yield from nodes.walk(part.body)


def _between(
    ends: tuple[nodes.Node | None, ...], factor: nodes.Node, part: nodes.Integral, symbols: Symbols
) -> nodes.Node | None:
    """An integrand with its factor, turned round if the integral runs the other way."""
    if not is_proper(part, symbols):
        return None
    own = part.upper, part.lower
    sign = next((sign for sign, way in ((1, ends), (-1, ends[::-1])) if _alike(own, way)), None)
    body = replaced(part.body, {part.variable: _HERE})
    if sign is None or not is_smooth(body, frozenset({_PLACE}), symbols):
        return None
    return nodes.Multiply((nodes.Number(sign), factor, body))


def _alike(own: tuple[nodes.Node | None, ...], way: tuple[nodes.Node | None, ...]) -> bool:
    return all(
        one is not None and other is not None and same_shape(one, other)
        for one, other in zip(own, way, strict=True)
    )


class _Parts:
    """Products of which the derivative is known, in one field."""

    def __init__(self, ends: tuple[nodes.Node, nodes.Node], symbols: Symbols) -> None:
        self.ends = ends
        self.symbols = symbols
        self.evaluation = FieldEvaluation(symbols, never_negative)

    def add_up(self, bodies: list[nodes.Node], rest: nodes.Node) -> bool:
        """Whether the integral of all bodies together and the rest are zero."""
        number = self.evaluation.number
        body, beside = reduce(add, map(number, bodies)), number(rest)
        below = self._divisor(body) * self._divisor(beside)
        if _PLACE in below.names:
            return False
        columns: list[Column] = []
        for way in self._ways(bodies):
            slope = differentiate(way, _PLACE)
            assert slope is not None
            last, first = (number(replaced(way, {_PLACE: end})) for end in self.ends)
            row = self._row(number(slope) * below, (last - first) * below)
            if row is not None and self._is_whole(number(way) * below):
                columns += [row, {key: -value for key, value in row.items()}]
        target = self._row(body * below, -beside * below)
        return target is not None and is_combination(target, columns)

    def _divisor(self, element: Element) -> Element:
        """What it is divided by that may vanish."""
        ring = element.ring
        never_vanishes = self.evaluation.powers.never_vanishes
        _, common, rest = ring.primitive(element.bottom)
        left = tuple(pair for pair in common if not never_vanishes(pair[0]))
        return Element(ring, ring.multiply(rest, {left: 1}))

    def _row(self, slope: Element, between: Element) -> Column | None:
        """A derivative and what comes of it between the ends, as numbers of monomials."""
        if not (self._is_whole(slope) and self._is_whole(between)):
            return None
        row: dict[Any, int] = {}
        for side, element, other in (("slope", slope, between), ("ends", between, slope)):
            ((below, _),) = element.bottom.items()
            ((_, scale),) = other.bottom.items()
            for monomial, value in element.top.items():
                powers = dict(monomial)
                for atom, power in below:
                    powers[atom] = powers.get(atom, 0) - power
                key = frozenset((atom, power) for atom, power in powers.items() if power)
                row[side, key] = value * scale
        return row

    def _is_whole(self, element: Element) -> bool:
        """Whether it is divided by nothing but numbers and what never vanishes."""
        never_vanishes = self.evaluation.powers.never_vanishes
        return len(element.bottom) == 1 and all(
            never_vanishes(atom) for monomial in element.bottom for atom, _ in monomial
        )

    def _ways(self, bodies: list[nodes.Node]) -> list[nodes.Node]:
        """Products that may be integrated terms, and those that come up in their derivatives."""
        found: dict[Any, nodes.Node] = {}
        waiting = list(bodies)
        while waiting and len(found) < MOST_WAYS:
            for way in map(self._way, _terms(waiting.pop(0))):
                slope = None if way is None else differentiate(way, _PLACE)
                if way is None or slope is None:
                    continue
                key = self.evaluation.number(way).frozen()
                if key not in found:
                    found[key] = way
                    waiting.append(slope)
        return list(found.values())

    def _way(self, term: Term) -> nodes.Node | None:
        """``u v`` of a product ``u v'``; of a power of x the next one."""
        moving = [item for item in term if _PLACE in nodes.free_names(item)]
        calls = [item for item in moving if isinstance(item, nodes.Call)]
        primed = max(calls, key=lambda call: call.primes, default=None)
        if primed is None:
            return nodes.Multiply((*term, _HERE))
        speed = differentiate(primed.arguments[0], _PLACE) if primed.primes else None
        if primed.primes == 0 or speed is None or _PLACE in nodes.free_names(speed):
            return None
        lower = nodes.Call(primed.function, primed.arguments, primed.primes - 1)
        place = term.index(primed)
        product = nodes.Multiply((*term[:place], lower, *term[place + 1 :], _ONE))
        return nodes.Divide(product, speed)


def _terms(node: nodes.Node) -> list[Term]:
    """The products that a sum is multiplied out to; none where there are too many factors."""
    match node:
        case nodes.Add(terms):
            return [term for part in terms for term in _terms(part)]
        case nodes.Negate(operand):
            return [(nodes.Number(-1), *term) for term in _terms(operand)]
        case nodes.Divide(above, below):
            return [(*term, nodes.Divide(_ONE, below)) for term in _terms(above)]
        case nodes.Multiply(factors):
            products: list[Term] = [()]
            for factor in factors:
                products = [(*one, *more) for one in products for more in _terms(factor)]
            return [product for product in products if len(product) <= MOST_FACTORS * 2]
        case nodes.Power(base, nodes.Number(numerator=count, denominator=1)) if (
            0 < count <= MOST_FACTORS
        ):
            return _terms(nodes.Multiply((base,) * count))
        case _:
            return [(node,)]
