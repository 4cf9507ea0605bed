"""The evaluator's numbers in the prover: mpmath with as many digits as asked for."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import mpmath

from studytui.derive.evaluate.arithmetic import ExcludedError, Ratio, UndefinedValueError

LARGEST = 10**7
"""Arguments of exponentials beyond this are refused: their digits would fill the memory."""


_GROWING = frozenset(("exp", "sinh", "cosh", "tanh", "sin", "cos", "tan", "cot", "sec", "csc")) | {
    "sigmoid",
    "softplus",
    "erf",
    "erfc",
}
_WITH_POLES = frozenset(("tan", "cot", "sec", "csc"))
_FACTORIAL = frozenset(("gamma", "factorial", "loggamma", "digamma", "zeta", "binomial"))


@lru_cache(maxsize=256)
def _nearness(digits: int) -> Any:
    """How near to a jump is too near, where numbers have so many digits."""
    return mpmath.mpf(10) ** -(digits * 3 // 5)


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
        number = mpmath.mpf(value.numerator)
        return number if value.denominator == 1 else number / value.denominator

    def constant(self, name: str) -> Any:
        """pi, e, i or oo."""
        values = {"pi": mpmath.pi, "e": mpmath.e, "i": mpmath.mpc(0, 1), "oo": mpmath.inf}
        return +values[name]

    def power(self, base: Any, exponent: Any) -> Any:
        """The principal power."""
        self._check(base, exponent)
        if base != 0 and abs(mpmath.re(exponent)) + abs(mpmath.im(exponent)) > 0:
            size = mpmath.mag(base) if base else 0
            if abs(exponent) * (abs(size) + 1) > LARGEST:
                logarithm = exponent * mpmath.log(base)
                if self.saturating and mpmath.re(logarithm) < -LARGEST:
                    return mpmath.mpf(0)
                if abs(logarithm) > LARGEST:
                    raise UndefinedValueError("a power too large to compute")
            integral = mpmath.isint(exponent)
            if not integral:
                self._off_cut(base)
                self._smooth_at(base)
        return mpmath.power(base, exponent)

    def call(self, function: str, arguments: list[Any]) -> Any:
        """A known function of numbers."""
        self._check(*arguments)
        first = arguments[0]
        if function in _GROWING and abs(first) > LARGEST:
            if self.saturating and function == "exp" and mpmath.re(first) < 0:
                return mpmath.mpf(0)
            raise UndefinedValueError("an argument too large to compute")
        if function in _FACTORIAL and any(abs(argument) > 10**5 for argument in arguments):
            raise UndefinedValueError("an argument too large to compute")
        if function in ("log", "sqrt", "root", "arg", "loggamma", "logit"):
            self._off_cut(first)
        if function in ("sqrt", "root"):
            self._smooth_at(first)
        if function in ("asin", "acos", "acosh", "atanh"):
            self._off_cut(1 - first)
            self._off_cut(1 + first)
        result = getattr(self, f"_{function}", self._plain)(function, arguments)
        if function in _WITH_POLES and abs(result) * self.near > 1:
            raise ExcludedError("a pole")
        if mpmath.isinf(result) and not any(map(mpmath.isinf, arguments)):
            raise ExcludedError("a pole")
        return result

    def order(self, left: Any, right: Any) -> int:
        """Compare; equal only if exactly so, and refused where rounding could decide."""
        self._check(left, right)
        if mpmath.im(left) != 0 or mpmath.im(right) != 0:
            if left == right:
                return 0
            raise UndefinedValueError("complex numbers have no order")
        left, right = mpmath.re(left), mpmath.re(right)
        if left == right:
            return 0
        both = mpmath.isfinite(left) and mpmath.isfinite(right)
        if both and abs(left - right) < self.near * max(abs(left), abs(right), 1):
            raise UndefinedValueError("too near to tell which is larger")
        return -1 if left < right else 1

    def whole(self, value: Any) -> int:
        """The integer that a number is."""
        self._check(value)
        if mpmath.im(value) != 0 or not mpmath.isfinite(value):
            raise UndefinedValueError("a bound or an index is not a whole number")
        nearest = mpmath.nint(mpmath.re(value))
        if abs(nearest - mpmath.re(value)) > self.near or abs(nearest) > 10**9:
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

    def _smooth_at(self, value: Any) -> None:
        """Refuse a root next to zero where smoothness matters."""
        if self.smooth and abs(value) < self.near:
            raise UndefinedValueError("a root has no derivative at zero")

    def _real(self, value: Any) -> Any:
        if mpmath.im(value) != 0:
            raise UndefinedValueError("a complex number where a real one is needed")
        return mpmath.re(value)

    def _plain(self, function: str, arguments: list[Any]) -> Any:
        return getattr(mpmath, function)(*arguments)

    def _log(self, _: str, arguments: list[Any]) -> Any:
        if 0 in arguments:
            raise ExcludedError("the logarithm of zero, or to the base zero")
        result = mpmath.log(arguments[0])
        if len(arguments) == 2:
            self._off_cut(arguments[1])
            result /= mpmath.log(arguments[1])
        return result

    def _root(self, _: str, arguments: list[Any]) -> Any:
        return self.power(arguments[0], 1 / arguments[1])

    def _abs(self, _: str, arguments: list[Any]) -> Any:
        return abs(arguments[0])

    def _sign(self, _: str, arguments: list[Any]) -> Any:
        if arguments[0] != 0 and abs(arguments[0]) < self.near:
            raise UndefinedValueError("too near to zero to have a sign")
        return mpmath.sign(arguments[0])

    def _floor(self, _: str, arguments: list[Any]) -> Any:
        value = self._real(arguments[0])
        nearest = mpmath.nint(value)
        if nearest != value and abs(nearest - value) < self.near * max(1, abs(value)):
            raise UndefinedValueError("too near to a whole number")
        return mpmath.floor(value)

    def _ceiling(self, name: str, arguments: list[Any]) -> Any:
        return -self._floor(name, [-arguments[0]])

    def _mod(self, name: str, arguments: list[Any]) -> Any:
        value, base = arguments
        if base == 0:
            raise UndefinedValueError("a remainder by zero")
        return value - base * self._floor(name, [value / base])

    def _conjugate(self, _: str, arguments: list[Any]) -> Any:
        return mpmath.conj(arguments[0])

    def _max(self, _: str, arguments: list[Any]) -> Any:
        return max(self._real(value) for value in arguments)

    def _min(self, _: str, arguments: list[Any]) -> Any:
        return min(self._real(value) for value in arguments)

    def _binomial(self, _: str, arguments: list[Any]) -> Any:
        if mpmath.isint(arguments[1]) and mpmath.re(arguments[1]) < 0:
            return mpmath.mpf(0)  # so that Pascal's rule holds everywhere
        return mpmath.binomial(*arguments)

    def _betafunction(self, _: str, arguments: list[Any]) -> Any:
        return mpmath.beta(*arguments)

    def _sigmoid(self, _: str, arguments: list[Any]) -> Any:
        return 1 / (1 + mpmath.exp(-arguments[0]))

    def _relu(self, _: str, arguments: list[Any]) -> Any:
        return max(self._real(arguments[0]), mpmath.mpf(0))

    def _softplus(self, _: str, arguments: list[Any]) -> Any:
        return mpmath.log(1 + mpmath.exp(arguments[0]))

    def _logit(self, _: str, arguments: list[Any]) -> Any:
        return mpmath.log(arguments[0] / (1 - arguments[0]))

    def _delta(self, _: str, arguments: list[Any]) -> Any:
        return mpmath.mpf(int(self.order(*arguments) == 0))


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


def log10_size(value: Any) -> float:
    """The decimal exponent of a number's size."""
    return -math.inf if value == 0 else float(mpmath.log10(abs(value)))
