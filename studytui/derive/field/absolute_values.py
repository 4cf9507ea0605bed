"""Absolute values, signs and conjugates, factor by factor."""

from __future__ import annotations

from math import isqrt

from studytui.derive.field.element import Element
from studytui.derive.field.powers import Powers
from studytui.derive.field.ring import ONE, Kind, Monomial, Polynomial, TooLargeError, negative


class Moduli:
    """The absolute values, signs and conjugates of elements."""

    def __init__(self, powers: Powers) -> None:
        self.powers = powers
        self.ring = powers.ring
        self._conjugates: dict[int, int] = {}

    def abs(self, value: Element) -> Element:
        """The absolute value."""
        return self._abs(value.top) / self._abs(value.bottom) if value.top else value

    def _abs(self, polynomial: Polynomial) -> Element:
        number, common, rest = self.ring.primitive(polynomial)
        result = self.powers.number(abs(number))
        for atom, power in common:
            kind = self.ring.kinds[atom]
            if kind.nonnegative or (kind.real and power % 2 == 0):
                result *= self.powers.element(atom, power)
            else:
                result *= self._plain({((atom, 1),): 1}) ** power
        return result if rest == ONE else result * self._plain(rest)

    def _plain(self, polynomial: Polynomial) -> Element:
        """The modulus of what has no common factors: itself or its negative where that is known."""
        if self.powers.is_nonnegative(polynomial):
            return Element(self.ring, polynomial)
        if self.powers.is_nonnegative(negative(polynomial)):
            return Element(self.ring, negative(polynomial))
        return self._modulus(polynomial)

    def _modulus(self, polynomial: Polynomial) -> Element:
        """An atom of which the square is known."""
        if polynomial == {((self.powers.imaginary, 1),): 1}:
            return self.powers.number(1)
        element = Element(self.ring, polynomial)
        atom = self.ring.atom(element.key("abs"), Kind(real=True, names=element.names))
        if atom not in self.ring.relations:
            square = element * self.conjugate(element)
            if square.bottom == ONE:
                self.ring.relations[atom] = 2, square.top
        return self.powers.element(atom)

    def even_root(self, value: Element) -> Element | None:
        """The square root of a square of real numbers, as an absolute value; None for others."""
        sides = []
        for polynomial in (value.top, value.bottom):
            if len(polynomial) != 1:
                return None
            ((monomial, number),) = polynomial.items()
            even = all(power % 2 == 0 and self.ring.kinds[atom].real for atom, power in monomial)
            if not even or number < 0 or isqrt(number) ** 2 != number:
                return None
            half = tuple((atom, power // 2) for atom, power in monomial)
            sides.append(self.abs(Element(self.ring, {half: isqrt(number)})))
        return sides[0] / sides[1]

    def sign(self, value: Element) -> Element | None:
        """The sign of a real number; None where it is not surely real.

        A denominator that may vanish stays inside: ``x^k/x`` may have been ``x^(k-1)``, which has
        a value at zero where k is one, and signs are not continuous.
        """
        if not value.top:
            return value
        if not value.is_real:
            return None
        if self.powers.is_positive(value.bottom):
            return self._sign(value.top)
        if self.powers.is_positive(negative(value.bottom)):
            return -self._sign(value.top)
        return None

    def _sign(self, polynomial: Polynomial) -> Element:
        number, common, rest = self.ring.primitive(polynomial)
        result = self.powers.number(1 if number > 0 else -1)
        for atom, power in common:
            if not self.ring.kinds[atom].positive:
                result *= self._sign_atom({((atom, 1),): 1}) ** power
        if rest != ONE and not self.powers.is_positive(rest):
            result *= self._sign_atom(rest)
        return result

    def _sign_atom(self, polynomial: Polynomial) -> Element:
        element = Element(self.ring, polynomial)
        kind = Kind(real=True, whole=True, names=element.names)
        return self.powers.element(self.ring.atom(element.key("sign"), kind))

    def conjugate(self, value: Element) -> Element:
        """The complex conjugate: of every atom by itself."""
        return self._conjugate(value.top) / self._conjugate(value.bottom)

    def _conjugate(self, polynomial: Polynomial) -> Element:
        total = self.powers.number(0)
        for monomial, number in polynomial.items():
            total += self._conjugate_term(monomial) * number
        return total

    def _conjugate_term(self, monomial: Monomial) -> Element:
        result = self.powers.number(1)
        for atom, power in monomial:
            result *= self._conjugate_atom(atom) ** power
        return result

    def _conjugate_atom(self, atom: int) -> Element:
        kind = self.ring.kinds[atom]
        if kind.real:
            return self.powers.element(atom)
        if atom == self.powers.imaginary:
            return -self.powers.i
        exponent = self.powers.exponent(atom)
        if exponent is not None:
            return self.powers.exp(self.conjugate(exponent))
        if atom in self.ring.relations:
            raise TooLargeError  # a root may lie on its branch cut
        if atom not in self._conjugates:
            other = self.ring.atom(("conjugate", atom), Kind(names=kind.names))
            self._conjugates[atom], self._conjugates[other] = other, atom
        return self.powers.element(self._conjugates[atom])
