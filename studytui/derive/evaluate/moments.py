"""Means of polynomials of a random number, exact: a weighted sum of a few values does."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import factorial

from studytui.derive.expr import nodes

MOST_DEGREE = 24

Rule = tuple[tuple[Fraction, Fraction], ...]
"""Pairs of a place and a weight."""


def _normal_moment(order: int) -> Fraction:
    """E[z^k] of the standard normal law: 0, or 1*3*5*...*(k - 1).

    >>> [int(_normal_moment(order)) for order in range(7)]
    [1, 0, 1, 0, 3, 0, 15]
    """
    half, odd = divmod(order, 2)
    return Fraction(0 if odd else factorial(order) // (2**half * factorial(half)))


_STANDARD: dict[str, tuple[Callable[[int], Fraction], Callable[[int], list[Fraction]]]] = {
    "normal": (
        _normal_moment,
        lambda degree: [
            Fraction(place) for place in range(-(degree // 2), degree - degree // 2 + 1)
        ],
    ),
    "uniform": (
        lambda order: Fraction(1, order + 1),
        lambda degree: [Fraction(place, max(degree, 1)) for place in range(degree + 1)],
    ),
    "exponential": (
        lambda order: Fraction(factorial(order)),
        lambda degree: [Fraction(place) for place in range(degree + 1)],
    ),
}
"""Of the laws normal(0, 1), uniform(0, 1) and exponential(1) the moments, and the places of a rule
for a degree."""


def has_rule(law: str) -> bool:
    """Whether polynomials of a number with this law have exact means."""
    return law in _STANDARD


@lru_cache(maxsize=128)
def rule(law: str, degree: int) -> Rule:
    """Places and weights with which the sum of ``weight * p(place)`` is the mean of ``p`` under the
    standard law, for every polynomial up to a degree.

    >>> sum(weight * place**4 for place, weight in rule("normal", 4))
    Fraction(3, 1)
    """
    moment, choose = _STANDARD[law]
    places = choose(degree)
    return tuple((place, _weight(place, places, moment)) for place in places)


def _weight(place: Fraction, places: list[Fraction], moment: Callable[[int], Fraction]) -> Fraction:
    """The mean of the polynomial that is one at a place and zero at the others."""
    coefficients = [Fraction(1)]
    for other in places:
        if other == place:
            continue
        grown = [Fraction(0), *coefficients]
        for power, coefficient in enumerate(coefficients):
            grown[power] -= other * coefficient
        coefficients = [coefficient / (place - other) for coefficient in grown]
    return sum(
        (coefficient * moment(power) for power, coefficient in enumerate(coefficients)),
        Fraction(0),
    )


def degree(node: nodes.Node, name: str) -> int | None:
    """The degree of a polynomial in ``name``; None where it is none, or of too high a degree.

    >>> from studytui.derive.syntax import parse
    >>> degree(parse("(a + b*z)^2*z/b", dict.fromkeys("abz", "real")), "z")
    3
    """
    found = _degree(node, name)
    return found if found is not None and found <= MOST_DEGREE else None


def _degree(node: nodes.Node, name: str) -> int | None:
    if name not in nodes.free_names(node):
        return 0
    if isinstance(node, nodes.Name):
        return 1
    if isinstance(node, nodes.Negate | nodes.Transpose):
        return _degree(node.operand, name)
    if isinstance(node, nodes.Matrix):
        return _most([_degree(item, name) for row in node.rows for item in row])
    if isinstance(node, nodes.Add):
        return _most([_degree(term, name) for term in node.terms])
    if isinstance(node, nodes.Multiply):
        return _total([_degree(factor, name) for factor in node.factors])
    if isinstance(node, nodes.Divide) and name not in nodes.free_names(node.denominator):
        return _degree(node.numerator, name)
    if isinstance(node, nodes.Power) and isinstance(node.exponent, nodes.Number):
        base, power = _degree(node.base, name), node.exponent
        whole = power.denominator == 1 and power.numerator >= 0
        return base * power.numerator if base is not None and whole else None
    if isinstance(node, nodes.Fold) and node.kind == "sum" and node.variable != name:
        bounds = nodes.free_names(node.lower) | nodes.free_names(node.upper)
        return None if name in bounds else _degree(node.body, name)
    return None


def _most(degrees: list[int | None]) -> int | None:
    known = [degree for degree in degrees if degree is not None]
    return max(known) if len(known) == len(degrees) else None


def _total(degrees: list[int | None]) -> int | None:
    known = [degree for degree in degrees if degree is not None]
    return sum(known) if len(known) == len(degrees) else None
