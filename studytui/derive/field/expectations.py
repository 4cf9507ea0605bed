"""Expectations: linear where every mean exists, a product where factors are independent."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from math import comb, factorial

from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.nodes import Name, Node
from studytui.derive.field.element import Element
from studytui.derive.field.ring import ONE, Kind, Monomial
from studytui.derive.field.sums_and_products import Folds

MOST_MOMENT = 8


class Means:
    """The means in one ring. ``value`` makes an element of a node, for parameters of laws."""

    def __init__(self, symbols: Symbols, folds: Folds, value: Callable[[Node], Element]) -> None:
        self.symbols = symbols
        self.folds = folds
        self.powers = folds.powers
        self.ring = folds.ring
        self.value = value

    def mean(self, body: Element) -> Element:
        """The mean over every random name."""
        random = frozenset(name for name in body.names if self.symbols.domain(name).law)
        if not random:
            return body
        if random & self.ring.names(body.bottom) or not self._exists(body, random):
            return self._opaque(body.key("mean"), body.names - random)
        total = self.powers.number(0)
        for monomial, number in body.top.items():
            inside, outside = self.folds.split(monomial, random)
            factor = Element(self.ring, {outside: number}, body.bottom)
            total += factor * self._mean(inside, random)
        return total

    def _opaque(self, key: Hashable, names: frozenset[str]) -> Element:
        return self.powers.element(self.ring.atom(key, Kind(names=names)))

    def _exists(self, body: Element, random: frozenset[str]) -> bool:
        """Whether only powers of random numbers are averaged, or there are finitely many values."""
        if all(self.symbols.domain(name).law == "any" for name in random):
            return True
        plain = {
            number
            for key, number in self.ring.numbers.items()
            if isinstance(key, tuple) and key[0] in ("entry", "index", "name", "sum")
        }
        return all(
            atom in plain
            for monomial in body.top
            for atom, _ in monomial
            if self.ring.kinds[atom].names & random
        )

    def _mean(self, monomial: Monomial, random: frozenset[str]) -> Element:
        """The mean of a product of atoms that are all random."""
        if not monomial:
            return self.powers.number(1)
        fold = self.folds.summand(monomial[0][0])
        if fold is not None and len(monomial) == 1 and monomial[0][1] == 1:
            inside, variable, count = fold
            if not random & count.names:
                return self.folds.sum(self.mean(Element(self.ring, {inside: 1})), variable, count)
        if fold is not None and len(monomial) == 1 and monomial[0][1] == 2:
            squared = self._mean_of_square(*fold, random)
            if squared is not None:
                return squared
        if len(monomial) == 2 and any(map(self._is_apart, monomial, monomial[::-1])):
            one, other = (self._mean((pair,), random) for pair in monomial)
            return one * other
        result = self.powers.number(1)
        for group in self._together(monomial, random):
            result *= self._moment(group, random)
        return result

    def _mean_of_square(
        self, inside: Monomial, variable: str, count: Element, random: frozenset[str]
    ) -> Element | None:
        """The mean of the square of a sum of independent terms: ``E[S]^2`` and the variances.

        They are independent where each has elements of its own of independent sequences.
        """
        if random & count.names:
            return None
        for atom, power in inside:
            names = self.ring.kinds[atom].names & random
            if names and (power != 1 or not self._is_own_element(atom, variable, inside, names)):
                return None
        term = Element(self.ring, {inside: 1})
        first, second = self.mean(term), self.mean(term * term)
        total = self.folds.sum(first, variable, count)
        return total * total + self.folds.sum(second - first * first, variable, count)

    def _is_apart(self, total: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether the second is an element of an independent sequence, and the first a sum of
        elements of it that are surely others."""
        fold, place = self.folds.summand(total[0]), self._place(other[0])
        if fold is None or place is None or total[1] != 1:
            return False
        inside, variable, count = fold
        name = str(self.ring.key(other[0])[1])
        moving = [atom for atom, _ in inside if self._is_random_atom(atom)]
        if len(moving) != 1 or dict(inside)[moving[0]] != 1:
            return False
        if not self._is_own_element(moving[0], variable, inside, frozenset({name})):
            return False
        own = self._place(moving[0])
        assert own is not None
        first = own - self.value(Name(variable))
        gaps = (place - first - count, first - place - 1)
        return any(
            gap.bottom == ONE and (not gap.top or self.powers.is_nonnegative(gap.top))
            for gap in gaps
        )

    def _is_random_atom(self, atom: int) -> bool:
        return any(self.symbols.domain(name).law for name in self.ring.kinds[atom].names)

    def _is_own_element(
        self, atom: int, variable: str, inside: Monomial, names: frozenset[str]
    ) -> bool:
        """Whether an atom is ``X[i + c]`` of an independent sequence X that is there only once."""
        place = self._place(atom)
        if place is None or len(names) != 1:
            return False
        (name,) = names
        others = [item for item, _ in inside if name in self.ring.kinds[item].names]
        domain = self.symbols.domain(name)
        here = self.value(Name(variable))
        alone = domain.independent and domain.kind == "sequence" and others == [atom]
        return alone and variable not in (place - here).names

    def _place(self, atom: int) -> Element | None:
        """The index of an element of a sequence with one index; None for other atoms."""
        key = self.ring.key(atom)
        if not isinstance(key, tuple) or key[0] != "index" or len(key[2]) != 1:
            return None
        above, below = key[2][0]
        return Element(self.ring, dict(above), dict(below))

    def _together(self, monomial: Monomial, random: frozenset[str]) -> list[Monomial]:
        """The factors in groups that are independent of each other."""
        groups: list[tuple[frozenset[str], Monomial]] = []
        for pair in monomial:
            names = self.ring.kinds[pair[0]].names & random
            if not all(map(self._is_independent, names)):
                names |= {""}  # these may all hang together
            near = [group for group in groups if group[0] & names]
            groups = [group for group in groups if not group[0] & names]
            joined = names.union(*(group[0] for group in near))
            groups.append((joined, (*(item for _, inside in near for item in inside), pair)))
        return [tuple(sorted(inside)) for _, inside in groups]

    def _is_independent(self, name: str) -> bool:
        domain = self.symbols.domain(name)
        return domain.independent and domain.kind != "sequence"

    def _moment(self, monomial: Monomial, random: frozenset[str]) -> Element:
        """The mean of a product that is not taken apart; a moment where the law is known."""
        if len(monomial) == 1 and 0 < monomial[0][1] <= MOST_MOMENT:
            atom, power = monomial[0]
            name = self.powers.variables.get(atom)
            if name is not None:
                domain = self.symbols.domain(name)
                known = _MOMENTS.get(domain.law)
                if known is not None:
                    return known(self._parameters(domain), power)
        alike = self._of_any_element(monomial)
        if alike is not None:
            return self._opaque(("mean", *alike), frozenset())
        return self._opaque(("mean", monomial), self.ring.names({monomial: 1}) - random)

    def _of_any_element(self, monomial: Monomial) -> tuple[str, int] | None:
        """A power of one element of a random sequence, whose elements are distributed alike."""
        if len(monomial) != 1 or self._place(monomial[0][0]) is None:
            return None
        base = str(self.ring.key(monomial[0][0])[1])
        return (base, monomial[0][1]) if self.symbols.domain(base).law else None

    def _parameters(self, domain: Domain) -> list[Element]:
        one = self.powers.number(1)
        return [one, *(self.value(parameter) for parameter in domain.parameters)]


def _normal(parameters: list[Element], power: int) -> Element:
    """By the binomial theorem: even moments of the standard one are ``(k - 1)!!``."""
    one, mean, deviation = parameters
    total = one * 0
    for even in range(0, power + 1, 2):
        odd_factorial = factorial(even) // (2 ** (even // 2) * factorial(even // 2))
        total += mean ** (power - even) * deviation**even * (comb(power, even) * odd_factorial)
    return total


def _uniform(parameters: list[Element], power: int) -> Element:
    """``(a^k + a^(k-1) b + ... + b^k) / (k + 1)``."""
    one, low, high = parameters
    total = one * 0
    for step in range(power + 1):
        total += low**step * high ** (power - step)
    return total / (power + 1)


def _bernoulli(parameters: list[Element], power: int) -> Element:
    return parameters[1]


def _rademacher(parameters: list[Element], power: int) -> Element:
    return parameters[0] * (1 - power % 2)


def _exponential(parameters: list[Element], power: int) -> Element:
    return parameters[0] * factorial(power) / parameters[1] ** power


_MOMENTS: dict[str, Callable[[list[Element], int], Element]] = {
    "normal": _normal,
    "uniform": _uniform,
    "bernoulli": _bernoulli,
    "rademacher": _rademacher,
    "exponential": _exponential,
}
"""The mean of a power, by the law's parameters (after the number one) and the exponent."""
