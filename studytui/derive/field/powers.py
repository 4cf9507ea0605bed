"""Exponentials, logarithms and powers, by laws that the principal branch obeys.

A power is ``exp(exponent * log(base))``, whatever the base. An exponential is taken apart at the
sums in its exponent, always; a logarithm at products, where the factors are positive; and where an
exponent is a whole number a logarithm need be right up to multiples of ``2 pi i`` only.
"""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction

from studytui.derive.evaluate.arithmetic import NoValueError
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.field.element import Element
from studytui.derive.field.ring import (
    ONE,
    Kind,
    Monomial,
    Polynomial,
    Ring,
    TooLargeError,
    negative,
)

BOUND = "#"
"""What the standard names of bound variables start with; no typed name does."""
LARGEST_FACTORED = 10**6
_SMALL_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)


class Powers:
    """The powers in one ring. ``symbols`` tell which atoms that are names are positive."""

    def __init__(self, ring: Ring, symbols: Symbols) -> None:
        self.ring = ring
        self.symbols = symbols
        self.imaginary = ring.atom("i", Kind())
        self.pi = ring.atom("pi", Kind(real=True, positive=True))
        ring.relations[self.imaginary] = 2, {(): -1}
        self.variables: dict[int, str] = {}
        """The names of the atoms that are names."""
        self._bases: dict[int, Element] = {}
        """Of an atom that is a logarithm: of what."""
        self._exponents: dict[int, Element] = {}
        """Of an atom that is an exponential: of what."""

    @property
    def i(self) -> Element:
        """The imaginary unit."""
        return self.element(self.imaginary)

    def element(self, atom: int, power: int = 1) -> Element:
        """An atom as an element."""
        return Element(self.ring, {((atom, power),): 1})

    def number(self, top: int, bottom: int = 1) -> Element:
        """A rational number."""
        return Element(self.ring, {(): top} if top else {}, {(): bottom})

    def exp(self, exponent: Element) -> Element:
        """The exponential: a product over the terms of the exponent."""
        result = self.number(1)
        for monomial, number in exponent.top.items():
            part = Element(self.ring, {monomial: 1}, exponent.bottom)
            if len(part.bottom) == 1 and () in part.bottom:
                ((inside, factor),) = part.top.items()
                share = Fraction(number * factor, part.bottom[()])
                result *= self._whole_power(self._exp(inside, share.denominator), share.numerator)
            else:
                atom = self._exponential(part, part.key("exp"))
                result *= self._whole_power(atom, number)
        return result

    def log(self, value: Element) -> Element:
        """The principal logarithm.

        :raises NoValueError: of zero.
        """
        if not value.top:
            raise NoValueError("the logarithm of zero")
        sides = self.positive_sides(value)
        if sides is not None:
            return self._log(sides[0]) - self._log(sides[1])
        ratio = value.ratio
        if ratio is not None and ratio[0] < 0:
            return self.log(-value) + self.i * self.element(self.pi)
        if value.bottom != ONE and self.is_positive(value.bottom):
            # A positive divisor turns no number: log(1 - exp(-t)) is log(exp(t) - 1) - t.
            return self._opaque_log(Element(self.ring, value.top)) - self._log(value.bottom)
        return self._opaque_log(value)

    def power(self, base: Element, exponent: Element) -> Element:
        """The principal power."""
        ratio = exponent.ratio
        if ratio is not None and ratio[1] == 1:
            return self._whole_power(base, ratio[0])
        if not base.top:
            raise TooLargeError  # zero to an unknown power: one, zero or nothing
        log = self._log_for_whole(base) if exponent.is_whole else self.log(base)
        return self.exp(exponent * log)

    def is_positive(self, polynomial: Polynomial) -> bool:
        """Whether it is surely positive: by its signs, or as linear in a name with bounds."""
        if not polynomial or self.ring.is_plainly_positive(polynomial):
            return bool(polynomial)
        number, common, rest = self.ring.primitive(polynomial)
        if not all(self.ring.kinds[atom].positive for atom, _ in common):
            return False
        if number < 0:
            rest = negative(rest)
        return self.ring.is_plainly_positive(rest) or self._least(rest, True)

    def positive_sides(self, value: Element) -> tuple[Polynomial, Polynomial] | None:
        """An element as a fraction of what is positive; None where it is not surely positive."""
        sides = value.top, value.bottom
        for pair in (sides, (negative(sides[0]), negative(sides[1]))):
            if all(map(self.is_positive, pair)):
                return pair
        return None

    def is_nonnegative(self, polynomial: Polynomial) -> bool:
        """Whether it is surely positive, or linear in a name and never negative."""
        return self.is_positive(polynomial) or self._least(polynomial, False)

    def _least(self, polynomial: Polynomial, strict: bool) -> bool:
        """Whether ``slope * name + constant`` is positive, or not negative, for all its values."""
        linear = self.linear(polynomial)
        if linear is None:
            return False
        name, slope, constant = linear
        if name.startswith(BOUND):
            return slope > 0 and constant > 0  # an index counts from zero
        domain = self.symbols.domain(name)
        if domain.shape or domain.kind not in ("real", "integer"):
            return False
        bound, is_open = _end(domain, slope)
        if bound is None:
            return False
        value = slope * bound + constant
        return value > 0 or (value == 0 and (is_open or not strict))

    def linear(self, polynomial: Polynomial) -> tuple[str, int, int] | None:
        """Name, slope and constant of a polynomial of first degree in one name."""
        moving = [monomial for monomial in polynomial if monomial]
        if len(moving) != 1 or len(moving[0]) != 1 or moving[0][0][1] != 1:
            return None
        name = self.variables.get(moving[0][0][0])
        return (name and (name, polynomial[moving[0]], polynomial.get((), 0))) or None

    def never_vanishes(self, atom: int) -> bool:
        """Whether an atom is positive, or an exponential and no power."""
        if self.ring.kinds[atom].positive or atom == self.imaginary:
            return True
        return atom in self._exponents and not self.has_logs(self._exponents[atom])

    def has_logs(self, exponent: Element) -> bool:
        """Whether a logarithm stands in it, so that its exponential is a power."""
        return any(atom in self._bases for monomial in exponent.top for atom, _ in monomial)

    def exponent(self, atom: int) -> Element | None:
        """Of what an atom is the exponential; None if it is none, or a power."""
        exponent = self._exponents.get(atom)
        return None if exponent is None or self.has_logs(exponent) else exponent

    def _whole_power(self, base: Element, exponent: int) -> Element:
        return base if exponent == 1 else base**exponent

    def _exp(self, monomial: Monomial, parts: int) -> Element:
        """``exp(monomial / parts)``."""
        if len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0] in self._bases:
            base = self._bases[monomial[0][0]]
            return base if parts == 1 else self._root(base, monomial, parts)
        inside = {monomial: 1}
        turning = dict(monomial)
        if turning.get(self.imaginary) == 1 and turning.get(self.pi) == 1:
            del turning[self.imaginary], turning[self.pi]
            if not turning and parts in (1, 2):
                return self.number(-1) if parts == 1 else self.i
            if self.ring.is_whole({tuple(turning.items()): 1}) and parts == 1:
                atom = self._exponential(Element(self.ring, inside), ("exp", monomial))
                self.ring.relations[next(iter(atom.top))[0][0]] = 2, ONE
                return atom
        element = Element(self.ring, inside, {(): parts})
        result = self._exponential(element, ("exp", monomial, parts))
        if parts > 1:
            number = next(iter(result.top))[0][0]
            if number not in self.ring.relations:
                whole = self._exp(monomial, 1)
                if whole.bottom == ONE:
                    self.ring.relations[number] = parts, whole.top
        return result

    def _exponential(self, exponent: Element, key: Hashable) -> Element:
        """The atom of an exponential that is not taken apart."""
        real = exponent.is_real or self._is_whole_multiple_of_log(exponent)
        kind = Kind(real, exponent.is_real, exponent.is_real, names=exponent.names)
        atom = self.ring.atom(key, kind)
        self._exponents.setdefault(atom, exponent)
        return self.element(atom)

    def _is_whole_multiple_of_log(self, exponent: Element) -> bool:
        """Whether it is ``n log(x)``, n whole and x real: its exponential is real."""
        if len(exponent.top) != 1 or exponent.bottom != ONE:
            return False
        (monomial,) = exponent.top
        logs = [atom for atom, power in monomial if power == 1 and atom in self._bases]
        return (
            len(logs) == 1
            and self._bases[logs[0]].is_real
            and all(self.ring.kinds[atom].whole for atom, _ in monomial if atom != logs[0])
        )

    def _root(self, base: Element, monomial: Monomial, parts: int) -> Element:
        """``base^(1 / parts)``, of which a power is the base again."""
        element = Element(self.ring, {monomial: 1}, {(): parts})
        positive = self.positive_sides(base) is not None
        atom = self.ring.atom(("exp", monomial, parts), Kind(positive, positive, names=base.names))
        self._exponents.setdefault(atom, element)
        if base.bottom == ONE:
            self.ring.relations.setdefault(atom, (parts, base.top))
        return self.element(atom)

    def _log(self, polynomial: Polynomial) -> Element:
        """The logarithm of what is positive, at its common factors taken apart."""
        number, common, rest = self.ring.primitive(polynomial)
        if number < 0:
            number, rest = -number, negative(rest)
        result = self._log_of_number(number)
        for atom, power in common:
            result += self._log_of_atom(atom) * power
        if rest != ONE:
            result += self._opaque_log(Element(self.ring, rest), real=True)
        return result

    def _log_of_number(self, number: int) -> Element:
        result = self.number(0)
        if number > LARGEST_FACTORED:
            return self._opaque_log(self.number(number), real=True)
        for prime in _SMALL_PRIMES:
            times = 0
            while number % prime == 0:
                number //= prime
                times += 1
            if times:
                result += self._opaque_log(self.number(prime), real=True) * times
        if number > 1:
            result += self._opaque_log(self.number(number), real=True)
        return result

    def _log_of_atom(self, atom: int) -> Element:
        exponent = self._exponents.get(atom)
        if exponent is not None and exponent.is_real:
            return exponent
        return self._opaque_log(self.element(atom), real=self.ring.kinds[atom].positive)

    def _opaque_log(self, value: Element, real: bool = False) -> Element:
        atom = self.ring.atom(value.key("log"), Kind(real=real, names=value.names))
        self._bases.setdefault(atom, value)
        return self.element(atom)

    def _log_for_whole(self, value: Element) -> Element:
        """A logarithm up to multiples of ``2 pi i``, taken apart at every product."""
        return self._split_log(value.top) - self._split_log(value.bottom)

    def _split_log(self, polynomial: Polynomial) -> Element:
        if self.is_positive(polynomial):
            return self._log(polynomial)
        number, common, rest = self.ring.primitive(polynomial)
        result = self._log_of_number(abs(number))
        if number < 0:
            result += self.i * self.element(self.pi)
        for atom, power in common:
            exponent = self._exponents.get(atom)
            result += (self._log_of_atom(atom) if exponent is None else exponent) * power
        if rest != ONE:
            result += self._opaque_log(Element(self.ring, rest))
        return result


def _end(domain: Domain, slope: int) -> tuple[Fraction | None, bool]:
    """The bound at which a linear function with that slope is least, and whether it is left out."""
    if slope > 0:
        return domain.lower, domain.lower_open or domain.lower in domain.excluded
    return domain.upper, domain.upper_open or domain.upper in domain.excluded
