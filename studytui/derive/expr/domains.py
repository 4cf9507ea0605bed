"""Domains of symbols: what a declaration such as ``0 < beta < 1`` or ``positive integer`` says."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from studytui.derive.expr.nodes import Node


@dataclass(frozen=True, slots=True)
class Domain:
    """The values that a symbol may take.

    ``kind`` is real, integer, complex, function, sequence, vector or matrix. Bounds are exact;
    ``constraints`` are relations with other symbols (``1 <= k <= n``). Of a function, a sequence
    or a matrix the flags hold for each value. ``shape`` is rows and columns. ``law`` is set for a
    random symbol: ``any``, or a named distribution with its parameters in ``parameters``.
    """

    kind: str = "real"
    lower: Fraction | None = None
    upper: Fraction | None = None
    lower_open: bool = False
    upper_open: bool = False
    excluded: tuple[Fraction, ...] = ()
    constraints: tuple[Node, ...] = ()
    shape: tuple[int, int] | None = None
    law: str = ""
    parameters: tuple[Node, ...] = ()
    independent: bool = False
    integer: bool = False
    declared: bool = True

    @property
    def whole(self) -> bool:
        """Whether its values are integers."""
        return self.kind == "integer" or self.integer

    @property
    def positive(self) -> bool:
        """Whether every value is above zero."""
        return self.lower is not None and (
            self.lower > 0 or (self.lower == 0 and (self.lower_open or 0 in self.excluded))
        )

    @property
    def negative(self) -> bool:
        """Whether every value is below zero."""
        return self.upper is not None and (
            self.upper < 0 or (self.upper == 0 and (self.upper_open or 0 in self.excluded))
        )

    @property
    def nonnegative(self) -> bool:
        """Whether no value is below zero."""
        return self.lower is not None and self.lower >= 0

    @property
    def nonpositive(self) -> bool:
        """Whether no value is above zero."""
        return self.upper is not None and self.upper <= 0

    @property
    def nonzero(self) -> bool:
        """Whether zero is left out."""
        return self.positive or self.negative or 0 in self.excluded

    @property
    def least(self) -> int | None:
        """The smallest value of a domain of integers."""
        if self.lower is None:
            return None
        value = math.ceil(self.lower)
        while not self.contains(Fraction(value)) and value < self.lower + 5:
            value += 1
        return value

    @property
    def is_empty(self) -> bool:
        """Whether bounds, exclusions and integrality leave no value."""
        if self.lower is None or self.upper is None:
            return False
        if self.lower > self.upper:
            return True
        if self.lower == self.upper:
            return not self.contains(self.lower)
        if not self.whole or self.upper - self.lower > len(self.excluded) + 2:
            return False
        places = range(math.ceil(self.lower), math.floor(self.upper) + 1)
        return not any(self.contains(Fraction(place)) for place in places)

    def contains(self, value: Fraction) -> bool:
        """Whether a number satisfies bounds, exclusions and integrality."""
        if self.whole and value.denominator != 1:
            return False
        if value in self.excluded:
            return False
        if self.lower is not None and (
            value < self.lower or (self.lower_open and value == self.lower)
        ):
            return False
        return self.upper is None or not (
            value > self.upper or (self.upper_open and value == self.upper)
        )


@dataclass(frozen=True, slots=True)
class Symbols:
    """The declared symbols. Where ``open``, an undeclared name is a real number."""

    domains: dict[str, Domain] = field(default_factory=dict)
    open: bool = False

    def find(self, name: str) -> str | None:
        """The declared name that is meant: as it stands, or up to underscores, if only one is."""
        if name in self.domains:
            return name
        bare = name.replace("_", "")
        close = [known for known in self.domains if known.replace("_", "") == bare]
        return close[0] if len(close) == 1 else None

    def domain(self, name: str) -> Domain:
        """The domain of a name; real where it is not declared."""
        return self.domains.get(name, UNDECLARED)

    def with_domains(self, extra: dict[str, Domain]) -> Symbols:
        """The same symbols and some more."""
        return Symbols({**self.domains, **extra}, self.open)


UNDECLARED = Domain(declared=False)
