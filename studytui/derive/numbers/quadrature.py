"""Definite integrals as numbers, by tanh-sinh quadrature (Takahasi and Mori, 1974) of pieces.

Where an integrand dies like a power, towards infinity or towards zero, the piece is integrated
over the logarithm of the place: there it dies like an exponential.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import mpmath

from studytui.derive.numbers.arithmetic import NoValueError, UndefinedValueError

Function = Callable[[Any], Any]
FINEST_DEGREE = 7
FARTHEST = 10**5
"""The logarithm of a place beyond which nothing of a convergent integral is left."""
WIDE = 20
"""A longer interval is looked at in pieces."""


def two_ways(lower: Any, upper: Any) -> tuple[list[Any], list[Any]]:
    """Two ways to cut an interval into pieces."""
    if upper - lower <= WIDE:
        return [lower, upper], [lower, lower + (upper - lower) * 3 / 7, upper]
    inside = [mpmath.mpf(place) for place in (-30, -6, -1, 0, 1, 6, 30)]
    breaks = [lower, *(place for place in inside if lower < place < upper), upper]
    halves = [(first + second) / 2 for first, second in pairwise(breaks[1:-1])]
    return breaks, [lower, *halves, upper]


def integrated(function: Function, breaks: list[Any]) -> Any:
    """The integral over the pieces between ``breaks``, of which the outer may be infinite."""
    total = mpmath.mpf(0)
    for sign, end in ((-1, breaks[0]), (1, breaks[-1])):
        if mpmath.isinf(end):
            finite = [place for place in breaks if mpmath.isfinite(place)]
            cut = max(mpmath.mpf(30), *(2 * abs(place) for place in (*finite, 0)))
            breaks = [-cut, *breaks[1:]] if sign < 0 else [*breaks[:-1], cut]
            total += _from(cut, function, sign, 1)
    inner = [breaks[0]]
    for first, second in pairwise(breaks):
        if 0 in (first, second) and _is_steep(function, first + second):
            total += mpmath.quad(function, inner, maxdegree=FINEST_DEGREE) if inner[1:] else 0
            total += _from(1 / abs(first + second), function, int(mpmath.sign(first + second)), -1)
            inner = []
        inner.append(second)
    return total + (mpmath.quad(function, inner, maxdegree=FINEST_DEGREE) if inner[1:] else 0)


def _from(cut: Any, function: Function, sign: int, power: int) -> Any:
    """The integral over ``sign * t^power`` for all ``t > cut``, taken over the logarithm of t."""

    def apply(logarithm: Any) -> Any:
        if logarithm > FARTHEST:
            return mpmath.mpf(0)
        size = mpmath.exp(power * logarithm)
        return function(sign * size) * size

    return mpmath.quad(apply, [mpmath.log(cut), mpmath.inf], maxdegree=FINEST_DEGREE)


def _is_steep(function: Function, scale: Any) -> bool:
    """Whether it grows towards zero."""
    far, near = (abs(function(scale * mpmath.mpf(10) ** -power)) for power in (3, 9))
    return bool(near > 2 * far)


def dying(function: Function) -> Function:
    """The integrand of a convergent integral far out, where its parts are too large to compute."""

    def apply(place: Any) -> Any:
        try:
            return function(place)
        except UndefinedValueError:
            if abs(place) > 100:
                return mpmath.mpf(0)
            raise

    return apply


def check_ends(function: Function, lower: Any, upper: Any) -> None:
    """Towards infinity and towards zero the integral must converge, on each side by itself.

    :raises NoValueError: it does not.
    :raises UndefinedValueError: not by enough to be sure.
    """
    for end, other, sign in ((lower, upper, -1), (upper, lower, 1)):
        if mpmath.isinf(end):
            _check_decay(function, sign, (3, 6))
        elif end == 0 and _is_steep(function, min(mpmath.mpf(1), abs(other)) * -sign):
            _check_decay(function, -sign, (-6, -12))


def _check_decay(function: Function, sign: int, powers: tuple[int, int]) -> None:
    """Between two powers of ten the integrand must fall against 1/x."""
    factors = [mpmath.mpf(text) for text in ("1", "1.37", "1.71")]
    near, far = (
        max(abs(function(sign * mpmath.mpf(10) ** power * factor)) for factor in factors)
        * mpmath.mpf(10) ** power
        for power in powers
    )
    if far > 1e-9 and not far <= near / 2:
        if far < near * 0.999:
            raise UndefinedValueError("an integral that hardly converges")
        raise NoValueError("an integral that may not converge")
