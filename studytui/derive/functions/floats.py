"""Values of functions for floats."""

from __future__ import annotations

import math
from collections.abc import Callable

from studytui.derive.functions.spec import Scalar


def real(value: Scalar) -> float:
    """A number that is real.

    :raises ValueError: it is not.
    """
    if isinstance(value, complex):
        if value.imag:
            raise ValueError("a complex number where a real one is needed")
        return value.real
    return float(value)


def of_reals(function: Callable[..., float]) -> Callable[..., Scalar]:
    """A function of real numbers."""
    return lambda *values: float(function(*map(real, values)))


def either(
    function: Callable[[float], float],
    general: Callable[[complex], complex],
    low: float = -math.inf,
    high: float = math.inf,
) -> Callable[[Scalar], Scalar]:
    """A function that is real between ``low`` and ``high`` and complex elsewhere."""

    def apply(value: Scalar) -> Scalar:
        if isinstance(value, complex) or not low <= value <= high:
            return general(value)
        return function(value)

    return apply
