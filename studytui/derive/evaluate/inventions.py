"""Functions that are invented to stand for a declared one: smooth, and inside its domain."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.high_precision import ratio
from studytui.derive.expr.domains import Domain


def exact(value: Fraction | tuple[Fraction, Fraction]) -> Any:
    """A rational number, or a complex one, at the present precision of mpmath."""
    if isinstance(value, tuple):
        return mpmath.mpc(exact(value[0]), exact(value[1]))
    return ratio(value.numerator, value.denominator)


def invented_function(seed: int, domain: Domain) -> Callable[..., Any]:
    """A smooth function of any number of arguments, with its derivatives for one argument.

    It is a + b x + c x^2 / 2 + d sin(w x + p) of a mixture of the arguments, with a to d of either
    sign: it need not be positive at 0, nor rise. For a positive function it is only the constant
    and the sine, with a > |d|.
    """
    generator = random.Random(seed)
    a, b, c, d, w, p = (Fraction(generator.randrange(10, 200), 97) for _ in range(6))
    mixture = [Fraction(generator.randrange(30, 160), 89) for _ in range(12)]
    a, b, c, d = (each * generator.choice((-1, 1)) for each in (a, b, c, d))
    if domain.lower is not None or domain.upper is not None:
        b = c = Fraction(0)
        a, d = _amplitude(domain)

    def apply(*arguments: Any, primes: int = 0) -> Any:
        if primes and len(arguments) != 1:
            raise UndefinedValueError("a prime on a function of several arguments")
        x, y = (mixed(arguments, shift) for shift in (0, 5))
        slope = exact(b) + exact(c) * x
        polynomial = [exact(a) + exact(b) * x + exact(c) * x**2 / 2, slope, exact(c)]
        smooth = polynomial[primes] if primes < 3 else mpmath.mpf(0)
        angle = exact(w) * y + exact(p) + primes * mpmath.pi / 2
        return smooth + exact(d) * exact(w) ** primes * mpmath.sin(angle)

    def mixed(arguments: tuple[Any, ...], shift: int) -> Any:
        if len(arguments) == 1:
            return arguments[0]
        weights = mixture[shift:] + mixture[:shift]
        return sum(
            exact(weight) * argument for weight, argument in zip(weights, arguments, strict=False)
        )

    return apply


def _amplitude(domain: Domain) -> tuple[Fraction, Fraction]:
    """Centre and swing of a function that stays inside its domain."""
    low = domain.lower if domain.lower is not None else None
    high = domain.upper if domain.upper is not None else None
    if low is not None and high is not None:
        return (low + high) / 2, (high - low) / 3
    if low is not None:
        return low + 2, Fraction(3, 2)
    assert high is not None
    return high - 2, Fraction(3, 2)
