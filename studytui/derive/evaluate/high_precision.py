"""The evaluator's numbers in the prover: mpmath with as many digits as asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import mpmath
from mpmath.libmp import ComplexResult, from_rational

from studytui.derive.evaluate.arithmetic import ExcludedError, Ratio, UndefinedValueError
from studytui.derive.functions import Function

LARGEST = 10**7
"""The logarithm of the largest power that is computed."""
LARGEST_WHOLE = 10**9
"""The largest bound or index."""


@lru_cache(maxsize=256)
def _nearness(digits: int) -> Any:
    """How near to a jump is too near, where numbers have so many digits."""
    return mpmath.mpf(10) ** -(digits * 3 // 5)


def ratio(numerator: int, denominator: int) -> Any:
    """A rational number at the present precision of mpmath, rounded once."""
    return mpmath.mp.make_mpf(from_rational(numerator, denominator, mpmath.mp.prec, "n"))


class PreciseArithmetic:
    """``mpf`` and ``mpc``. What lies too near to a jump or a branch cut has no value."""

    def __init__(self) -> None:
        self.saturating = False
        """Inside of a quadrature, where the exponential of something huge and negative is zero."""
        self.near = _nearness(mpmath.mp.dps)
        self.smooth = False
        """Inside of a derivative, where a root of next to nothing has none."""

    def rational(self, value: Ratio) -> Any:
        """An exact rational, rounded to the working precision."""
        return ratio(value.numerator, value.denominator)

    def constant(self, name: str) -> Any:
        """pi, e, i or oo."""
        values = {"pi": mpmath.pi, "e": mpmath.e, "i": mpmath.mpc(0, 1), "oo": mpmath.inf}
        return +values[name]

    def power(self, base: Any, exponent: Any) -> Any:
        """The principal power."""
        self._check(base, exponent)
        if base != 0 and exponent != 0:
            if abs(exponent) * (abs(mpmath.mag(base)) + 1) > LARGEST:
                logarithm = exponent * mpmath.log(base)
                if self.saturating and mpmath.re(logarithm) < -LARGEST:
                    return mpmath.mpf(0)
                if abs(logarithm) > LARGEST:
                    raise UndefinedValueError("a power too large to compute")
            if not mpmath.isint(exponent):
                self._off_cut(base)
                self._smooth_at(base)
        return mpmath.power(base, exponent)

    def knows(self, function: Function) -> bool:
        """Whether mpmath has it."""
        return bool(function.precise)

    def call(self, function: Function, arguments: list[Any]) -> Any:
        """A known function of numbers.

        :raises UndefinedValueError: there is no value, or none that is sure: too large to compute,
            next to a jump, to a branch cut or, in a derivative, to a corner.
        """
        self._check(*arguments)
        if any(mpmath.mag(argument) > function.most_bits for argument in arguments):
            if self.saturating and function.name == "exp" and mpmath.re(arguments[0]) < 0:
                return mpmath.mpf(0)
            raise UndefinedValueError("an argument too large to compute")
        if function.of_reals:
            arguments = [self._real(argument) for argument in arguments]
        self._off_cuts(function, arguments)
        if function.corners and function.case is None:
            self._smooth_at(arguments[0])
        if function.jump is not None:
            self._off_jump(function.jump(mpmath, *arguments), arguments)
        result = self._plain(function, arguments)
        if function.is_huge_at_poles and abs(result) * self.near > 1:
            raise ExcludedError("a pole")
        if mpmath.isinf(result) and not any(map(mpmath.isinf, arguments)):
            raise ExcludedError("a pole")
        return result

    def _plain(self, function: Function, arguments: list[Any]) -> Any:
        if function.name == "log" and len(arguments) == 2:
            return self._divided(*(mpmath.log(argument) for argument in arguments))
        precise = function.precise
        if callable(precise):
            return precise(mpmath, *arguments)
        if not precise:
            raise UndefinedValueError(f"{function.name} has no value in numbers")
        try:
            return getattr(mpmath, precise)(*arguments)
        except ComplexResult as error:
            raise UndefinedValueError(f"{function.name} has no real value") from error
        except (ValueError, ZeroDivisionError) as error:
            raise ExcludedError("a pole") from error

    def _divided(self, above: Any, below: Any) -> Any:
        if below == 0 or mpmath.isinf(below):
            raise ExcludedError("a logarithm to the base zero or one")
        return above / below

    def order(self, left: Any, right: Any) -> int:
        """Compare; equal only if exactly so, and refused where rounding could decide."""
        self._check(left, right)
        if left.imag != 0 or right.imag != 0:
            if left == right:
                return 0
            raise UndefinedValueError("complex numbers have no order")
        left, right = left.real, right.real
        if left == right:
            return 0
        both = mpmath.isfinite(left) and mpmath.isfinite(right)
        if both and abs(left - right) < self.near * max(abs(left), abs(right), 1):
            raise UndefinedValueError("too near to tell which is larger")
        return -1 if left < right else 1

    def whole(self, value: Any) -> int:
        """The integer that a number is."""
        if mpmath.isint(value) and abs(value) <= LARGEST_WHOLE:
            return int(value.real)
        self._check(value)
        if value.imag != 0 or not mpmath.isfinite(value):
            raise UndefinedValueError("a bound or an index is not a whole number")
        nearest = mpmath.nint(value.real)
        if abs(nearest - value.real) > self.near or abs(nearest) > LARGEST_WHOLE:
            raise UndefinedValueError("a bound or an index is not a whole number")
        return int(nearest)

    def _check(self, *values: Any) -> None:
        for value in values:
            if mpmath.isnan(value):
                raise UndefinedValueError("not a number")

    def _off_cut(self, value: Any) -> None:
        """Refuse a value whose side of the negative axis is a matter of rounding."""
        imaginary, real = mpmath.im(value), mpmath.re(value)
        if imaginary != 0 and real <= 0 and abs(imaginary) < self.near * max(abs(real), 1):
            raise UndefinedValueError("too near to a branch cut")

    def _off_cuts(self, function: Function, arguments: list[Any]) -> None:
        """Refuse what is too near to a branch cut, or may be since none is known."""
        if not any(isinstance(item, mpmath.mpc) and item.imag for item in arguments):
            return
        if function.cuts is None:
            raise UndefinedValueError(f"{function.name} of a complex number")
        for value in function.cuts(*arguments):
            self._off_cut(value)

    def _off_jump(self, distance: Any, arguments: list[Any]) -> None:
        """Refuse a value whose side of a jump is a matter of rounding."""
        if distance != 0 and abs(distance) < self.near * max(1, *map(abs, arguments)):
            raise UndefinedValueError("too near to a jump")

    def _smooth_at(self, value: Any) -> None:
        """Refuse a root next to zero where smoothness matters."""
        if self.smooth and abs(value) < self.near:
            raise UndefinedValueError("a root has no derivative at zero")

    def _real(self, value: Any) -> Any:
        if value.imag != 0:
            raise UndefinedValueError("a complex number where a real one is needed")
        return mpmath.re(value)


def shown(value: Any) -> str:
    """A number as a person reads it: up to eight digits, ``i`` for the imaginary unit."""
    if isinstance(value, tuple):
        return "[" + ", ".join("[" + ", ".join(map(shown, row)) + "]" for row in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    real, imaginary = mpmath.re(value), mpmath.im(value)
    if imaginary == 0:
        return _digits(real)
    sign = "-" if imaginary < 0 else "+"
    return f"{_digits(real)} {sign} {_digits(abs(imaginary))}i"


def _digits(value: Any) -> str:
    if mpmath.isint(value) and abs(value) < 10**9:
        return str(int(value))
    text = str(mpmath.nstr(value, 8))
    return text[:-2] if text.endswith(".0") else text
