"""The known functions over the field: what has a law is taken apart, the rest is opaque."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from math import factorial
from typing import TypeVar

from studytui.derive.evaluate.arithmetic import Ratio
from studytui.derive.field.absolute_values import Moduli
from studytui.derive.field.element import Element
from studytui.derive.field.powers import Powers
from studytui.derive.field.ring import ONE, Kind, Polynomial, TooLargeError
from studytui.derive.functions import FUNCTIONS, Function

MOST_FACTORS = 12
"""Of a factorial or a binomial that is multiplied out."""
_LAWS: dict[str, Callable[..., Element | None]] = {}
_Law = TypeVar("_Law", bound=Callable[..., Element | None])


def law(name: str) -> Callable[[_Law], _Law]:
    """What a known function is over the field, where that is more than its definition.

    The law must hold for all numbers, real and complex, for which the function has a value. None:
    not for these arguments, of which only so much is known that equal ones have equal values.
    """
    assert name in FUNCTIONS, name

    def register(method: _Law) -> _Law:
        _LAWS[name] = method
        return method

    return register


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

    def knows(self, function: Function) -> bool:
        """Whether it has a law of its own; what has no definition either is opaque."""
        return function.name in _LAWS or not function.definition

    def call(self, function: Function, arguments: list[Element]) -> Element:
        """A known function."""
        known = _LAWS.get(function.name)
        result = known(self, *arguments) if known is not None else None
        return self.opaque(function.name, arguments) if result is None else result

    def opaque(self, function: str, arguments: list[Element], primes: int = 0) -> Element:
        """A function of which nothing is known but that equal arguments have equal values."""
        known = FUNCTIONS[function]
        real = known.real == "always" and all(argument.is_real for argument in arguments)
        names = frozenset().union(*(argument.names for argument in arguments))
        kind = Kind(real=real, whole=real and known.is_whole, names=names)
        key = function, primes, tuple(argument.frozen() for argument in arguments)
        return self.atom(key, kind)

    def atom(self, key: Hashable, kind: Kind) -> Element:
        """An atom as an element."""
        return self.powers.element(self.powers.ring.atom(key, kind))

    @law("exp")
    def _exp(self, value: Element) -> Element:
        return self.powers.exp(value)

    @law("log")
    def _log(self, value: Element, base: Element | None = None) -> Element:
        log = self.powers.log
        return log(value) if base is None else log(value) / log(base)

    @law("sqrt")
    def _sqrt(self, value: Element) -> Element:
        if not value.top:
            return value
        root = self.moduli.even_root(value)
        return self.powers.power(value, self.powers.number(1, 2)) if root is None else root

    @law("root")
    def _root(self, value: Element, degree: Element) -> Element:
        return self.power(value, degree.inverse())

    @law("abs")
    def _abs(self, value: Element) -> Element:
        return self.moduli.abs(value)

    @law("sign")
    def _sign(self, value: Element) -> Element | None:
        return self.moduli.sign(value)

    @law("conjugate")
    def _conjugate(self, value: Element) -> Element:
        return self.moduli.conjugate(value)

    @law("max")
    def _max(self, *values: Element) -> Element | None:
        return self._extreme("max", values, 1)

    @law("min")
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

    @law("floor")
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

    @law("delta")
    def _delta(self, one: Element, other: Element) -> Element:
        if one.frozen() == other.frozen():
            return self.powers.number(1)
        names = one.names | other.names
        key = "delta", frozenset((one.frozen(), other.frozen()))
        return self.atom(key, Kind(real=True, whole=True, names=names))

    @law("factorial")
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

    @law("binomial")
    def _binomial(self, above: Element, below: Element) -> Element | None:
        """Multiplied out where few things are chosen."""
        ratio = below.ratio
        if ratio is None or ratio[1] != 1 or not 0 <= ratio[0] <= MOST_FACTORS:
            return None
        result = self.powers.number(1, factorial(ratio[0]))
        for step in range(ratio[0]):
            result *= above - step
        return result

    @law("betafunction")
    def _betafunction(self, one: Element, other: Element) -> Element:
        key = "betafunction", frozenset((one.frozen(), other.frozen()))
        return self.atom(key, Kind(names=one.names | other.names))
