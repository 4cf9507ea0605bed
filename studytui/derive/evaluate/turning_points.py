"""Where an integrand may peak, jump or have a pole: a quadrature must look there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import mpmath

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.expr import nodes
from studytui.derive.syntax.formulas import known

MOST = 12
"""More than so many are not looked at."""
GRID = 48
"""At so many places it is looked for a change of sign."""
HALVINGS = 50
At = Callable[[Any, nodes.Node], Any]


def turning_points(body: nodes.Node, variable: str, at: At, lower: Any, upper: Any) -> list[Any]:
    """Real zeros of sums and functions in ``body``, and vertices of those that are quadratic in
    ``variable``, in order; ``at`` is the value of a part for a value of the variable."""
    found: list[Any] = []
    grid = None
    for part in dict.fromkeys(nodes.walk(body)):
        if not (isinstance(part, nodes.Add) or _may_cross(part)) or len(found) >= MOST:
            continue
        if variable not in nodes.free_names(part):
            continue
        if _degree(part, variable) <= 2:
            found += _turns(part, at)
        else:
            grid = grid or _grid(lower, upper)
            found += _sign_changes(part, at, grid)
    if variable in nodes.free_names(body):
        found.append(mpmath.mpf(0))
    distinct: list[Any] = []
    for place in sorted(found[: MOST + 1]):
        if not distinct or place - distinct[-1] > mpmath.mpf(10) ** -12 * max(1, abs(place)):
            distinct.append(place)
    return distinct


def _may_cross(part: nodes.Node) -> bool:
    """Whether a function may go through zero: only one that is known not to cannot."""
    function = known(part)
    return function is not None and not (function.is_positive or function.never_zero)


def _turns(part: nodes.Node, at: At) -> Iterator[Any]:
    """Zeros and vertex of what is at most quadratic."""
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


def _grid(lower: Any, upper: Any) -> list[Any]:
    """Places inside of an interval, evenly, and on a logarithmic scale where it has no end."""
    low, high = (float(end) if mpmath.isfinite(end) else None for end in (lower, upper))
    if low is not None and high is not None:
        return [mpmath.mpf(low + (high - low) * (step + 0.5) / GRID) for step in range(GRID)]
    sizes = [math.exp(step / 3 - 4) for step in range(GRID // 2)]
    places = sorted([*(-size for size in sizes), *sizes])
    start = low if low is not None else high if high is not None else 0.0
    return [
        mpmath.mpf(start + place)
        for place in places
        if (low is None or place > 0) and (high is None or place < 0)
    ]


def _sign_changes(part: nodes.Node, at: At, grid: list[Any]) -> Iterator[Any]:
    """Zeros between places at which the signs differ, by halving."""

    def sign(place: Any) -> int | None:
        try:
            value = at(place, part)
            return None if mpmath.im(value) else int(mpmath.sign(value))
        except (UndefinedValueError, ArithmeticError, ValueError, TypeError):
            return None

    with mpmath.workdps(20):
        signs = [(place, sign(place)) for place in grid]
        for (low, first), (high, second) in pairwise(signs):
            if first is None or second is None or first * second >= 0:
                continue
            for _ in range(HALVINGS):
                middle = (low + high) / 2
                if sign(middle) == first:
                    low = middle
                else:
                    high = middle
            yield (low + high) / 2


def _degree(node: nodes.Node, variable: str) -> int:
    """The degree in the variable; 9 where it is no polynomial in it."""
    if variable not in nodes.free_names(node):
        return 0
    if isinstance(node, nodes.Name):
        return 1
    if isinstance(node, nodes.Add):
        return max(_degree(term, variable) for term in node.terms)
    if isinstance(node, nodes.Negate):
        return _degree(node.operand, variable)
    if isinstance(node, nodes.Multiply):
        return min(9, sum(_degree(factor, variable) for factor in node.factors))
    if isinstance(node, nodes.Power) and node.exponent == nodes.Number(2):
        return min(9, 2 * _degree(node.base, variable))
    return 9
