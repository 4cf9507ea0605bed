"""Values that obey the facts, and at which a line is false.

Facts such as ``Sum(w[j], (j, 1, n)) = 1`` or ``E[Z^2] = 1`` hold at no point that is drawn at
random. So a point is drawn, and then moved the shortest way to where all of them hold, by Newton's
method; numbers, elements of sequences and the values of invented distributions move. A line that is
false there is wrong: the facts do not rule that point out.

That there is an exact solution beside the one that was computed rests on how Newton's method ends:
only where its last move is tiny beside the one before does a point count (Kantorovich), and only
where the line was as false before that move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from typing import Any

import mpmath

from studytui.derive.evaluate import tables
from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.effort import Effort
from studytui.derive.evaluate.high_precision import shown
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.evaluate.sampling import Point, points
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Name, Node, Number, Relation, free_names
from studytui.derive.expr.substitute import replaced
from studytui.derive.verdict import Counterexample, Judgement, Verdict
from studytui.derive.verify.numeric_check import distance, finite
from studytui.derive.verify.shared_points import names_in, needed

DIGITS = 40
NUDGE = mpmath.mpf(10) ** -18
"""By how much each unknown is moved to see what it does; slopes are good to as many digits."""
STEPS = 14
"""Moves that Newton's method is given: from nearby it takes five."""
TINY, FAST = mpmath.mpf(10) ** -22, mpmath.mpf(10) ** -4
"""The last move, and how small it must be beside the one before; less of a move than
``LEAST_SHARE`` is none."""
SKIPPED, TRIED = 2, 8
"""The first points have values such as 1 and 2, at which too much is equal."""
FALSE = 1e-6
"""How far, relatively, the two sides must be apart."""
LEAST_SHARE = mpmath.mpf(1) / 200
MOST_UNKNOWNS, MOST_INDEX = 40, 12
EFFORT = 400_000
SHARES = tuple(Fraction(share, 21) for share in (1, 2, 3, 4, 5, 6))
"""Weights of an invented distribution: as many values as moments that facts may fix, and more."""

Slot = tuple[str, str, tuple[int, ...]]
"""What can move: a number, an element of a sequence, or a value of a distribution."""
_NO_VALUE = (UndefinedValueError, ArithmeticError, ValueError, TypeError, KeyError)


def contradicted(
    line: Node, facts: tuple[Node, ...], symbols: Symbols, extra: Definitions | None = None
) -> Judgement:
    """Whether a relation is false somewhere where all facts hold; else it stays undecided."""
    found = None
    told = [fact for fact in facts if isinstance(fact, Relation)]
    if isinstance(line, Relation) and len(line.operands) == 2 and len(told) == len(facts):
        found = _searched(line, told, symbols, extra or {})
    if found is None:
        return Judgement(Verdict.UNDECIDED, "no values were found that obey the facts")
    at = ", ".join(f"{name} = {value}" for name, value in found.values)
    why = f"at {at}, where the facts hold, the two are {found.left} and {found.right}"
    return Judgement(Verdict.REFUTED, why, found)


def _searched(
    line: Relation, facts: list[Relation], symbols: Symbols, extra: Definitions
) -> Counterexample | None:
    whole = Relation((*line.operands, *(side for fact in facts for side in fact.operands)), ())
    names = [name for name in names_in(whole, whole, symbols, extra) if name in symbols.domains]
    if any(symbols.domain(name).kind in ("function", "complex") for name in names):
        return None  # a fact about a function is one about all its values
    effort = Effort(EFFORT)
    with mpmath.workdps(DIGITS):
        for point in islice(points(names, symbols), SKIPPED, TRIED):
            try:
                place = _Place(_with_more_values(point), symbols, extra, effort)
                found = _at(place, line, facts)
            except _NO_VALUE:
                found = None
            if found is not None:
                return found
            if effort.spent > EFFORT:
                break
    return None


def _with_more_values(point: Point) -> Point:
    """The point with distributions of more values, so that facts may fix some moments of them."""
    laws = dict(point.laws)
    alike = any(law.elements and not law.independent for law in laws.values())
    for name, law in laws.items():
        # What is dependent moves in step: all have the weights of the first.
        if law.name == "any" and not law.elements and (law.independent or not alike):
            values = [value for _, value in law.atoms]
            more = [values[place % len(values)] + Fraction(place, 7) for place in range(6)]
            laws[name] = replace(law, atoms=tuple(zip(SHARES, more, strict=True)))
    return replace(point, laws=laws)


@dataclass
class _Place:
    """A point whose values can be moved."""

    point: Point
    symbols: Symbols
    extra: Definitions
    effort: Effort
    moved: dict[Slot, Any] = field(default_factory=dict)
    read: dict[tuple[str, tuple[int, ...]], Any] = field(default_factory=dict)
    """The elements that were read, with their values."""

    def value(self, node: Node) -> Any:
        """The value of an expression; that of a quadrature is none."""
        evaluation = self._evaluation()
        found = evaluation.value(node)
        if evaluation.error or not finite(found):
            raise UndefinedValueError("no exact value")
        return found

    def _evaluation(self) -> PreciseEvaluation:
        values = self.point.values()
        for name in self.point.numbers:
            values[name] = self.moved.get(("number", name, ()), values[name])
        for name, (_, domain) in self.point.seeds.items():
            if domain.kind == "sequence":
                values[name] = self._elements(name, values[name])
        for name, make in self.extra.items():
            values[name] = make(values, self.effort)
        return PreciseEvaluation(values, self._laws(), self.effort)

    def gap(self, fact: Relation) -> Any:
        """By how much a fact does not hold."""
        left, right = (tables.scalar(self.value(side)) for side in fact.operands)
        if mpmath.im(left) or mpmath.im(right):
            raise UndefinedValueError("a complex value")
        return left - right

    def reads(self, fact: Relation, name: str) -> bool:
        """Whether a fact may depend on a name."""
        names = free_names(fact)
        return bool(names & self.extra.keys()) or name in needed(names, self.symbols)

    def truth(self, relation: Node) -> bool:
        """Whether a relation holds."""
        evaluation = self._evaluation()
        return evaluation.truth(relation) and not evaluation.error

    def _elements(self, name: str, invented: Callable[..., Any]) -> Callable[..., Any]:
        def element(*places: int) -> Any:
            slot = "element", name, places
            if slot not in self.moved:
                self.read[name, places] = invented(*places)
                return self.read[name, places]
            return self.moved[slot]

        return element

    def _laws(self) -> dict[str, Any]:
        laws = dict(self.point.laws)
        for name, law in laws.items():
            if law.name == "any":
                atoms = tuple(
                    (share, self._rational(("atom", name, (place,)), value))
                    for place, (share, value) in enumerate(law.atoms)
                )
                laws[name] = replace(law, atoms=atoms)
        return laws

    def _rational(self, slot: Slot, value: Fraction) -> Fraction:
        moved = self.moved.get(slot)
        return value if moved is None else _fraction(moved)

    def slots(self) -> Iterator[tuple[Slot, Any]]:
        """What can move, with its value now."""
        for name, number in self.point.numbers.items():
            domain = self.symbols.domain(name)
            fixed = domain.whole or name in self.point.laws
            if isinstance(number, Fraction) and not fixed:
                yield ("number", name, ()), mpmath.mpf(number.numerator) / number.denominator
        for (name, places), value in self.read.items():
            if not self.symbols.domain(name).whole and name not in self.point.laws:
                yield ("element", name, places), value
        for name, law in self.point.laws.items():
            # The elements of a dependent sequence take the values in an order that depends on them.
            if law.name == "any" and (law.independent or not law.elements):
                for place, (_, value) in enumerate(law.atoms):
                    exact = mpmath.mpf(value.numerator) / value.denominator
                    yield ("atom", name, (place,)), exact

    def is_inside(self, moved: dict[Slot, Any]) -> bool:
        """Whether all that moved is still in its domain."""
        return all(
            self.symbols.domain(name).contains(_fraction(value))
            for (_, name, _), value in moved.items()
        )


def _fraction(value: Any) -> Fraction:
    return Fraction(*map(int, mpmath.libmp.to_rational(mpmath.mpf(value)._mpf_)))


def _at(place: _Place, line: Relation, facts: list[Relation]) -> Counterexample | None:
    """The line at the point that the facts allow; None if there is none, or the line holds."""
    for node in (*line.operands, *(side for fact in facts for side in fact.operands)):
        if not free_names(node) - place.symbols.domains.keys():
            place.value(node)
    told = _for_all_indices(facts, place)
    if told is None or not _count(told, place):
        return None
    equations = [fact for fact in told if fact.operators == ("=",)]
    if not _obeys(equations, place):
        return None
    early = _gap_of(place, line)
    if early is None:
        return None
    with mpmath.workdps(2 * DIGITS):
        # With twice the digits what rounding left is gone, and the facts hold more exactly.
        if not _obeys(equations, place):
            return None
        late = _gap_of(place, line)
        if late is None or abs(late - early) > abs(late) / 1000 or not _is_allowed(told, place):
            return None
    left, right = (place.value(side) for side in line.operands)
    return Counterexample(_told(place), shown(left), shown(right))


def _count(facts: list[Relation], place: _Place) -> bool:
    """Give whole numbers that facts say the value of that value, as N in ``2^q = N``."""
    for fact in facts:
        for name, other in (fact.operands, fact.operands[::-1]):
            if not isinstance(name, Name) or fact.operators != ("=",):
                continue
            if place.symbols.domain(name.name).whole and name.name not in free_names(other):
                value = mpmath.mpf(tables.scalar(place.value(other)))
                number = Fraction(int(mpmath.nint(value)))
                if value != number or not place.symbols.domain(name.name).contains(number):
                    return False
                numbers = {**place.point.numbers, name.name: number}
                place.point = replace(place.point, numbers=numbers)
    return True


def _for_all_indices(facts: list[Relation], place: _Place) -> list[Relation] | None:
    """The facts with each index that is not declared put in, for all that were read."""
    found: list[Relation] = []
    read = sorted({index for _, places in place.read for index in places})
    for fact in facts:
        loose = sorted(free_names(fact) - place.symbols.domains.keys())
        if not loose:
            found.append(fact)
            continue
        if len(loose) > 1 or len(read) > MOST_INDEX:
            return None
        for index in read or [1]:
            node = replaced(fact, {loose[0]: Number(index)})
            assert isinstance(node, Relation)
            for side in node.operands:
                place.value(side)
            found.append(node)
    return found


def _obeys(facts: list[Relation], place: _Place) -> bool:
    """Move the point to where all facts hold, if Newton's method gets there."""
    place.moved = dict(place.slots()) if not place.moved else place.moved
    if len(place.moved) > MOST_UNKNOWNS:
        return False
    last = mpmath.inf
    for _ in range(STEPS if facts else 0):
        move = _least_move(place, facts)
        share = _share_inside(place, move)
        if share is None:
            return False
        place.moved = _after(place.moved, move, share)
        size = max((abs(by) for by in move.values()), default=mpmath.mpf(0))
        if size <= TINY * (1 + max(map(abs, place.moved.values()), default=0)):
            if share < 1 or size > FAST * last:
                return False
            if all(_is_small(place.gap(fact)) for fact in facts):
                return True
        last = size
    return not facts


def _is_small(gap: Any) -> bool:
    return bool(abs(gap) < mpmath.mpf(10) ** (10 - mpmath.mp.dps))


def _after(moved: dict[Slot, Any], move: dict[Slot, Any], share: Any) -> dict[Slot, Any]:
    return {slot: value + share * move[slot] for slot, value in moved.items()}


def _share_inside(place: _Place, move: dict[Slot, Any]) -> Any:
    """How much of a move leaves all in their domains; None where hardly any does."""
    share = mpmath.mpf(1)
    while not place.is_inside(_after(place.moved, move, share)):
        share /= 2
        if share < LEAST_SHARE:
            return None
    return share


def _least_move(place: _Place, facts: list[Relation]) -> dict[Slot, Any]:
    """The shortest move that closes the gaps of all facts to first order."""
    slots = list(place.moved)
    rows, gaps = [], []
    for fact in facts:
        gap = place.gap(fact)
        slopes = [_slope(place, fact, slot, gap) for slot in slots]
        if gap or any(slopes):  # a fact that holds, and that nothing moves, asks for nothing
            rows.append(slopes)
            gaps.append(gap)
    if not rows:
        return dict.fromkeys(slots, mpmath.mpf(0))
    matrix = mpmath.matrix(rows)
    weights = mpmath.lu_solve(matrix * matrix.T, -mpmath.matrix(gaps))
    return dict(zip(slots, matrix.T * weights, strict=True))


def _slope(place: _Place, fact: Relation, slot: Slot, gap: Any) -> Any:
    if not place.reads(fact, slot[1]):
        return mpmath.mpf(0)
    was = place.moved[slot]
    place.moved[slot] = was + NUDGE
    slope = (place.gap(fact) - gap) / NUDGE
    place.moved[slot] = was
    return slope


def _is_allowed(facts: list[Relation], place: _Place) -> bool:
    """Whether facts that are no equations, and what domains say beyond bounds, hold there."""
    for name in (*place.point.numbers, *place.point.seeds):
        constraints = place.symbols.domain(name).constraints
        if constraints and name in place.point.seeds:
            return False
        if not all(place.truth(relation) for relation in constraints):
            return False
    return all(place.truth(fact) for fact in facts if fact.operators != ("=",))


def _gap_of(place: _Place, line: Relation) -> Any:
    """By how much a line is false there; None where it holds, or nearly."""
    left, right = (place.value(side) for side in line.operands)
    operator = line.operators[0]
    if distance(left, right) < FALSE or operator == "!=":
        return None
    if operator == "=":
        if tables.is_table(left) or tables.is_table(right):
            return mpmath.mpf(1) + distance(left, right)
        return abs(left - right)
    if mpmath.im(left) or mpmath.im(right):
        return None
    by = left - right if operator in ("<", "<=") else right - left
    return by if by > 0 else None


def _told(place: _Place) -> tuple[tuple[str, str], ...]:
    """The values as a person reads them."""
    rows = []
    for name, number in place.point.numbers.items():
        if name not in place.point.laws:
            value = place.moved.get(("number", name, ()))
            rows.append((name, shown(value) if value is not None else str(number)))
    for (kind, name, places), value in sorted(place.moved.items()):
        if kind == "element":
            rows.append((f"{name}[{', '.join(map(str, places))}]", shown(value)))
    rows += [(name, "an invented distribution") for name in place.point.laws]
    return tuple(rows)
