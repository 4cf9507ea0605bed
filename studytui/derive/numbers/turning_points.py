"""Where an integrand may peak, jump or have a pole: a quadrature must look there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import mpmath

from studytui.derive.nodes import Add, Multiply, Name, Negate, Node, Number, Power, free_names, walk
from studytui.derive.numbers.arithmetic import UndefinedValueError

MOST = 8
"""More than so many are not looked at."""


def turning_points(body: Node, variable: str, at: Callable[[Any, Node], Any]) -> list[Any]:
    """Real zeros and vertices of those parts of ``body`` that are at most quadratic in
    ``variable``, in order; ``at`` is the value of a part for a value of the variable."""
    found: list[Any] = []
    for part in dict.fromkeys(walk(body)):
        if len(found) >= MOST:
            break
        degree = _degree(part, variable) if isinstance(part, Add) else 0
        if degree in (1, 2):
            found += _turns(part, at)
    if len(found) < MOST and variable in free_names(body):
        found.append(mpmath.mpf(0))
    distinct: list[Any] = []
    for place in sorted(found):
        if not distinct or place - distinct[-1] > mpmath.mpf(10) ** -12 * max(1, abs(place)):
            distinct.append(place)
    return distinct


def _turns(part: Node, at: Callable[[Any, Node], Any]) -> Iterator[Any]:
    try:
        below, centre, above = (at(mpmath.mpf(place), part) for place in (-1, 0, 1))
        square, slope = (above + below) / 2 - centre, (above - below) / 2
        if not all(mpmath.im(value) == 0 for value in (square, slope, centre)):
            return
        if abs(square) <= mpmath.mpf(10) ** (5 - mpmath.mp.dps) * (abs(slope) + abs(centre)):
            if slope:
                yield -centre / slope
            return
        yield -slope / (2 * square)
        root = slope * slope - 4 * square * centre
        if root > 0:
            yield (-slope - mpmath.sqrt(root)) / (2 * square)
            yield (-slope + mpmath.sqrt(root)) / (2 * square)
    except (UndefinedValueError, ArithmeticError, ValueError, TypeError):
        return


def _degree(node: Node, variable: str) -> int:
    """The degree in the variable; 9 where it is no polynomial in it."""
    if variable not in free_names(node):
        return 0
    if isinstance(node, Name):
        return 1
    if isinstance(node, Add):
        return max(_degree(term, variable) for term in node.terms)
    if isinstance(node, Negate):
        return _degree(node.operand, variable)
    if isinstance(node, Multiply):
        return min(9, sum(_degree(factor, variable) for factor in node.factors))
    if isinstance(node, Power) and node.exponent == Number(2):
        return min(9, 2 * _degree(node.base, variable))
    return 9
