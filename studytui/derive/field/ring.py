"""Polynomials with integer coefficients in atoms, some of which have a power that is known."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import gcd
from typing import Any

MOST_TERMS = 300
MOST_WORK = 12_000
"""Products of two terms; what takes more is left to others."""

MOST_BITS = 20_000
"""Of a coefficient."""

Monomial = tuple[tuple[int, int], ...]
"""Pairs of an atom's number and its power, in order."""
Polynomial = dict[Monomial, int]
"""Coefficients that are not zero."""
ONE: Polynomial = {(): 1}


class TooLargeError(Exception):
    """The expression is left to others."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of an atom for all values of the domains, and the names that it depends on."""

    real: bool = False
    positive: bool = False
    nonnegative: bool = False
    whole: bool = False
    names: frozenset[str] = frozenset()


class Ring:
    """The atoms met so far, and the arithmetic of polynomials in them."""

    def __init__(self) -> None:
        self.numbers: dict[Hashable, int] = {}
        self.kinds: list[Kind] = []
        self.relations: dict[int, tuple[int, Polynomial]] = {}
        """The degree at which a power of an atom is a polynomial, and which."""
        self._work = 0

    def atom(self, key: Hashable, kind: Kind) -> int:
        """The number of the atom with that key."""
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.kinds)
            self.kinds.append(kind)
        return number

    def key(self, atom: int) -> Any:
        """By what an atom is known."""
        return next(key for key, number in self.numbers.items() if number == atom)

    def add(self, first: Polynomial, second: Polynomial) -> Polynomial:
        """The sum."""
        total = dict(first)
        for monomial, number in second.items():
            value = total.get(monomial, 0) + number
            if value:
                total[monomial] = value
            else:
                del total[monomial]
        return total

    def multiply(self, first: Polynomial, second: Polynomial) -> Polynomial:
        """The product.

        :raises TooLargeError: it has too many terms.
        """
        if first == ONE:
            return second
        if second == ONE:
            return first
        self._work += len(first) * len(second)
        if self._work > MOST_WORK:
            raise TooLargeError
        total: Polynomial = {}
        for one, number in first.items():
            for other, factor in second.items():
                monomial = _joined(one, other)
                total[monomial] = total.get(monomial, 0) + number * factor
        result = {monomial: number for monomial, number in total.items() if number}
        if len(result) > MOST_TERMS or any(
            number.bit_length() > MOST_BITS for number in result.values()
        ):
            raise TooLargeError
        return self._reduced(result) if self.relations else result

    def power(self, base: Polynomial, exponent: int) -> Polynomial:
        """A power with a positive whole exponent."""
        if (
            exponent * max((number.bit_length() for number in base.values()), default=0)
            > 2 * MOST_BITS
        ):
            raise TooLargeError
        result = ONE
        while exponent:
            if exponent % 2:
                result = self.multiply(result, base)
            exponent //= 2
            base = self.multiply(base, base) if exponent else base
        return result

    def _reduced(self, polynomial: Polynomial) -> Polynomial:
        """With the powers that are known replaced."""
        for monomial, number in polynomial.items():
            for atom, power in monomial:
                known = self.relations.get(atom)
                if known is None or power < known[0]:
                    continue
                degree, value = known
                rest = tuple(
                    (item, exponent if item != atom else exponent % degree)
                    for item, exponent in monomial
                    if item != atom or exponent % degree
                )
                others = {item: factor for item, factor in polynomial.items() if item != monomial}
                replaced = self.multiply({rest: number}, self.power(value, power // degree))
                return self._reduced(self.add(others, replaced))
        return polynomial

    def normal(self, top: Polynomial, bottom: Polynomial) -> tuple[Polynomial, Polynomial]:
        """A fraction without common numbers and atoms, the leading sign below positive."""
        if bottom == ONE or not top:
            return top, ONE
        factor = gcd(*top.values(), *bottom.values())
        if bottom[max(bottom)] < 0:
            factor = -factor
        common = _common([*top, *bottom])
        if factor == 1 and not common:
            return top, bottom
        return _divided(top, common, factor), _divided(bottom, common, factor)

    def primitive(self, polynomial: Polynomial) -> tuple[int, Monomial, Polynomial]:
        """The number and the atoms that all terms share, and what is left with a positive lead."""
        number = gcd(*polynomial.values())
        if polynomial[max(polynomial)] < 0:
            number = -number
        common = _common(list(polynomial))
        return number, common, _divided(polynomial, common, number)

    def names(self, polynomial: Polynomial) -> frozenset[str]:
        """The names that it depends on."""
        atoms = {atom for monomial in polynomial for atom, _ in monomial}
        return frozenset().union(*(self.kinds[atom].names for atom in atoms))

    def is_real(self, polynomial: Polynomial) -> bool:
        """Whether every atom in it is real."""
        return all(self.kinds[atom].real for monomial in polynomial for atom, _ in monomial)

    def is_whole(self, polynomial: Polynomial) -> bool:
        """Whether every atom in it is a whole number."""
        return all(self.kinds[atom].whole for monomial in polynomial for atom, _ in monomial)

    def is_plainly_positive(self, polynomial: Polynomial) -> bool:
        """Whether no term can be negative, and one is positive."""
        strictly = False
        for monomial, number in polynomial.items():
            if number < 0:
                return False
            positive = all(self.kinds[atom].positive for atom, _ in monomial)
            strictly = strictly or positive
            if not positive and not self._is_nonnegative(monomial):
                return False
        return strictly

    def _is_nonnegative(self, monomial: Monomial) -> bool:
        kinds = [(self.kinds[atom], power) for atom, power in monomial]
        return all(
            kind.positive or kind.nonnegative or (kind.real and power % 2 == 0)
            for kind, power in kinds
        )


def negative(polynomial: Polynomial) -> Polynomial:
    """With every sign turned."""
    return {monomial: -number for monomial, number in polynomial.items()}


def _joined(one: Monomial, other: Monomial) -> Monomial:
    if not one:
        return other
    if not other:
        return one
    powers = dict(one)
    for atom, power in other:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items()))


def _common(monomials: list[Monomial]) -> Monomial:
    """The atoms in all of them, each with its least power."""
    shared = dict(monomials[0])
    for monomial in monomials[1:]:
        if not shared:
            return ()
        powers = dict(monomial)
        shared = {
            atom: min(power, powers[atom]) for atom, power in shared.items() if atom in powers
        }
    return tuple(shared.items())


def _divided(polynomial: Polynomial, common: Monomial, number: int) -> Polynomial:
    if not common:
        return {monomial: factor // number for monomial, factor in polynomial.items()}
    less = dict(common)
    return {
        tuple(
            (atom, power - less.get(atom, 0))
            for atom, power in monomial
            if power != less.get(atom, 0)
        ): factor // number
        for monomial, factor in polynomial.items()
    }
