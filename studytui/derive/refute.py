"""The numeric stage: values of both sides at points of the domains, with many digits."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath

from studytui.derive import tables
from studytui.derive.analysis import PreciseEvaluation
from studytui.derive.arithmetic import UndefinedValueError
from studytui.derive.domains import Symbols
from studytui.derive.high_precision import shown
from studytui.derive.nodes import Node, Number, Power, children, free_names, walk
from studytui.derive.sampling import Point, points
from studytui.derive.verdict import Counterexample

DIGITS = 50
MOST_DIGITS = 3000
ROUGH = 1e-7
"""What quadrature must differ by, relatively, before it refutes."""
SMALL = 1e-9
"""Below this, values that were computed roughly are not told apart."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numeric stage found: points of agreement, or one that refutes."""

    points: int
    digits: int
    counterexample: Counterexample | None = None
    one_sided: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


Definitions = dict[str, Callable[[dict[str, Any]], Any]]


def compare(
    left: Node,
    right: Node,
    symbols: Symbols,
    *,
    wanted: int = 12,
    seconds: float = 0.6,
    extra: Definitions | None = None,
) -> Numbers:
    """Compare two expressions at random points until ``wanted`` agree or one refutes."""
    start = time.perf_counter()
    names = sorted(
        name
        for name in needed(free_names(left) | free_names(right), symbols)
        if name in symbols.domains or symbols.open
    )
    names = [name for name in names if name not in (extra or {})]
    digits = min(MOST_DIGITS, DIGITS + constant_digits(left) + constant_digits(right))
    agreed, rough = 0, False
    most = 4 if not names else wanted * 4
    for tried, point in enumerate(
        points(names, symbols, interesting(left) + interesting(right)), 1
    ):
        here = digits + (300 if tried <= 2 else 0)
        outcome = _at(left, right, point, here, (extra or {}, start + 1.5 * seconds))
        if outcome is not None:
            equal, approximate, sides = outcome
            if not equal:
                return Numbers(agreed, digits, Counterexample(point.shown(), *sides))
            agreed += 1
            rough = rough or approximate
        if agreed >= (wanted if names else 1) or tried >= most:
            break
        if time.perf_counter() - start > seconds and (agreed >= 3 or tried >= 6):
            break
    return Numbers(agreed, 10 if rough else digits)


def needed(names: frozenset[str], symbols: Symbols) -> frozenset[str]:
    """The names and those that their domains mention."""
    found, waiting = set(), set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        domain = symbols.domain(name)
        for node in (*domain.constraints, *domain.parameters):
            waiting |= free_names(node) - found
    return frozenset(found)


Means = tuple[Definitions, float]
"""Recursive functions, and the time by which a value must be there."""


def _at(
    left: Node, right: Node, point: Point, digits: int, means: Means
) -> tuple[bool, bool, tuple[str, str]] | None:
    """Whether both sides agree at a point; None where one of them has no value there."""
    for _ in range(3):
        outcome = _once(left, right, point, digits, means)
        if outcome is None:
            return None
        values, approximate, swamped = outcome
        first, second = values
        if swamped > digits - 15:
            digits = swamped + 40
            if digits > MOST_DIGITS:
                return None
            continue
        gap = distance(first, second)
        sides = shown(first), shown(second)
        if approximate:
            if gap >= ROUGH and apart(first, second) < SMALL:
                return None
            return gap < ROUGH, True, sides
        if gap < mpmath.mpf(10) ** -(digits - 12):
            return True, False, sides
        finer = digits + 40 if gap > 1e-12 else digits * 3
        if finer > MOST_DIGITS:
            return None
        again = _once(left, right, point, finer, means)
        if again is None or again[1]:
            return None
        if apart(*again[0]) < apart(first, second) / 1000:
            return True, False, sides
        return False, False, sides if gap > 1e-6 else (_long(first), _long(second))
    return None


def _long(value: Any) -> str:
    return str(mpmath.nstr(value, 60)) if not isinstance(value, tuple) else shown(value)


def _once(
    left: Node, right: Node, point: Point, digits: int, means: Means
) -> tuple[tuple[Any, Any], bool, int] | None:
    """Both values with so many digits, whether they are rough, and how many digits were swamped."""
    extra, deadline = means
    with mpmath.workdps(digits):
        try:
            values = point.values()
            for name, make in extra.items():
                values[name] = make(values)
            evaluation = PreciseEvaluation(values, point.laws, deadline)
            first, second = evaluation.value(left), evaluation.value(right)
            if not (finite(first) and finite(second)):
                return None
        except (UndefinedValueError, ArithmeticError, ValueError, TypeError, MemoryError):
            return None
        except mpmath.libmp.NoConvergence:
            return None
        return (first, second), evaluation.approximate, evaluation.swamped


def finite(value: Any) -> bool:
    """Whether every number of a value is finite."""
    if isinstance(value, bool):
        return True
    if isinstance(value, frozenset):
        return all(finite(item) for item in value)
    if tables.is_table(value):
        return all(finite(item) for row in value for item in row)
    return bool(mpmath.isfinite(value))


def distance(first: Any, second: Any) -> Any:
    """The distance of two values, relative to the larger; infinite where the kinds differ."""
    if isinstance(first, bool) or isinstance(second, bool):
        return mpmath.mpf(0 if first is second else 1)
    if tables.is_table(first) or tables.is_table(second):
        if not (tables.is_table(first) and tables.is_table(second)):
            one = first if tables.is_table(first) else second
            if len(one) == len(one[0]) == 1:
                return distance(tables.scalar(first), tables.scalar(second))
            return mpmath.inf
        if len(first) != len(second) or len(first[0]) != len(second[0]):
            return mpmath.inf
        return max(
            distance(a, b)
            for row, other in zip(first, second, strict=True)
            for a, b in zip(row, other, strict=True)
        )
    if first == second:
        return mpmath.mpf(0)
    scale = max(abs(first), abs(second))
    return abs(first - second) / scale


def apart(first: Any, second: Any) -> Any:
    """The absolute distance of two values: rounding shrinks with more digits, a difference not."""
    if tables.is_table(first) and tables.is_table(second):
        if distance(first, second) == mpmath.inf:
            return mpmath.inf
        return max(
            abs(a - b)
            for row, other in zip(first, second, strict=True)
            for a, b in zip(row, other, strict=True)
        )
    if isinstance(first, bool) or tables.is_table(first) or tables.is_table(second):
        return distance(first, second)
    return abs(first - second)


def constant_digits(node: Node) -> int:
    """How many more digits the constants of an expression call for: 10^-200 needs 200."""
    total = 0.0
    for part in walk(node):
        if isinstance(part, Number):
            total = max(total, len(str(part.numerator)) + len(str(part.denominator)) - 6)
        elif isinstance(part, Power) and isinstance(part.exponent, Number | Node):
            total = max(total, _power_digits(part))
    return int(min(total * 1.2, MOST_DIGITS))


def _power_digits(power: Power) -> float:
    exponent = _plain(power.exponent)
    if exponent is None:
        return 0.0
    base = _plain(power.base)
    size = abs(math.log10(abs(base))) if base else 1.0
    return abs(exponent) * max(size, 0.3) if base is not None else abs(exponent) * 0.5


def _plain(node: Node) -> float | None:
    from studytui.derive.bounds import constant_value

    value = constant_value(node, {})
    return value if value is not None and math.isfinite(value) else None


def interesting(node: Node) -> tuple[Fraction, ...]:
    """Numbers in an expression: where its cases change."""
    found = [
        Fraction(part.numerator, part.denominator)
        for part in walk(node)
        if isinstance(part, Number) and abs(part.numerator) < 10**6
    ]
    return tuple(dict.fromkeys(found))[:8]


__all__ = ["Numbers", "children", "compare", "constant_digits", "distance", "finite"]
