"""Numbers for the evaluator: floats, in pure Python. The prover has one with 50 digits."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any, Protocol

from studytui.derive.expr.size_limits import MOST_FACTORIAL
from studytui.errors import StudyError

Scalar = Any
"""A float or complex here, an mpf or mpc in the prover."""


class UndefinedValueError(StudyError):
    """The expression has no value there: a pole, a logarithm of zero, an empty matrix sum."""


class NoValueError(UndefinedValueError):
    """There is none, as at a pole or of what diverges; not only none that can be computed."""


class ExcludedError(NoValueError):
    """There is none since something is divided by zero or a sum runs backwards: the conditions of
    an equation tell of it."""


class Ratio(Protocol):
    """An exact rational: an ``int``, a ``Fraction`` or a node."""

    @property
    def numerator(self) -> int:
        """An integer."""
        ...

    @property
    def denominator(self) -> int:
        """A positive integer."""
        ...


class Arithmetic(Protocol):
    """What the evaluator needs of numbers."""

    def rational(self, value: Ratio) -> Scalar:
        """An exact rational as a number."""
        ...

    def constant(self, name: str) -> Scalar:
        """pi, e, i or oo."""
        ...

    def power(self, base: Scalar, exponent: Scalar) -> Scalar:
        """The principal power."""
        ...

    def call(self, function: str, arguments: list[Scalar]) -> Scalar:
        """A known function of numbers."""
        ...

    def order(self, left: Scalar, right: Scalar) -> int:
        """-1, 0 or 1; raises where the numbers cannot be ordered."""
        ...

    def whole(self, value: Scalar) -> int:
        """The integer that a number is; raises where it is none."""
        ...


def _real(value: Scalar) -> float:
    if isinstance(value, complex):
        if value.imag:
            raise UndefinedValueError("a complex number where a real one is needed")
        return value.real
    return float(value)


def _factorial(value: Scalar) -> float:
    real = _real(value)
    if real < 0 or real != int(real) or real > MOST_FACTORIAL:
        return math.gamma(real + 1)
    return float(math.factorial(int(real)))


def _binomial(above: Scalar, below: Scalar) -> float:
    n, k = _real(above), _real(below)
    if k == int(k) and k < 0:
        return 0.0  # so that Pascal's rule holds everywhere
    if n == int(n) and k == int(k) and n >= 0:
        return float(math.comb(int(n), int(k)))
    return math.gamma(n + 1) / (math.gamma(k + 1) * math.gamma(n - k + 1))


def _sigmoid(value: Scalar) -> float:
    real = _real(value)
    if real >= 0:
        return 1 / (1 + math.exp(-real))
    power = math.exp(real)
    return power / (1 + power)


def _logarithm(value: Scalar, base: Scalar = None) -> Scalar:
    if value == 0:
        raise ExcludedError("the logarithm of zero")
    plain = isinstance(value, complex) or value < 0
    result = cmath.log(value) if plain else math.log(value)
    return result if base is None else result / math.log(_real(base))


def _sign(value: Scalar) -> float:
    real = _real(value)
    return float((real > 0) - (real < 0))


def _either(
    real: Callable[[float], float], general: Callable[[complex], complex], low: float, high: float
) -> Callable[[Scalar], Scalar]:
    """A function that is real between ``low`` and ``high`` and complex elsewhere."""

    def apply(value: Scalar) -> Scalar:
        if isinstance(value, complex) or not low <= value <= high:
            return general(value)
        return real(value)

    return apply


_INFINITE = math.inf
_TABLE: dict[str, Callable[..., Scalar]] = {
    "exp": _either(math.exp, cmath.exp, -_INFINITE, _INFINITE),
    "log": _logarithm,
    "sqrt": _either(math.sqrt, cmath.sqrt, 0.0, _INFINITE),
    "root": lambda value, degree: value ** (1 / _real(degree)),
    "abs": abs,
    "sign": _sign,
    "floor": lambda value: float(math.floor(_real(value))),
    "ceiling": lambda value: float(math.ceil(_real(value))),
    "mod": lambda value, base: math.fmod(math.fmod(_real(value), base) + base, base),
    "re": lambda value: complex(value).real,
    "im": lambda value: complex(value).imag,
    "conjugate": lambda value: value.conjugate(),
    "arg": lambda value: cmath.phase(complex(value)),
    "max": lambda *values: max(map(_real, values)),
    "min": lambda *values: min(map(_real, values)),
    "factorial": _factorial,
    "binomial": _binomial,
    "gamma": lambda value: math.gamma(_real(value)),
    "loggamma": lambda value: math.lgamma(_real(value)),
    "betafunction": lambda a, b: math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)),
    "erf": lambda value: math.erf(_real(value)),
    "erfc": lambda value: math.erfc(_real(value)),
    "sigmoid": _sigmoid,
    "relu": lambda value: max(_real(value), 0.0),
    "softplus": lambda value: max(_real(value), 0.0) + math.log1p(math.exp(-abs(_real(value)))),
    "logit": lambda value: math.log(_real(value) / (1 - _real(value))),
    "delta": lambda left, right: float(left == right),
    "atan2": lambda y, x: math.atan2(_real(y), _real(x)),
    **{
        name: _either(getattr(math, name), getattr(cmath, name), low, high)
        for name, low, high in (
            ("sin", -_INFINITE, _INFINITE), ("cos", -_INFINITE, _INFINITE),
            ("tan", -_INFINITE, _INFINITE), ("sinh", -_INFINITE, _INFINITE),
            ("cosh", -_INFINITE, _INFINITE), ("tanh", -_INFINITE, _INFINITE),
            ("asinh", -_INFINITE, _INFINITE), ("atan", -_INFINITE, _INFINITE),
            ("asin", -1.0, 1.0), ("acos", -1.0, 1.0), ("acosh", 1.0, _INFINITE),
            ("atanh", -1.0, 1.0),
        )
    },
    "cot": lambda value: 1 / math.tan(_real(value)),
    "sec": lambda value: 1 / math.cos(_real(value)),
    "csc": lambda value: 1 / math.sin(_real(value)),
}  # fmt: skip


class FloatArithmetic:
    """Doubles, complex where a value is."""

    def rational(self, value: Ratio) -> Scalar:
        """An exact rational as the nearest double."""
        return value.numerator / value.denominator

    def constant(self, name: str) -> Scalar:
        """pi, e, i or oo."""
        return {"pi": math.pi, "e": math.e, "i": 1j, "oo": math.inf}[name]

    def power(self, base: Scalar, exponent: Scalar) -> Scalar:
        """The principal power."""
        return base**exponent

    def call(self, function: str, arguments: list[Scalar]) -> Scalar:
        """A known function of numbers.

        :raises UndefinedValueError: it has no value there, or needs the prover.
        """
        if function not in _TABLE:
            raise UndefinedValueError(f"{function} has no value in plain numbers")
        return _TABLE[function](*arguments)

    def order(self, left: Scalar, right: Scalar) -> int:
        """Compare two real numbers; a rounding error apart counts as equal."""
        first, second = _real(left), _real(right)
        if math.isclose(first, second, rel_tol=1e-13):
            return 0
        return -1 if first < second else 1

    def whole(self, value: Scalar) -> int:
        """The integer within a rounding error."""
        real = _real(value)
        if not math.isfinite(real) or abs(real - round(real)) > 1e-9 * max(1.0, abs(real)):
            raise UndefinedValueError("a bound or an index is not a whole number")
        return round(real)
