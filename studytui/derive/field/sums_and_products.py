"""Sums and products over an index: split at their terms and factors, counted from zero.

With a body shifted to start at zero and ``count`` terms, a sum up to ``count + 1`` is the sum up to
``count`` and one term more: sums that are shifted, or that differ by a few terms, end up alike.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.substitute import replaced
from studytui.derive.field.element import Element
from studytui.derive.field.nested_sums import blocks, has_inner_sum, nested, orders
from studytui.derive.field.powers import BOUND, Powers
from studytui.derive.field.ring import ONE, Kind, Monomial, Polynomial, TooLargeError
from studytui.derive.field.sum_ranges import cut

MOST_APART = 3
"""Terms by which a sum may differ from one that is known."""
MOST_TERMS = 12
"""Of a sum that is written out."""
MOST_FAULHABER = 3


class Folds:
    """The folds in one ring. ``value`` makes an element of a node."""

    def __init__(self, powers: Powers, value: Callable[[nodes.Node], Element]) -> None:
        self.powers = powers
        self.ring = powers.ring
        self.value = value
        self._sums: dict[int, tuple[Monomial, str, Element]] = {}
        self.term_by_term = True
        """Whether a sum is taken apart before its terms are one fraction: ``1/k - 1/(k + 1)``."""
        self._indices: dict[str, Domain] = {}
        """The indices of the sums around what is evaluated, which count from zero."""

    def fold(self, node: nodes.Fold) -> Element:
        """A sum, a product, or what is the most or the least over an index."""
        if node.kind == "sum":
            parts = _taken_out(node) if self.term_by_term else _factors_out(node)
            if parts != [(nodes.Number(1), node)]:
                pairs = [(self.value(outside), self.fold(inside)) for outside, inside in parts]
                return _joined("sum", [one * other for one, other in pairs], self.powers.number)
            left = cut(node, self.here(), self.value)
            if left is not None:
                return self.value(left)
            found = nested(node)
            if found is not None:
                return self._nest(*found)
        return self._fold(node)

    def _nest(self, ranges: tuple[nodes.Fold, ...], body: nodes.Node) -> Element:
        """Sums of sums: one sum where they are its blocks, else in one order of all."""
        for moved, row, whole in blocks(ranges, body):
            if row not in self.value(moved).names:
                return self.fold(whole)
        ways = [self._fold(node) for node in orders(ranges, body)]
        return min(ways, key=lambda way: (sorted(way.top.items()), sorted(way.bottom.items())))

    def here(self) -> Symbols:
        """The symbols, and the indices of the sums that are being evaluated."""
        return self.powers.symbols.with_domains(self._indices)

    def _fold(self, node: nodes.Fold) -> Element:
        taken = (
            nodes.free_names(node.body)
            | nodes.free_names(node.lower)
            | nodes.free_names(node.upper)
        )
        depth = next(depth for depth in range(len(taken) + 1) if f"{BOUND}{depth}" not in taken)
        variable = f"{BOUND}{depth}"
        lower = self.value(node.lower)
        count = self.value(node.upper) - lower + 1

        def at(place: nodes.Node) -> Element:
            return self.value(replaced(node.body, {node.variable: place}))

        def body_at(place: nodes.Node, beyond: int) -> Element:
            last = nodes.Add((node.upper, nodes.Negate(node.lower), nodes.Number(-beyond)))
            before = self._indices
            self._indices = {**before, variable: _counter(variable, last)}
            try:
                return at(place)
            finally:
                self._indices = before

        start = (
            nodes.Name(variable) if not lower.top else nodes.Add((nodes.Name(variable), node.lower))
        )
        if node.kind not in ("sum", "product"):
            body = body_at(start, 0)
            names = (body.names - {variable}) | lower.names | count.names
            key = body.key(node.kind, variable, lower.frozen(), count.frozen())
            return self.powers.element(self.ring.atom(key, Kind(names=names)))
        over = self.sum if node.kind == "sum" else self.product
        count, extra = _without_shift(count)
        if not count.top and 0 <= extra <= MOST_TERMS:
            places = [_plus(node.lower, step) for step in range(extra)]
            return _joined(node.kind, [at(place) for place in places], self.powers.number)
        if abs(extra) > MOST_APART or not count.top or not self._may_split(node.kind, count, extra):
            count, extra = count + extra, 0
        whole = over(body_at(start, extra), variable, count)
        if not extra:
            return whole
        steps = range(1 - extra, 1) if extra > 0 else range(1, 1 - extra)
        ends = [at(_plus(node.upper, step)) for step in steps]
        more = _joined(node.kind, ends, self.powers.number)
        if not more.top and node.kind == "product":
            raise TooLargeError  # where the product is empty it is one, and not zero
        if node.kind == "sum":
            return whole + more if extra > 0 else whole - more
        return whole * more if extra > 0 else whole / more

    def _may_split(self, kind: str, count: Element, extra: int) -> bool:
        """Whether ``extra`` items may stand apart from the fold of ``count`` items.

        A sum goes on below zero items as a difference; a product would be a quotient, and what it
        is divided by may be zero.
        """
        if kind == "sum" or extra <= 0:
            return True
        return count.bottom == ONE and self.powers.is_nonnegative(count.top)

    def sum(self, body: Element, variable: str, count: Element) -> Element:
        """Term by term; what does not depend on the index stands before each sum."""
        total = self.powers.number(0)
        below, beside = self._below(body.bottom, variable)
        for monomial, number in body.top.items():
            inside, outside = self.split(monomial, frozenset({variable}))
            factor = Element(self.ring, {outside: number}, beside)
            if below == ONE:
                total += factor * self._sum(inside, variable, count)
            else:
                term = Element(self.ring, {inside: 1}, below)
                total += factor * self._whole("sum", term, variable, count)
        return total

    def _below(self, bottom: Polynomial, variable: str) -> tuple[Polynomial, Polynomial]:
        """The factors of a denominator that depend on the index, and the others."""
        if variable not in self.ring.names(bottom):
            return ONE, bottom
        number, common, rest = self.ring.primitive(bottom)
        inside, outside = self.split(common, frozenset({variable}))
        moving, fixed = {inside: 1}, {outside: number}
        if variable in self.ring.names(rest):
            return self.ring.multiply(moving, rest), fixed
        return moving, self.ring.multiply(fixed, rest)

    def split(self, monomial: Monomial, names: frozenset[str]) -> tuple[Monomial, Monomial]:
        """The part of a product that depends on the names, and the rest."""
        inside = tuple(pair for pair in monomial if self.ring.kinds[pair[0]].names & names)
        return inside, tuple(pair for pair in monomial if pair not in inside)

    def summand(self, atom: int) -> tuple[Monomial, str, Element] | None:
        """Of an atom that is a sum: the body, the index and the number of terms."""
        return self._sums.get(atom)

    def _sum(self, monomial: Monomial, variable: str, count: Element) -> Element:
        """The sum of a product of atoms that all depend on the index."""
        if not monomial:
            return count
        ((atom, power), *others) = monomial
        is_power = not others and self.powers.variables.get(atom) == variable
        if is_power and power <= MOST_FAULHABER:
            return _powers_below(count, power)
        number = self.ring.atom(
            ("sum", monomial, variable, count.frozen()),
            self._kind({monomial: 1}, variable, count),
        )
        self._sums.setdefault(number, (monomial, variable, count))
        return self.powers.element(number)

    def product(self, body: Element, variable: str, count: Element) -> Element:
        """Factor by factor; exponentials as one of a sum."""
        if self.powers.positive_sides(body) is not None:
            return self.powers.exp(self.sum(self.powers.log(body), variable, count))
        above, below = (self._product(side, variable, count) for side in (body.top, body.bottom))
        return above / below

    def _product(self, polynomial: Polynomial, variable: str, count: Element) -> Element:
        if not polynomial:
            raise TooLargeError
        number, common, rest = self.ring.primitive(polynomial)
        result = self.powers.power(self.powers.number(number), count)
        for atom, power in common:
            exponent = self.powers.exponent(atom)
            if variable not in self.ring.kinds[atom].names:
                factor = self.powers.power(self.powers.element(atom), count)
            elif exponent is not None:
                factor = self.powers.exp(self.sum(exponent, variable, count))
            else:
                factor = self._whole("product", self.powers.element(atom), variable, count)
            result *= factor**power
        if rest == ONE:
            return result
        body = Element(self.ring, rest)
        if variable not in body.names:
            return result * self.powers.power(body, count)
        return result * self._whole("product", body, variable, count)

    def _whole(self, kind: str, body: Element, variable: str, count: Element) -> Element:
        """A fold that is not taken apart."""
        key = body.key(kind, variable, count.frozen())
        of = self._kind(body.top, variable, count, body.names)
        return self.powers.element(self.ring.atom(key, of))

    def _kind(
        self,
        polynomial: Polynomial,
        variable: str,
        count: Element,
        names: frozenset[str] | None = None,
    ) -> Kind:
        """What is known of a sum or a product of that body."""
        inside = self.ring.names(polynomial) if names is None else names
        known = names is None
        positive = known and self.powers.is_positive(polynomial) and count.bottom == ONE
        return Kind(
            real=known and self.ring.is_real(polynomial),
            positive=positive and self.powers.is_positive(count.top),
            # A sum to ``n + 1`` may stand for one to ``n``, which n = -1 makes negative.
            nonnegative=positive and self.powers.is_nonnegative(count.top),
            names=(inside - {variable}) | count.names,
        )


def _counter(variable: str, last: nodes.Node) -> Domain:
    """An index from zero to a last one."""
    end = nodes.Relation((nodes.Name(variable), last), ("<=",))
    return Domain(kind="integer", integer=True, lower=Fraction(0), constraints=(end,))


def _taken_out(node: nodes.Fold) -> list[tuple[nodes.Node, nodes.Fold]]:
    """The sums of the terms of a sum, each with the factors that do not depend on the index."""
    return [
        (outside, nodes.Fold("sum", inside, node.variable, node.lower, node.upper))
        for outside, inside in _terms(node.body, node.variable)
    ]


def _factors_out(node: nodes.Fold) -> list[tuple[nodes.Node, nodes.Fold]]:
    """The sum with the factors before it that do not depend on the index."""
    body = node.body
    if not isinstance(body, nodes.Multiply):
        return [(nodes.Number(1), node)]
    fixed = tuple(item for item in body.factors if node.variable not in nodes.free_names(item))
    moving = tuple(item for item in body.factors if item not in fixed)
    if not fixed or not moving:
        return [(nodes.Number(1), node)]
    inner = moving[0] if len(moving) == 1 else nodes.Multiply(moving)
    inside = nodes.Fold("sum", inner, node.variable, node.lower, node.upper)
    return [(nodes.Multiply((*fixed, nodes.Number(1))), inside)]


def _terms(body: nodes.Node, variable: str) -> list[tuple[nodes.Node, nodes.Node]]:
    """Terms as what does not depend on the index times what does."""
    if isinstance(body, nodes.Add):
        return [pair for term in body.terms for pair in _terms(term, variable)]
    if isinstance(body, nodes.Negate):
        return [
            (nodes.Negate(outside), inside) for outside, inside in _terms(body.operand, variable)
        ]
    if isinstance(body, nodes.Multiply):
        fixed = tuple(factor for factor in body.factors if variable not in nodes.free_names(factor))
        moving = tuple(factor for factor in body.factors if factor not in fixed)
        inner = next(
            (item for item in moving if isinstance(item, nodes.Add) and has_inner_sum(item)), None
        )
        if inner is not None:
            others = tuple(item for item in body.factors if item is not inner)
            return [
                pair
                for term in inner.terms
                for pair in _terms(nodes.Multiply((*others, term)), variable)
            ]
        if fixed and moving:
            inside = moving[0] if len(moving) == 1 else nodes.Multiply(moving)
            return [
                (nodes.Multiply((*fixed, outside)), inner)
                for outside, inner in _terms(inside, variable)
            ]
    if isinstance(body, nodes.Divide):
        below = body.denominator
        pairs = _terms(body.numerator, variable)
        if variable not in nodes.free_names(below):
            return [(nodes.Divide(outside, below), inside) for outside, inside in pairs]
        return [(outside, nodes.Divide(inside, below)) for outside, inside in pairs]
    if variable not in nodes.free_names(body):
        return [(body, nodes.Number(1))]
    if isinstance(body, nodes.Fold) and body.kind == "sum":
        parts = _taken_out(body)
        if parts != [(nodes.Number(1), body)]:
            return [pair for part in parts for pair in _terms(nodes.Multiply(part), variable)]
    return [(nodes.Number(1), body)]


def _without_shift(count: Element) -> tuple[Element, int]:
    shift = count.top.get((), 0) if count.bottom == ONE else 0
    return count - shift, shift


def _plus(node: nodes.Node, step: int) -> nodes.Node:
    if not step:
        return node
    return nodes.Add((node, nodes.Number(step) if step > 0 else nodes.Negate(nodes.Number(-step))))


def _joined(kind: str, items: list[Element], number: Callable[[int], Element]) -> Element:
    result = number(0 if kind == "sum" else 1)
    for item in items:
        result = result + item if kind == "sum" else result * item
    return result


def _powers_below(count: Element, power: int) -> Element:
    """``0^power + ... + (count - 1)^power`` (Faulhaber)."""
    triangle = (count - 1) * count / 2
    if power == 1:
        return triangle
    return triangle * triangle if power == 3 else triangle * (count * 2 - 1) / 3
