"""The points at which two expressions are looked at: chosen and put in once, for every look."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import cached_property
from itertools import tee

from studytui.derive.evaluate.doubles import in_doubles, may_have_doubles
from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.evaluate.sampling import Point, points
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node, free_names
from studytui.derive.verify import special_numbers

DIGITS = 50


class SharedPoints:
    """Two expressions, and points of the domains of their names, the same ones in every look."""

    def __init__(
        self, left: Node, right: Node, symbols: Symbols, extra: Definitions | None = None
    ) -> None:
        self.left, self.right = left, right
        self.symbols = symbols
        self.extra = extra or {}
        self.interesting = special_numbers.interesting(left, right)
        """Numbers at which something may change."""
        self._in_doubles: list[tuple[Point, tuple[float, float] | None]] = []

    @cached_property
    def names(self) -> list[str]:
        """The names to choose values for."""
        return names_in(self.left, self.right, self.symbols, self.extra)

    @cached_property
    def digits(self) -> int:
        """How many digits the constants of both sides call for."""
        return digits_for(self.left, self.right)

    @cached_property
    def has_doubles(self) -> bool:
        """Whether doubles are tried at all."""
        return may_have_doubles(self.left, self.right)

    @cached_property
    def _all(self) -> Iterator[Point]:
        return tee(points(self.names, self.symbols, self.interesting), 1)[0]

    def __iter__(self) -> Iterator[Point]:
        return copy(self._all)

    def in_doubles(self, point: Point) -> tuple[float, float] | None:
        """Both sides at one of the points; None where one has no plain value in doubles."""
        if not self.has_doubles:
            return None
        for known, values in self._in_doubles:
            if known is point:
                return values
        self._in_doubles.append((point, in_doubles(self.left, self.right, point)))
        return self._in_doubles[-1][1]


def names_in(left: Node, right: Node, symbols: Symbols, extra: Definitions | None) -> list[str]:
    """The names to choose values for."""
    return [
        name
        for name in sorted(needed(free_names(left) | free_names(right), symbols))
        if (name in symbols.domains or symbols.open) and name not in (extra or {})
    ]


def digits_for(left: Node, right: Node) -> int:
    """How many digits the constants of both sides call for."""
    return DIGITS + special_numbers.constant_digits(left) + special_numbers.constant_digits(right)


def needed(names: frozenset[str], symbols: Symbols) -> frozenset[str]:
    """The names and those that their domains mention."""
    found, waiting = set(), set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        domain = symbols.domain(name)
        for node in (*domain.constraints, *domain.parameters):
            waiting |= free_names(node) - found
    return frozenset(found)
