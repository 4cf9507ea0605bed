"""Equations between elements, solved for atoms one after the other (Gauss).

``c x + r = 0`` says ``x = -r/c`` where c does not vanish, and that is shown before it is used. What
is put in for x is equal to it wherever the equations hold, whatever x stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studytui.derive.field.certificates import Certificates
from studytui.derive.field.element import Element
from studytui.derive.field.ring import ONE, Polynomial, negative


class Elimination:
    """The solutions of equations ``item = 0``; ``signs`` tell what does not vanish."""

    def __init__(self, signs: Certificates, zero: Sequence[Element]) -> None:
        self.signs = signs
        self.solutions: list[tuple[int, Element]] = []
        self.left: list[Polynomial] = []
        """What is zero too, and was solved for nothing."""
        for item in zero:
            item = self.put_into(item)
            found = next(self._solved(item), None)
            if found is not None:
                self.solutions.append(found)
            elif len(item.top) > 1:
                self._leave(item)

    def put_into(self, value: Element) -> Element:
        """The element with every atom that was solved for put in."""
        for atom, solution in self.solutions:
            value = put(value, atom, solution)
        return value

    def vanishes(self, value: Element) -> bool:
        """Whether the element is zero, by the equations."""
        value = self.put_into(value)
        if not value.top:
            return True
        rest = value.ring.primitive(value.top)[2]
        return rest in self.left

    def _leave(self, item: Element) -> None:
        """Keep an equation without the factors that do not vanish."""
        _, common, rest = item.ring.primitive(item.top)
        if all(self.signs.powers.never_vanishes(atom) for atom, _ in common):
            self.left.append(rest)

    def _solved(self, item: Element) -> Iterator[tuple[int, Element]]:
        """Atoms for which an equation can be solved, and what they are; the simplest first."""
        ring = item.ring
        atoms = sorted({atom for monomial in item.top for atom, _ in monomial}, reverse=True)
        ways = []
        for atom in atoms:
            slope: Polynomial = {}
            rest: Polynomial = {}
            for monomial, number in item.top.items():
                power = dict(monomial).get(atom, 0)
                if power > 1:
                    break
                kept = tuple(pair for pair in monomial if pair[0] != atom)
                (slope if power else rest)[kept] = number
            else:
                if atom not in ring.relations:
                    ways.append((slope.keys() != ONE.keys(), atom, slope, rest))
        for is_open, atom, slope, rest in sorted(ways, key=lambda way: way[0]):
            if is_open and not self._never_vanishes(Element(ring, slope)):
                continue
            yield atom, Element(ring, negative(rest), slope)

    def _never_vanishes(self, slope: Element) -> bool:
        return self.signs.shows(slope, True) or self.signs.shows(-slope, True)


def put(value: Element, atom: int, solution: Element) -> Element:
    """The element with another one in place of an atom."""
    return _put_polynomial(value.top, atom, solution) / _put_polynomial(
        value.bottom, atom, solution
    )


def _put_polynomial(polynomial: Polynomial, atom: int, solution: Element) -> Element:
    ring = solution.ring
    total = Element(ring, {})
    for monomial, number in polynomial.items():
        power = dict(monomial).get(atom, 0)
        rest = tuple(pair for pair in monomial if pair[0] != atom)
        term = Element(ring, {rest: number})
        total += term * solution**power if power else term
    return total
