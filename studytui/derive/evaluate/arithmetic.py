"""Numbers for the evaluator: floats, in pure Python. The prover has one with 50 digits."""

from __future__ import annotations

import math
from typing import Protocol

from studytui.derive.functions import Function, floats
from studytui.derive.functions.spec import Scalar
from studytui.errors import StudyError


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

    def knows(self, function: Function) -> bool:
        """Whether there is a value without the definition."""
        ...

    def call(self, function: Function, arguments: list[Scalar]) -> Scalar:
        """A known function of numbers."""
        ...

    def order(self, left: Scalar, right: Scalar) -> int:
        """-1, 0 or 1; raises where the numbers cannot be ordered."""
        ...

    def whole(self, value: Scalar) -> int:
        """The integer that a number is; raises where it is none."""
        ...


def _real(value: Scalar) -> float:
    try:
        return floats.real(value)
    except ValueError as error:
        raise UndefinedValueError(str(error)) from error


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

    def knows(self, function: Function) -> bool:
        """Whether there is a value without the definition."""
        return function.number is not None

    def call(self, function: Function, arguments: list[Scalar]) -> Scalar:
        """A known function of numbers.

        :raises UndefinedValueError: it has no value there, or needs the prover.
        """
        if function.number is None:
            raise UndefinedValueError(f"{function.name} has no value in plain numbers")
        try:
            return function.number(*arguments)
        except ValueError as error:
            raise UndefinedValueError(f"{function.name} has no value there") from error

    def order(self, left: Scalar, right: Scalar) -> int:
        """Compare two real numbers; a rounding error apart counts as equal."""
        first, second = _real(left), _real(right)
        if math.isclose(first, second, rel_tol=1e-13):
            return 0
        return -1 if first < second else 1

    def whole(self, value: Scalar) -> int:
        """The integer within a rounding error."""
        number = _real(value)
        if not math.isfinite(number) or abs(number - round(number)) > 1e-9 * max(1.0, abs(number)):
            raise UndefinedValueError("a bound or an index is not a whole number")
        return round(number)
