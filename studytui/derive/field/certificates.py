"""That an element is nowhere negative, shown by a certificate: an identity that anyone may check.

*Products.* If ``g_1, g_2, ...`` are not negative, then neither is any product of them, nor a sum of
such products with coefficients that are not negative; so ``D = c_1 g_1 + c_2 g_1 g_2 + ...`` with
``c_k >= 0`` shows ``D >= 0``, and ``D > 0`` where one of the terms is positive. The identity is one
of polynomials in the atoms, and so holds whatever their values.

*Squares.* ``a x^2 + b x + c >= 0`` for real x where ``a >= 0``, ``c >= 0`` and ``4 a c >= b^2``: at
``a = 0`` this forces ``b = 0``; else ``4 a`` times it is ``(2 a x + b)^2 + 4 a c - b^2``. It is
positive where ``4 a c > b^2``.

What is not negative times something positive is not negative itself: ``D >= 0`` where ``c D >= 0``
is shown with c > 0.

A denominator has either sign: ``p/q >= 0`` where ``p q >= 0``, wherever it has a value at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

from studytui.derive.field.combination import is_combination
from studytui.derive.field.element import Element
from studytui.derive.field.powers import Powers
from studytui.derive.field.ring import ONE, Polynomial, TooLargeError, negative

MOST_COLUMNS = 260
"""Products that are tried as terms."""
MOST_SQUARED = 3
"""Atoms in which squares are looked for, one inside the other."""
DEGREES = (1, 2, 3, 4)
_STRICT = "positive"
"""The row that counts the terms which are positive."""


@dataclass(frozen=True, slots=True)
class Known:
    """An element that is not negative; positive where it is ``strict``."""

    value: Element
    strict: bool = False


class Certificates:
    """What is known to be nowhere negative.

    ``moving`` are elements that may be added to what is to be shown, times any number, the same
    everywhere: what they come to in all is zero.
    """

    def __init__(
        self, powers: Powers, known: Sequence[Known], moving: Sequence[Element] = ()
    ) -> None:
        self.powers = powers
        self.ring = powers.ring
        self.moving = moving
        self.known = [item for item in map(self._cleared, known) if item is not None]

    def shows(self, value: Element, strict: bool) -> bool:
        """Whether an element is not negative, or positive where ``strict``."""
        try:
            return self._shows(value, strict)
        except TooLargeError:
            return False

    def _shows(self, value: Element, strict: bool) -> bool:
        top, factor = value.top, value.bottom
        if not top:
            return not strict
        if not self.powers.is_positive(factor):
            if self.powers.is_positive(negative(factor)):
                top, factor = negative(top), negative(factor)
            elif not self.ring.is_real(factor):
                return False
            else:
                top = self.ring.multiply(top, factor)
                factor = self.ring.multiply(factor, factor)
        # Over one denominator, so that what may be added is not scaled from place to place.
        for below in {frozenset(item.bottom.items()) for item in self.moving}:
            if self.powers.is_positive(dict(below)):
                top = self.ring.multiply(top, dict(below))
                factor = self.ring.multiply(factor, dict(below))
        scaled = [item * Element(self.ring, factor) for item in self.moving]
        moving = [item.top for item in scaled if item.bottom == ONE]
        if not moving and self._is_square(top, strict, MOST_SQUARED):
            return True
        if any(self._combines(top, degree, strict, moving) for degree in DEGREES):
            return True
        return not moving and any(
            self._combines(self.ring.multiply(top, item.value.top), 2, strict)
            for item in self._near(top)
            if item.strict and len(item.value.top) == 1
        )

    def _is_square(self, top: Polynomial, strict: bool, deep: int) -> bool:
        """Whether it is a quadratic in a real atom that has no root, or a double one."""
        if self._plain(top, strict):
            return True
        if not deep:
            return False
        for atom in self._squared(top):
            parts: list[Polynomial] = [{}, {}, {}]
            for monomial, number in top.items():
                power = dict(monomial).get(atom, 0)
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                parts[power][rest] = number
            low, middle, high = parts
            if not self.ring.is_real(middle):
                continue
            gap = self.ring.multiply({(): 4}, self.ring.multiply(high, low))
            gap = self.ring.add(gap, negative(self.ring.multiply(middle, middle)))
            inner = deep - 1
            if (
                self._is_square(high, False, inner)
                and self._is_square(low, False, inner)
                and self._is_square(gap, strict, inner)
            ):
                return True
        return False

    def _squared(self, top: Polynomial) -> list[int]:
        """Real atoms that stand squared, and in no higher power."""
        highest: dict[int, int] = {}
        for monomial in top:
            for atom, power in monomial:
                highest[atom] = max(power, highest.get(atom, power))
        return [
            atom
            for atom, power in highest.items()
            if power == 2 and self.ring.kinds[atom].real and atom not in self.ring.relations
        ]

    def _plain(self, top: Polynomial, strict: bool) -> bool:
        if not top:
            return not strict
        return self.powers.is_positive(top) or (not strict and self._combines(top, 1, False, []))

    def _cleared(self, item: Known) -> Known | None:
        """The numerator, with the sign of the denominator in it."""
        sides = item.value.top, item.value.bottom
        if not self.powers.is_positive(sides[1]):
            if not self.ring.is_real(sides[1]):
                return None
            try:
                sides = self.ring.multiply(*sides), ONE
            except TooLargeError:
                return None
        return Known(Element(self.ring, sides[0]), item.strict) if sides[0] else None

    def _combines(
        self,
        top: Polynomial,
        degree: int,
        strict: bool,
        moving: Sequence[Polynomial] = (),
    ) -> bool:
        """Whether products of so many known factors add up to it; to zero where there is none."""
        columns: list[dict[Any, int]] = []
        for product, positive in self._products(top, degree):
            column: dict[Any, int] = dict(product)
            if strict and positive:
                column[_STRICT] = 1
            columns.append(column)
        for item in moving:
            columns += [dict(item), dict(negative(item))]
        if not strict:
            return is_combination(top, columns)
        # Some multiple of it; where none is called for, what is known cannot be true.
        columns.append(dict(negative(top)))
        return is_combination({_STRICT: 1}, columns)

    def _products(self, top: Polynomial, degree: int) -> Iterator[tuple[Polynomial, bool]]:
        """Products of known factors, the shortest first, and whether each is positive."""
        yield ONE, True
        near = self._near(top)
        count = 0
        for length in range(1, degree + 1):
            for group in combinations_with_replacement(near, length):
                count += 1
                if count > MOST_COLUMNS:
                    return
                product = ONE
                for item in group:
                    product = self.ring.multiply(product, item.value.top)
                yield product, all(item.strict for item in group)

    def _near(self, top: Polynomial) -> list[Known]:
        """What shares an atom with it, or with what does."""
        wanted = {atom for monomial in top for atom, _ in monomial}
        if not wanted:
            return self.known  # what is known may contradict itself
        for _ in range(2):
            for item in self.known:
                atoms = {atom for monomial in item.value.top for atom, _ in monomial}
                if atoms & wanted:
                    wanted |= atoms
        return [
            item
            for item in self.known
            if {atom for monomial in item.value.top for atom, _ in monomial} & wanted
        ]
