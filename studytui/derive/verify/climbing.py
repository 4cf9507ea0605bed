"""Climbing to a point at which an inequality fails, from the point at which it holds most narrowly.

Steps in one name at a time, each half as long as the last, and at the end the simple fractions that
lie near: an inequality that fails in a narrow place, or holds with equality at one point only, is
seen to. It refutes and nothing else: that no such point is found says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from studytui.derive.evaluate.sampling import Point, holds
from studytui.derive.expr.domains import Symbols

FIRST, LAST = Fraction(2), Fraction(1, 600)
SIMPLE = (1, 2, 3, 4, 5, 6, 10)
MOST_NAMES = 6

Height = Callable[[Point], Fraction | None]
"""How much the smaller side is above the larger; None where there is no value."""


def climbed(start: Point, height: Height, symbols: Symbols) -> Iterator[Point]:
    """Points on the way up, the best at last."""
    names = [
        name
        for name, value in sorted(start.numbers.items())
        if isinstance(value, Fraction) and name not in start.laws
    ][:MOST_NAMES]
    best, top = start, height(start)
    if top is None or not names:
        return
    step = FIRST
    while step >= LAST:
        moved = False
        for name in names:
            for move in (step, -step):
                point = _at(best, name, _value(best, name) + move, symbols)
                reached = None if point is None else height(point)
                if point is not None and reached is not None and reached > top:
                    best, top, moved = point, reached, True
                    yield best
        step = step if moved and step < FIRST else step / 2
    for name in names:
        for most in SIMPLE:
            point = _at(best, name, _value(best, name).limit_denominator(most), symbols)
            reached = None if point is None else height(point)
            if point is not None and reached is not None and reached >= top:
                best, top = point, reached
                yield best


def _value(point: Point, name: str) -> Fraction:
    value = point.numbers[name]
    assert isinstance(value, Fraction)
    return value


def _at(point: Point, name: str, value: Fraction, symbols: Symbols) -> Point | None:
    """The point with another value of a name, if that is in its domain."""
    domain = symbols.domain(name)
    if domain.whole and value.denominator != 1:
        return None
    if not domain.contains(value):
        return None
    other = replace(point, numbers={**point.numbers, name: value})
    named = (symbols.domain(key) for key in point.numbers)
    told = (relation for domain in named for relation in domain.constraints)
    return other if all(holds(relation, other) for relation in told) else None
