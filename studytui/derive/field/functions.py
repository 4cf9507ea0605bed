"""The known functions over the field: what has a law is taken apart, the rest is opaque."""

from __future__ import annotations

from collections.abc import Hashable
from math import factorial

from studytui.derive.evaluate.arithmetic import Ratio
from studytui.derive.field.absolute_values import Moduli
from studytui.derive.field.element import Element
from studytui.derive.field.powers import Powers
from studytui.derive.field.ring import ONE, Kind, Polynomial, TooLargeError

MOST_FACTORS = 12
"""Of a factorial or a binomial that is multiplied out."""
_REAL = frozenset(("arg", "asinh", "atan", "atan2", "erf", "erfc", "floor", "mod"))
"""What is real for real arguments, beyond what is taken apart."""


class FieldArithmetic:
    """The evaluator's numbers, where names have no values yet: elements of the field."""

    def __init__(self, powers: Powers) -> None:
        self.powers = powers
        self.moduli = Moduli(powers)

    def rational(self, value: Ratio) -> Element:
        """An exact rational."""
        return self.powers.number(value.numerator, value.denominator)

    def constant(self, name: str) -> Element:
        """pi, e or i."""
        if name == "oo":
            raise TooLargeError
        if name == "e":
            return self.powers.exp(self.powers.number(1))
        return self.powers.element(self.powers.pi if name == "pi" else self.powers.imaginary)

    def power(self, base: Element, exponent: Element) -> Element:
        """The principal power."""
        if exponent.ratio == (1, 2):
            return self._sqrt(base)
        return self.powers.power(base, exponent)

    def whole(self, value: Element) -> int:
        """The integer that a constant is."""
        ratio = value.ratio
        if ratio is None or ratio[1] != 1:
            raise TooLargeError
        return ratio[0]

    def order(self, left: Element, right: Element) -> int:
        """Elements have no order."""
        raise TooLargeError

    def call(self, function: str, arguments: list[Element]) -> Element:
        """A known function."""
        known = getattr(self, f"_{function}", None)
        result = known(*arguments) if known is not None else None
        return self.opaque(function, arguments) if result is None else result

    def opaque(self, function: str, arguments: list[Element], primes: int = 0) -> Element:
        """A function of which nothing is known but that equal arguments have equal values."""
        real = function in _REAL and all(argument.is_real for argument in arguments)
        names = frozenset().union(*(argument.names for argument in arguments))
        kind = Kind(real=real, whole=real and function == "floor", names=names)
        key = function, primes, tuple(argument.frozen() for argument in arguments)
        return self.atom(key, kind)

    def atom(self, key: Hashable, kind: Kind) -> Element:
        """An atom as an element."""
        return self.powers.element(self.powers.ring.atom(key, kind))

    def _exp(self, value: Element) -> Element:
        return self.powers.exp(value)

    def _log(self, value: Element, base: Element | None = None) -> Element:
        log = self.powers.log
        return log(value) if base is None else log(value) / log(base)

    def _sqrt(self, value: Element) -> Element:
        if not value.top:
            return value
        root = self.moduli.even_root(value)
        return self.powers.power(value, self.powers.number(1, 2)) if root is None else root

    def _root(self, value: Element, degree: Element) -> Element:
        return self.power(value, degree.inverse())

    def _turned(self, value: Element) -> tuple[Element, Element]:
        """``exp(i x)`` and its inverse."""
        turned = self.powers.exp(self.powers.i * value)
        return turned, turned.inverse()

    def _sin(self, value: Element) -> Element:
        turned, back = self._turned(value)
        return (turned - back) / (self.powers.i * 2)

    def _cos(self, value: Element) -> Element:
        turned, back = self._turned(value)
        return (turned + back) / 2

    def _tan(self, value: Element) -> Element:
        return self._sin(value) / self._cos(value)

    def _cot(self, value: Element) -> Element:
        return self._cos(value) / self._sin(value)

    def _sec(self, value: Element) -> Element:
        return self._cos(value).inverse()

    def _csc(self, value: Element) -> Element:
        return self._sin(value).inverse()

    def _sinh(self, value: Element) -> Element:
        grown = self.powers.exp(value)
        return (grown - grown.inverse()) / 2

    def _cosh(self, value: Element) -> Element:
        grown = self.powers.exp(value)
        return (grown + grown.inverse()) / 2

    def _tanh(self, value: Element) -> Element:
        grown = self.powers.exp(value * 2)
        return (grown - 1) / (grown + 1)

    def _sigmoid(self, value: Element) -> Element:
        grown = self.powers.exp(value)
        return grown / (grown + 1)

    def _softplus(self, value: Element) -> Element:
        return self.powers.log(self.powers.exp(value) + 1)

    def _logit(self, value: Element) -> Element:
        return self.powers.log(value / (-value + 1))

    def _abs(self, value: Element) -> Element:
        return self.moduli.abs(value)

    def _sign(self, value: Element) -> Element | None:
        return self.moduli.sign(value)

    def _conjugate(self, value: Element) -> Element:
        return self.moduli.conjugate(value)

    def _re(self, value: Element) -> Element:
        return (value + self.moduli.conjugate(value)) / 2

    def _im(self, value: Element) -> Element:
        return (value - self.moduli.conjugate(value)) / (self.powers.i * 2)

    def _relu(self, value: Element) -> Element | None:
        return (value + self._abs(value)) / 2 if value.is_real else None

    def _max(self, *values: Element) -> Element | None:
        return self._extreme("max", values, 1)

    def _min(self, *values: Element) -> Element | None:
        return self._extreme("min", values, -1)

    def _extreme(self, function: str, values: tuple[Element, ...], sign: int) -> Element | None:
        """Of two numbers ``(a + b + |a - b|) / 2``; of more the order does not matter."""
        distinct = {value.frozen(): value for value in values}
        if len(distinct) == 1:
            return values[0]
        if not all(value.is_real for value in values):
            return None
        if len(distinct) == 2:
            one, other = distinct.values()
            return (one + other + self._abs(one - other) * sign) / 2
        names = frozenset().union(*(value.names for value in values))
        return self.atom((function, frozenset(distinct)), Kind(real=True, names=names))

    def _floor(self, value: Element) -> Element | None:
        """Whole terms stand outside."""
        if value.is_whole:
            return value
        if len(value.bottom) != 1 or () not in value.bottom or not value.is_real:
            return None
        divisor, ring = value.bottom[()], self.powers.ring
        outside: Polynomial = {}
        for monomial, number in value.top.items():
            whole = number // divisor if ring.is_whole({monomial: 1}) else 0
            if whole and (not monomial or number % divisor == 0):
                outside[monomial] = whole
        if not outside:
            return None
        moved = Element(ring, outside)
        inside = value - moved
        return moved if not inside.top else moved + self.opaque("floor", [inside])

    def _ceiling(self, value: Element) -> Element:
        inside = -value
        lower = self._floor(inside)
        return -(self.opaque("floor", [inside]) if lower is None else lower)

    def _delta(self, one: Element, other: Element) -> Element:
        if one.frozen() == other.frozen():
            return self.powers.number(1)
        names = one.names | other.names
        key = "delta", frozenset((one.frozen(), other.frozen()))
        return self.atom(key, Kind(real=True, whole=True, names=names))

    def _factorial(self, value: Element) -> Element | None:
        """``(n + k)!`` as ``n! (n + 1) ... (n + k)``, where n is never negative."""
        if value.bottom != ONE:
            return None
        shift = value.top.get((), 0)
        rest = value - shift
        if not 0 < shift <= MOST_FACTORS or not self._is_count(rest):
            return None
        result = self.opaque("factorial", [rest]) if rest.top else self.powers.number(1)
        for step in range(1, shift + 1):
            result *= rest + step
        return result

    def _is_count(self, value: Element) -> bool:
        """Whether it is zero or a name of whole numbers that are not negative."""
        if not value.top:
            return True
        linear = self.powers.linear(value.top)
        if linear is None or linear[1:] != (1, 0):
            return False
        domain = self.powers.symbols.domain(linear[0])
        return domain.whole and domain.nonnegative

    def _binomial(self, above: Element, below: Element) -> Element | None:
        """Multiplied out where few things are chosen."""
        ratio = below.ratio
        if ratio is None or ratio[1] != 1 or not 0 <= ratio[0] <= MOST_FACTORS:
            return None
        result = self.powers.number(1, factorial(ratio[0]))
        for step in range(ratio[0]):
            result *= above - step
        return result

    def _betafunction(self, one: Element, other: Element) -> Element:
        key = "betafunction", frozenset((one.frozen(), other.frozen()))
        return self.atom(key, Kind(names=one.names | other.names))
