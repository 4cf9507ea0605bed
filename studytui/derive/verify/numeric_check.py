"""The numeric stage: values of both sides at points of the domains, with many digits."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import mpmath

from studytui.derive.evaluate import tables
from studytui.derive.evaluate.arithmetic import ExcludedError, NoValueError, UndefinedValueError
from studytui.derive.evaluate.cases import Cases, one_sided
from studytui.derive.evaluate.doubles import DIGITS as AGREEING
from studytui.derive.evaluate.effort import Effort
from studytui.derive.evaluate.extremes import extremes
from studytui.derive.evaluate.high_precision import shown
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.evaluate.sampling import Point
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node
from studytui.derive.verdict import Counterexample
from studytui.derive.verify import special_numbers
from studytui.derive.verify.shared_points import SharedPoints

MARGIN = 1e4
"""How far beyond the error of quadratures two values must differ to refute, or may to agree."""
QUICK, CLOSE, PATIENT = 60_000, 120_000, 4_000_000
"""Steps of evaluation for a first look, for one at every interesting place, and for points that a
proof is in want of, which may be integrals of integrals."""
LONG = 100
"""More terms of a sum are not asked for where an equation is looked at far out."""
CLEAR = 1e-6
"""How far two values are apart, relatively, where floats can tell that they are."""
DOUBLES = 12
"""Digits by which the terms of a sum may differ in size where floats are asked at all: beyond,
they lose the small ones, as too few digits do."""
SPARE = 2.0
"""How many times its steps a look may take to come to its first points."""


Means = tuple[Definitions, Effort, Cases]
"""Recursive functions, the work that values have taken, and the cases met so far."""


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
    far: int = 0
    """Points far out and at the ends of the domains at which both sides agree."""
    far_without: int = 0
    """Those of them at which no value could be computed."""
    named: bool = True
    """Whether there are names, and so more than one point."""
    one_sided: bool = False
    """Whether something that goes by cases was met in one case only."""


def compare(shared: SharedPoints, *, wanted: int = 12, work: int = QUICK) -> Numbers:
    """Compare two expressions at random points until ``wanted`` agree or one refutes.

    ``wanted`` 0 means so many that each name was at and beside each of the interesting numbers.
    After ``work`` steps few points are enough.
    """
    effort = Effort(SPARE * work)
    names, digits = shared.names, shared.digits
    if digits > special_numbers.MOST_DIGITS:
        return Numbers(0, 0)
    look = _Look(shared, (shared.extra, effort, {}))
    seen: set[Any] = set()
    finest = 30 if wanted else 300
    wanted = wanted or 30 + min(240, 14 * len(shared.interesting()) * len(names))
    most = 4 if not names else wanted * 4
    for tried, point in enumerate(shared, 1):
        if point.key() not in seen:
            look.at(point, digits + (finest if tried == 1 else 0))
        seen.add(point.key())
        if look.counterexample or look.agreed >= (wanted if names else 1) or tried >= most:
            break
        if effort.spent > work and (look.agreed >= 3 or tried >= 10):
            break
    return look.found(digits, bool(names))


def look_far(shared: SharedPoints, near: Numbers) -> Numbers:
    """Look far out and at the ends of the domains too, where few terms decide.

    A quadrature is not believed out there, be it that it differs or that it diverges.
    """
    if not shared.names or shared.digits > special_numbers.MOST_DIGITS:
        return near
    look = _Look(shared, (shared.extra, Effort(CLOSE), {}))
    without = 0
    for point in extremes(shared.names, shared.symbols):
        before = look.agreed
        look.at(point, shared.digits)
        if look.counterexample and not look.is_rough:
            return replace(near, counterexample=look.counterexample)
        without += look.agreed == before and not _is_long(point, shared.symbols)
    return replace(near, far=look.agreed, far_without=without)


def _is_long(point: Point, symbols: Symbols) -> bool:
    """Whether a whole number is so large that a sum of so many terms need not be computable."""
    whole = (value for name, value in point.numbers.items() if symbols.domain(name).whole)
    return any(not isinstance(value, tuple) and abs(value) > LONG for value in whole)


@dataclass
class _Look:
    """What became of the points that were looked at."""

    shared: SharedPoints
    means: Means
    agreed: int = 0
    without: int = 0
    worst: float = 0.0
    partly: list[str] = field(default_factory=list)
    diverging: list[str] = field(default_factory=list)
    counterexample: Counterexample | None = None
    is_rough: bool = False
    """Whether the counterexample was computed by quadratures."""

    def at(self, point: Point, digits: int) -> None:
        """Look at a point."""
        try:
            outcome = _at(self.shared, point, digits, self.means)
        except _PartlyError as lost:
            self.partly.append(", ".join(f"{name} = {value}" for name, value in point.shown()))
            self.diverging += [] if lost.is_told else self.partly[-1:]
            return
        if outcome is None:
            self.without += 1
            return
        equal, error, sides = outcome
        if not equal:
            self.counterexample = Counterexample(point.shown(), *sides)
            self.is_rough = error > 0
            return
        self.agreed += 1
        self.worst = max(self.worst, error)

    def found(self, digits: int, named: bool) -> Numbers:
        """What it comes to."""
        shown_digits = int(-math.log10(MARGIN * self.worst)) if self.worst else digits
        return Numbers(
            self.agreed,
            shown_digits,
            self.counterexample,
            rough=self.worst > 0,
            partly=tuple(self.partly),
            diverging=tuple(self.diverging),
            without=self.without,
            named=named,
            one_sided=one_sided(self.means[2]),
        )


class _PartlyError(Exception):
    """Only one of the two sides has a value; ``is_told``: conditions tell why."""

    def __init__(self, is_told: bool) -> None:
        super().__init__()
        self.is_told = is_told


SAME = ("", "")
"""Values that agree are not told."""


def _at(
    shared: SharedPoints, point: Point, digits: int, means: Means
) -> tuple[bool, float, tuple[str, str]] | None:
    """Whether both sides agree at a point, and what they are if not; None without a value."""
    for _ in range(3):
        outcome = _once(shared, point, digits, means)
        if outcome is None:
            return None
        values, error, swamped = outcome
        first, second = values
        if swamped > digits - 15:
            digits = swamped + 40
            if digits > special_numbers.MOST_DIGITS:
                return None
            continue
        gap = distance(first, second)
        if error:
            scale = max(1, *sizes(first), *sizes(second))
            if gap <= MARGIN * error:
                return True, error, SAME
            clear = gap > 100 * MARGIN * error and apart(first, second) > MARGIN * error * scale
            told = shown if gap > 1e-6 else _long
            return (False, error, (told(first), told(second))) if clear else None
        if gap < _rounding(digits):
            return True, 0.0, SAME
        if gap > CLEAR and swamped < DOUBLES and _in_doubles_too(shared, point, values):
            return False, 0.0, (shown(first), shown(second))
        finer = digits + 40 if gap > 1e-12 else digits * 3
        if finer > 2 * special_numbers.MOST_DIGITS:
            return None
        again = _once(shared, point, finer, means)
        if again is None or again[1]:
            return None
        if apart(*again[0]) < apart(first, second) / 1000:
            return True, 0.0, SAME
        told = shown if gap > 1e-6 else _long
        return False, 0.0, (told(first), told(second))
    return None


def _in_doubles_too(shared: SharedPoints, point: Point, values: tuple[Any, Any]) -> bool:
    """Whether plain floats give the same two values: an evaluation with other roundings, as good a
    second opinion as one with more digits, and quicker."""
    plain = shared.in_doubles(point)
    return plain is not None and all(
        isinstance(value, mpmath.mpf) and math.isclose(value, other, rel_tol=10.0**-AGREEING)
        for value, other in zip(values, plain, strict=True)
    )


@cache
def _rounding(digits: int) -> Any:
    """How far two equal numbers of so many digits may be apart, relatively."""
    return mpmath.mpf(10) ** -(digits - 12)


def _long(value: Any) -> str:
    return str(mpmath.nstr(value, 60)) if not isinstance(value, tuple) else shown(value)


def _once(
    shared: SharedPoints, point: Point, digits: int, means: Means
) -> tuple[tuple[Any, Any], float, int] | None:
    """Both values, the error that quadratures left in them, and how many digits were swamped."""
    extra, effort, cases = means
    with mpmath.workdps(digits):
        try:
            values = point.values()
            for name, make in extra.items():
                values[name] = make(values, effort)
            evaluation = PreciseEvaluation(values, point.laws, effort, cases)
            first, second = (_or_error(evaluation, node) for node in (shared.left, shared.right))
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
