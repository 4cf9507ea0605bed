"""Definite integrals as numbers, by tanh-sinh quadrature (Takahasi and Mori, 1974) of pieces.

Where an integrand dies like a power, towards infinity or towards zero, the piece is integrated
over the logarithm of the place: there it dies like an exponential.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import mpmath

from studytui.derive.evaluate.arithmetic import NoValueError, UndefinedValueError

Function = Callable[[Any], Any]
FINEST_DEGREE = 7
FARTHEST = 10**5
"""The logarithm of a place beyond which nothing of a convergent integral is left."""
NOTHING = 1e-25
"""What is left of an integrand where it has died."""
SWINGS = 40
"""At so many places towards infinity it is looked for changes of sign."""
WIDE = 20
"""A longer interval is looked at in pieces."""


def two_ways(lower: Any, upper: Any) -> tuple[list[Any], list[Any]]:
    """Two ways to cut an interval into pieces, which never are the same."""
    if upper - lower <= WIDE:
        return [lower, upper], [lower, lower + (upper - lower) * 3 / 7, upper]
    inside = [mpmath.mpf(place) for place in (-30, -6, -1, 0, 1, 6, 30)]
    breaks = [lower, *(place for place in inside if lower < place < upper), upper]
    halves = [(first + second) / 2 for first, second in pairwise(breaks[1:-1])]
    if len(breaks) == 2:
        halves = [_inside(lower, upper)]
    return breaks, [lower, *halves, upper]


def _inside(lower: Any, upper: Any) -> Any:
    """A place in an interval of which one end may be infinite."""
    if mpmath.isinf(upper):
        return lower * 3 / 2
    return upper * 3 / 2 if mpmath.isinf(lower) else lower + (upper - lower) * 3 / 7


def integrated(function: Function, breaks: list[Any]) -> Any:
    """The integral over the pieces between ``breaks``, of which the outer may be infinite.

    :raises UndefinedValueError: it swings for too long towards infinity.
    """
    total = mpmath.mpf(0)
    for sign, end in ((-1, breaks[0]), (1, breaks[-1])):
        if mpmath.isinf(end):
            finite = [place for place in breaks if mpmath.isfinite(place)]
            cut = max(mpmath.mpf(30), *(2 * abs(place) for place in (*finite, 0)))
            pieces = _swinging_pieces(function, sign, cut)
            if not pieces:
                total += _from(cut, function, sign, 1)
            pieces = sorted({sign * place for place in (cut, *pieces)})
            breaks = [*pieces, *breaks[1:]] if sign < 0 else [*breaks[:-1], *pieces]
    inner = [breaks[0]]
    for first, second in pairwise(breaks):
        if 0 in (first, second) and _is_steep(function, first + second):
            total += mpmath.quad(function, inner, maxdegree=FINEST_DEGREE) if inner[1:] else 0
            total += _from(1 / abs(first + second), function, int(mpmath.sign(first + second)), -1)
            inner = []
        inner.append(second)
    return total + (mpmath.quad(function, inner, maxdegree=FINEST_DEGREE) if inner[1:] else 0)


def _swinging_pieces(function: Function, sign: int, cut: Any) -> list[Any]:
    """Short pieces up to where an integrand that swings about zero has died; none if it does not.

    :raises UndefinedValueError: it does not die soon enough.
    """
    places = [cut * mpmath.exp(mpmath.mpf(step) / 5) for step in range(SWINGS)]
    values = [mpmath.re(function(sign * place)) * place for place in places]
    left = [value for value in values if abs(value) > NOTHING]
    changes = sum(1 for first, second in pairwise(left) if first * second < 0)
    if changes < 2:
        return []
    ends = zip(places, _largest_from(values), strict=True)
    dead = next((place for place, rest in ends if rest < NOTHING), mpmath.inf)
    if dead > 20 * WIDE:
        raise UndefinedValueError("an integral of something that swings for too long")
    return [cut + step * WIDE / 2 for step in range(1, int((dead - cut) * 2 / WIDE) + 2)]


def _largest_from(values: list[Any]) -> list[Any]:
    """For each place the largest size from there on."""
    largest: list[Any] = []
    for value in reversed(values):
        largest.append(max(abs(value), largest[-1] if largest else 0))
    return largest[::-1]


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
    """The integrand of a convergent integral far out, where its parts are too large to compute:
    nothing, if it was falling where it could be computed last."""
    falls: dict[int, bool] = {}

    def apply(place: Any) -> Any:
        try:
            return function(place)
        except UndefinedValueError:
            side = 1 if place > 0 else -1
            if abs(place) <= 100:
                raise
            if side not in falls:
                falls[side] = _falls(function, side)
            if not falls[side]:
                raise NoValueError("an integral of something that grows") from None
            return mpmath.mpf(0)

    return apply


def _falls(function: Function, side: int) -> bool:
    """Whether the last place that can be computed shows less than the ones before."""
    sizes = []
    for size in (3, 6, 12, 25, 50, 100):
        try:
            sizes.append(abs(function(side * mpmath.mpf(size))))
        except UndefinedValueError:
            break
    return len(sizes) < 2 or bool(sizes[-1] <= sizes[-2])


def check_convergence(function: Function, lower: Any, upper: Any, turns: Sequence[Any]) -> None:
    """Towards infinity, the bounds and each of the ``turns`` the integral must converge.

    :raises NoValueError: it does not.
    :raises UndefinedValueError: not by enough to be sure.
    """
    sides = [(end, sign) for end, sign in ((lower, 1), (upper, -1)) if mpmath.isfinite(end)]
    sides += [(turn, sign) for turn in turns for sign in (-1, 1)]
    for place, sign in sides:
        _check_decay(function, place, sign * min(mpmath.mpf(1), (upper - lower) / 100), (-6, -12))
    for end, sign in ((lower, -1), (upper, 1)):
        if mpmath.isinf(end):
            _check_decay(function, mpmath.mpf(0), sign, (3, 6))


def _check_decay(function: Function, place: Any, unit: Any, powers: tuple[int, int]) -> None:
    """Between two powers of ten of the distance the integrand must fall against its inverse."""
    factors = [mpmath.mpf(text) for text in ("1", "1.37", "1.71")]
    near, far = (
        max(abs(function(place + unit * mpmath.mpf(10) ** power * factor)) for factor in factors)
        * mpmath.mpf(10) ** power
        for power in powers
    )
    if far > NOTHING and not far <= near / 2:
        if far < near * 0.999:
            raise UndefinedValueError("an integral that hardly converges")
        raise NoValueError("an integral that does not converge")
