"""One element of the field: a fraction of two polynomials of a ring."""

from __future__ import annotations

from collections.abc import Hashable

from studytui.derive.evaluate.arithmetic import NoValueError
from studytui.derive.field.ring import ONE, Monomial, Polynomial, Ring, TooLargeError

MOST_EXPONENT = 12
"""Of sums; a product may be raised to a higher power."""
LARGEST_EXPONENT = 1000

Frozen = tuple[frozenset[tuple[Monomial, int]], frozenset[tuple[Monomial, int]]]


class Element:
    """A fraction that behaves as a number. Equal elements may be written in different ways."""

    __slots__ = ("bottom", "ring", "top")

    def __init__(self, ring: Ring, top: Polynomial, bottom: Polynomial = ONE) -> None:
        self.ring = ring
        self.top, self.bottom = ring.normal(top, bottom)

    def frozen(self) -> Frozen:
        """Something to know it by."""
        return frozenset(self.top.items()), frozenset(self.bottom.items())

    def key(self, name: str, *more: Hashable) -> Hashable:
        """The key of an atom that is made of this element."""
        return (name, self.frozen(), *more)

    @property
    def names(self) -> frozenset[str]:
        """The names that it depends on."""
        return self.ring.names(self.top) | self.ring.names(self.bottom)

    @property
    def is_real(self) -> bool:
        """Whether it is surely real."""
        return self.ring.is_real(self.top) and self.ring.is_real(self.bottom)

    @property
    def is_whole(self) -> bool:
        """Whether it is surely a whole number."""
        return self.bottom == ONE and self.ring.is_whole(self.top)

    @property
    def ratio(self) -> tuple[int, int] | None:
        """Numerator and denominator of a rational number; None for anything else."""
        if not self.top:
            return 0, 1
        if len(self.top) == len(self.bottom) == 1 and () in self.top and () in self.bottom:
            return self.top[()], self.bottom[()]
        return None

    def of(self, top: Polynomial | int, bottom: Polynomial = ONE) -> Element:
        """Another element of the same field."""
        if isinstance(top, int):
            top = {(): top} if top else {}
        return Element(self.ring, top, bottom)

    def __add__(self, other: Element | int) -> Element:
        if isinstance(other, int):
            other = self.of(other)
        ring = self.ring
        if self.bottom == other.bottom:
            return Element(ring, ring.add(self.top, other.top), self.bottom)
        top = ring.add(ring.multiply(self.top, other.bottom), ring.multiply(other.top, self.bottom))
        return Element(ring, top, ring.multiply(self.bottom, other.bottom))

    __radd__ = __add__

    def __neg__(self) -> Element:
        return self * -1

    def __sub__(self, other: Element | int) -> Element:
        return self + -other

    def __mul__(self, other: Element | int) -> Element:
        ring = self.ring
        if isinstance(other, int):
            other = self.of(other)
        return Element(
            ring, ring.multiply(self.top, other.top), ring.multiply(self.bottom, other.bottom)
        )

    __rmul__ = __mul__

    def inverse(self) -> Element:
        """One divided by it.

        :raises NoValueError: it is zero.
        """
        if not self.top:
            raise NoValueError("division by zero")
        return Element(self.ring, self.bottom, self.top)

    def __truediv__(self, other: Element | int) -> Element:
        if isinstance(other, int):
            other = self.of(other)
        return self * other.inverse()

    def __rtruediv__(self, other: int) -> Element:
        return self.inverse() * other

    def __pow__(self, exponent: int) -> Element:
        if exponent == 0:
            return self.of(1)
        if exponent < 0:
            return self.inverse() ** -exponent
        most = LARGEST_EXPONENT if len(self.top) == len(self.bottom) == 1 else MOST_EXPONENT
        if exponent > most:
            raise TooLargeError
        ring = self.ring
        return Element(ring, ring.power(self.top, exponent), ring.power(self.bottom, exponent))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int):
            other = self.of(other)
        if not isinstance(other, Element):
            return NotImplemented
        ring = self.ring
        return ring.multiply(self.top, other.bottom) == ring.multiply(other.top, self.bottom)

    __hash__ = None  # type: ignore[assignment]
