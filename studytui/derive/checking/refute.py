"""The numeric stage: values of both sides at points of the domains, with many digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import chain
from typing import Any

import mpmath

from studytui.derive.bounds import constant_value
from studytui.derive.domains import Symbols
from studytui.derive.nodes import (
    Call,
    Expectation,
    Integral,
    Limit,
    Name,
    Node,
    Number,
    Power,
    free_names,
    walk,
)
from studytui.derive.numbers import tables
from studytui.derive.numbers.analysis import PreciseEvaluation
from studytui.derive.numbers.arithmetic import ExcludedError, NoValueError, UndefinedValueError
from studytui.derive.numbers.cases import Cases, one_sided
from studytui.derive.numbers.effort import Effort
from studytui.derive.numbers.high_precision import shown
from studytui.derive.numbers.recursion import Definitions
from studytui.derive.numbers.sampling import Point, points
from studytui.derive.verdict import Counterexample

DIGITS = 50
MOST_DIGITS = 3000
MARGIN = 1e4
"""How far beyond the error of quadratures two values must differ to refute, or may to agree."""
QUICK, CLOSE, PATIENT = 60_000, 120_000, 4_000_000
"""Steps of evaluation for a first look, for one at every interesting place, and for points that a
proof is in want of, which may be integrals of integrals."""
SPARE = 2.0
"""How many times its steps a look may take to come to its first points."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numeric stage found: points of agreement, or one that refutes."""

    points: int
    digits: int
    counterexample: Counterexample | None = None
    rough: bool = False
    partly: tuple[str, ...] = ()
    """Points at which one side has a value and the other has none."""
    diverging: tuple[str, ...] = ()
    """Those of them of which no condition tells: nothing is divided by zero there."""
    without: int = 0
    """Points at which none was found on either side."""
    named: bool = True
    """Whether there are names, and so more than one point."""
    one_sided: bool = False
    """Whether something that goes by cases was met in one case only."""


def compare(
    left: Node,
    right: Node,
    symbols: Symbols,
    *,
    wanted: int = 12,
    work: int = QUICK,
    extra: Definitions | None = None,
) -> Numbers:
    """Compare two expressions at random points until ``wanted`` agree or one refutes.

    ``wanted`` 0 means so many that each name was at and beside each of the interesting numbers.
    After ``work`` steps few points are enough.
    """
    effort = Effort(SPARE * work)
    names = sorted(
        name
        for name in needed(free_names(left) | free_names(right), symbols)
        if name in symbols.domains or symbols.open
    )
    names = [name for name in names if name not in (extra or {})]
    digits = DIGITS + constant_digits(left) + constant_digits(right)
    if digits > MOST_DIGITS:
        return Numbers(0, 0)
    agreed, without, worst = 0, 0, 0.0
    cases: Cases = {}
    seen: set[Any] = set()
    partly: list[str] = []
    diverging: list[str] = []
    special = interesting(left, right)
    finest = 30 if wanted else 300
    wanted = wanted or 30 + min(240, 14 * len(special()) * len(names))
    most = 4 if not names else wanted * 4
    for tried, point in enumerate(points(names, symbols, special), 1):
        here = digits + (finest if tried == 1 else 0)
        again = point.key() in seen
        seen.add(point.key())
        try:
            means = (extra or {}, effort, cases)
            outcome = None if again else _at(left, right, point, here, means)
        except _PartlyError as lost:
            outcome = None
            partly.append(", ".join(f"{name} = {value}" for name, value in point.shown()))
            diverging += [] if lost.is_told else partly[-1:]
        if outcome is not None:
            equal, error, sides = outcome
            if not equal:
                return Numbers(agreed, digits, Counterexample(point.shown(), *sides))
            agreed += 1
            worst = max(worst, error)
        elif not again:
            without += 1
        if agreed >= (wanted if names else 1) or tried >= most:
            break
        if effort.spent > work and (agreed >= 3 or tried >= 10):
            break
    shown_digits = int(-math.log10(MARGIN * worst)) if worst else digits
    return Numbers(
        agreed,
        shown_digits,
        rough=worst > 0,
        partly=tuple(partly),
        diverging=tuple(diverging),
        without=without - len(partly),
        named=bool(names),
        one_sided=one_sided(cases),
    )


class _PartlyError(Exception):
    """Only one of the two sides has a value; ``is_told``: conditions tell why."""

    def __init__(self, is_told: bool) -> None:
        super().__init__()
        self.is_told = is_told


def needs_quadrature(*nodes: Node) -> bool:
    """Whether values take long: integrals, limits and expectations are there."""
    kinds = (Expectation, Integral, Limit)
    return any(isinstance(part, kinds) for node in nodes for part in walk(node))


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


SAME = ("", "")
"""Values that agree are not told."""
Means = tuple[Definitions, Effort, Cases]
"""Recursive functions, the work that values have taken, and the cases met so far."""


def _at(
    left: Node, right: Node, point: Point, digits: int, means: Means
) -> tuple[bool, float, tuple[str, str]] | None:
    """Whether both sides agree at a point, and what they are if not; None without a value."""
    for _ in range(3):
        outcome = _once(left, right, point, digits, means)
        if outcome is None:
            return None
        values, error, swamped = outcome
        first, second = values
        if swamped > digits - 15:
            digits = swamped + 40
            if digits > MOST_DIGITS:
                return None
            continue
        gap = distance(first, second)
        if error:
            scale = max(1, *sizes(first), *sizes(second))
            if gap <= MARGIN * error:
                return True, error, SAME
            clear = gap > 100 * MARGIN * error and apart(first, second) > MARGIN * error * scale
            return (False, error, (shown(first), shown(second))) if clear else None
        if gap < _rounding(digits):
            return True, 0.0, SAME
        finer = digits + 40 if gap > 1e-12 else digits * 3
        if finer > 2 * MOST_DIGITS:
            return None
        again = _once(left, right, point, finer, means)
        if again is None or again[1]:
            return None
        if apart(*again[0]) < apart(first, second) / 1000:
            return True, 0.0, SAME
        told = shown if gap > 1e-6 else _long
        return False, 0.0, (told(first), told(second))
    return None


@cache
def _rounding(digits: int) -> Any:
    """How far two equal numbers of so many digits may be apart, relatively."""
    return mpmath.mpf(10) ** -(digits - 12)


def _long(value: Any) -> str:
    return str(mpmath.nstr(value, 60)) if not isinstance(value, tuple) else shown(value)


def _once(
    left: Node, right: Node, point: Point, digits: int, means: Means
) -> tuple[tuple[Any, Any], float, int] | None:
    """Both values, the error that quadratures left in them, and how many digits were swamped."""
    extra, effort, cases = means
    with mpmath.workdps(digits):
        try:
            values = point.values()
            for name, make in extra.items():
                values[name] = make(values, effort)
            evaluation = PreciseEvaluation(values, point.laws, effort, cases)
            first, second = (_or_error(evaluation, node) for node in (left, right))
            errors = [side for side in (first, second) if isinstance(side, NoValueError)]
            if len(errors) == 1:
                raise _PartlyError(isinstance(errors[0], ExcludedError))
            if errors:
                return None
            if not (finite(first) and finite(second)):
                return None
        except (UndefinedValueError, ArithmeticError, ValueError, TypeError, MemoryError):
            return None
        except mpmath.libmp.NoConvergence:
            return None
        return (first, second), float(evaluation.error), evaluation.swamped


def _or_error(evaluation: PreciseEvaluation, node: Node) -> Any:
    """A value, or why there is none."""
    try:
        return evaluation.value(node)
    except NoValueError as error:
        return error


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
            if 0 in (first, second):
                return max(distance(item, mpmath.mpf(0)) for row in one for item in row)
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


def sizes(value: Any) -> list[Any]:
    """The sizes of the numbers in a value."""
    if isinstance(value, bool):
        return []
    return [abs(item) for row in value for item in row] if tables.is_table(value) else [abs(value)]


def constant_digits(node: Node) -> int:
    """How many more digits the constants of an expression call for: 10^-200 needs 200."""
    total = 0.0
    known: dict[int, float | None] = {}
    for part in walk(node):
        if isinstance(part, Number):
            total += max(0, len(str(part.numerator)) + len(str(part.denominator)) - 6)
        elif isinstance(part, Power):
            total += _power_digits(part, known)
        elif isinstance(part, Call) and part.function in ("exp", "factorial", "gamma"):
            size = abs(_plain(part.arguments[0], known) or 0.0)
            total += size * (0.44 if part.function == "exp" else math.log10(size + 1))
    return int(min(total * 1.2, 10 * MOST_DIGITS))


def _power_digits(power: Power, known: dict[int, float | None]) -> float:
    exponent = _plain(power.exponent, known)
    if exponent is None:
        return 0.0
    base = _plain(power.base, known)
    if base is None:
        # Where more is lost in sums, it is seen while adding.
        return min(abs(exponent) * 0.5, 300.0) if abs(exponent) > 6 else 0.0
    return abs(exponent) * max(abs(math.log10(abs(base))), 0.3) if base else 0.0


def _plain(node: Node, known: dict[int, float | None]) -> float | None:
    value = constant_value(node, known)
    return value if value is not None and math.isfinite(value) else None


def interesting(*nodes: Node) -> Callable[[], tuple[Fraction, ...]]:
    """Numbers at which cases may change, found when they are first asked for."""
    return cache(lambda: tuple(dict.fromkeys(chain(*map(_interesting, nodes)))))


def _interesting(node: Node) -> tuple[Fraction, ...]:
    """Numbers in an expression, and what is made of them."""
    found = [
        Fraction(part.numerator, part.denominator)
        for part in walk(node)
        if isinstance(part, Number)
    ]
    known: dict[int, float | None] = {}
    for part in walk(node):
        if isinstance(part, Name | Number):
            continue
        value = _plain(part, known)
        if value is not None and 1e-12 < abs(value) < 1e12:
            found.append(Fraction(value).limit_denominator(10**12))
    plain = list(dict.fromkeys(item for item in found if abs(item) < 10**12))[:6]
    ratios = [a / b for a in plain for b in plain if b and a != b]
    roots = [Fraction(math.sqrt(item)) for item in plain if item > 4]
    return tuple(dict.fromkeys([*plain, *roots, *ratios]))[:10]


__all__ = ["Numbers", "compare", "constant_digits", "distance", "finite"]
