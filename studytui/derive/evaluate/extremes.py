"""Points far out, near zero, and next to the ends of the domains: where few terms decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from studytui.derive.evaluate.sampling import Point, holds, points
from studytui.derive.expr.domains import Domain, Symbols

SCALES = (3, -3, 6, -6, 12, -12, 30, -30)
"""Powers of ten of a distance, the nearest first."""
COUNTS = (10, 30, 100, 1_000, 20_000, 10**6, 10**12)
"""How far whole numbers go; sums of so many terms as the largest are beyond computing."""


def extremes(names: list[str], symbols: Symbols) -> Iterator[Point]:
    """For every scale, points at which all numbers lie there, and at which only one does."""
    readable = list(islice(points(names, symbols), 4))
    if not readable:
        return
    constraints = [relation for name in names for relation in symbols.domain(name).constraints]
    movable = sorted(
        name
        for name, value in readable[0].numbers.items()
        if isinstance(value, Fraction) and not symbols.domain(name).law
    )
    for turn, scale in enumerate(range(len(SCALES))):
        start = readable[turn % len(readable)]
        for sign in (1, -1):
            places = {name: _place(symbols.domain(name), scale, sign) for name in movable}
            known = {name: value for name, value in places.items() if value is not None}
            for chosen in (known, *({name: value} for name, value in known.items())):
                point = replace(start, numbers={**start.numbers, **chosen})
                if chosen and all(holds(relation, point) for relation in constraints):
                    yield point


def _place(domain: Domain, scale: int, sign: int) -> Fraction | None:
    """A value of a domain at a scale: far out on one side, or next to an end or to zero."""
    if domain.whole:
        if scale >= len(COUNTS):
            return None
        start = domain.lower if domain.lower is not None else domain.upper
        return _inside(domain, Fraction((start or 0).__floor__() + sign * COUNTS[scale]))
    size = Fraction(10) ** SCALES[scale] * Fraction(7, 3)
    end = domain.lower if sign > 0 else domain.upper
    if size < 1:
        found = _inside(domain, (end or Fraction(0)) + sign * size)
        return found if end is not None or domain.contains(Fraction(0)) else None
    if domain.lower is not None and domain.upper is not None:
        return _inside(domain, (end or Fraction(0)) + sign * (domain.upper - domain.lower) / size)
    return _inside(domain, sign * size)


def _inside(domain: Domain, value: Fraction) -> Fraction | None:
    return value if domain.contains(value) else None
