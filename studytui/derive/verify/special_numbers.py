"""The numbers in an expression: how many digits they call for, and where something may change."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import chain

from studytui.derive.expr.nodes import Call, Name, Node, Number, Power, walk
from studytui.derive.expr.size_limits import constant_value

MOST_DIGITS = 3000


def constant_digits(node: Node) -> int:
    """How many more digits the constants of an expression call for: 10^-200 needs 200."""
    total = 0.0
    known: dict[int, float | None] = {}
    for part in walk(node):
        if isinstance(part, Number):
            if part.denominator > 1 or abs(part.numerator) > 9999:
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
