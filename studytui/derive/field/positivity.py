"""That an expression is nowhere negative: by cases, term by term, and then by a certificate.

*Cases.* What is shown in each of the cases that cover all values is shown.

*Term by term.* A sum of what is not negative for each index is not negative; and what stands
beside a sum of n >= 1 terms is a sum too, of its n-th part. Relations say that further sums over
the same index come to zero, and so may be added, times what does not depend on the index.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.lower_bounds import least_value
from studytui.derive.expr.nodes import (
    Add,
    Divide,
    Index,
    Integral,
    Limit,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Relation,
    free_names,
    walk,
)
from studytui.derive.expr.substitute import exchanged, replaced
from studytui.derive.field.cases import Gap, gap_of, pivot
from studytui.derive.field.certificates import Certificates, Known
from studytui.derive.field.differentiate import differentiate
from studytui.derive.field.element import Element
from studytui.derive.field.elimination import Elimination
from studytui.derive.field.evaluation import FieldEvaluation
from studytui.derive.field.known import (
    FAILURES,
    at_places,
    elements,
    loose_index,
    of_atoms,
    of_rising,
    outside,
    told,
)
from studytui.derive.field.like_sums import range_of, summed

_ZERO = Number(0)
MOST_CASES = 64
MOST_PARTS = 400
MOST_FACTORS = 4
"""Names by which what comes to zero as a sum is multiplied."""


def never_negative(
    node: Node,
    symbols: Symbols,
    strict: bool = False,
    known: tuple[Gap, ...] = (),
    zero: tuple[Node, ...] = (),
) -> bool:
    """Whether an expression is not negative for all values of the domains, or positive.

    ``known`` are gaps that are not negative by what is told, and ``zero`` expressions that are
    zero by it. A yes is a proof wherever the expression has a value; a no says nothing.
    """
    whole = (node, *(gap.node for gap in known), *zero)
    if any(isinstance(part, Integral | Limit) for item in whole for part in walk(item)):
        return False
    if sum(1 for item in whole for _ in islice(walk(item), MOST_PARTS)) >= MOST_PARTS:
        return False
    return _Search(symbols, zero).shows(node, strict, known, MOST_CASES)


class _Search:
    """One search; ``zero`` are expressions that are known to be zero."""

    def __init__(self, symbols: Symbols, zero: tuple[Node, ...]) -> None:
        self.symbols = symbols
        self.zero = zero

    def shows(self, node: Node, strict: bool, known: tuple[Gap, ...], most: int) -> bool:
        """Whether it is shown, in no more than so many cases.

        What is known for any index is no case of one: there the cases may change from one to the
        next. So it is said of the indices that stand here, and these go by cases.
        """
        return self._by_cases(node, strict, at_places(known, node, self.symbols), most)

    def _by_cases(self, node: Node, strict: bool, known: tuple[Gap, ...], most: int) -> bool:
        if self._term_by_term(node, strict, known, most):
            return True
        fixed = (gap.node for gap in known if loose_index(gap.node, self.symbols) is None)
        for part in (node, *fixed):
            found = pivot(part, self.symbols)
            if found is None:
                continue
            part, cases = found
            if len(cases) > most:
                return False
            return all(
                self._by_cases(
                    exchanged(node, part, case.value),
                    strict,
                    (
                        *(Gap(exchanged(gap.node, part, case.value), gap.strict) for gap in known),
                        *case.where,
                    ),
                    most // len(cases),
                )
                for case in cases
            )
        return self._shown(node, strict, known)

    def _certified(
        self, node: Node, strict: bool, known: tuple[Gap, ...], moving: tuple[Node, ...] = ()
    ) -> bool:
        try:
            evaluation = FieldEvaluation(self.symbols, never_negative)
            value = evaluation.number(node)
            zero = _values(self.zero, evaluation)
            free = [evaluation.number(item) for item in moving]
            whole = (node, *(gap.node for gap in known), *self.zero)
            declared = told(whole, self.symbols)
            gaps = [*elements([*known, *declared], evaluation), *of_atoms(evaluation, known)]
            solved = Elimination(Certificates(evaluation.powers, gaps), zero)
            gaps = [Known(solved.put_into(gap.value), gap.strict) for gap in gaps]
            certificates = Certificates(evaluation.powers, gaps, free)
            return certificates.shows(solved.put_into(value), strict)
        except FAILURES:
            return False

    def _shown(self, node: Node, strict: bool, known: tuple[Gap, ...]) -> bool:
        return self._certified(node, strict, known) or self._by_rising(node, strict, known)

    def _by_rising(self, node: Node, strict: bool, known: tuple[Gap, ...]) -> bool:
        """Whether it is shown by the order of values of what rises strictly: where that of the
        arguments is shown, any numbers in that order may stand for the values."""
        gaps = []
        calls: dict[Node, Node] = {}
        for first, other, gap in of_rising(outside(node), self.symbols):
            calls.update(dict.fromkeys((first, other), _ZERO))
            is_above = next((flag for flag in (True, False) if self._shown(gap, flag, known)), None)
            if is_above is not None:
                gaps.append(Gap(Add((first, Negate(other))), is_above))
        if not gaps:
            return False
        largest = sorted(calls, key=lambda call: -sum(1 for _ in walk(call)))
        names = {f"r~{place}": call for place, call in enumerate(largest)}

        def named(whole: Node) -> Node:
            for name, call in names.items():
                whole = exchanged(whole, call, Name(name))
            return whole

        inner = _Search(self.symbols.with_domains(dict.fromkeys(names, Domain())), self.zero)
        told = tuple(Gap(named(gap.node), gap.strict) for gap in (*known, *gaps))
        return inner._certified(named(node), strict, told)

    def vanishes(self, node: Node) -> bool:
        """Whether an expression is zero where what is known to be zero is."""
        try:
            evaluation = FieldEvaluation(self.symbols, never_negative, with_integrals=True)
            value = evaluation.number(node)
            zero = _values(self.zero, evaluation)
            declared = told((node, *self.zero), self.symbols)
            gaps = [*elements(declared, evaluation), *of_atoms(evaluation, ())]
            solved = Elimination(Certificates(evaluation.powers, gaps), zero)
            return solved.vanishes(value)
        except FAILURES:
            return False

    def _term_by_term(self, node: Node, strict: bool, known: tuple[Gap, ...], most: int) -> bool:
        """Whether what is summed is not negative for each index of the one range of all sums."""
        variable = _fresh(self.symbols)
        over = range_of(node, variable)
        found = None if over is None else summed(node, over)
        if over is None or found is None:
            return False
        body, rest = found
        least = least_value(Add((over.upper, Negate(over.lower))), self.symbols)
        is_filled = least is not None and least >= 0
        if not is_filled and (least is None or least < -1 or strict or rest != _ZERO):
            return False
        count = Add((over.upper, Negate(over.lower), Number(1)))
        whole = body if rest == _ZERO else Add((body, Divide(rest, count)))
        inner = _Search(self.symbols.with_domains({variable: over.domain()}), self.zero)
        known = at_places(known, whole, inner.symbols)
        if inner.shows(whole, strict, known, most):
            return True
        if not is_filled:
            return False
        pairs = [summed(item, over) for item in self.zero if range_of(item, variable) == over]
        sides = [(side[0], Divide(side[1], count)) for side in pairs if side is not None]
        moving: tuple[Node, ...] = tuple(Add(side) for side in sides)
        fixed = sorted(free_names(whole) - {variable})
        numbers = [name for name in fixed if self.symbols.domain(name).kind in ("real", "integer")]
        moving += tuple(
            Multiply((item, Name(name))) for item in moving for name in numbers[:MOST_FACTORS]
        )
        plain = pivot(Add((whole, *moving)), self.symbols) is None
        if moving and plain and inner._certified(whole, strict, known, moving):
            return True
        turned = (_turned(whole, side, variable) for side in sides)
        return any(inner.shows(item, strict, known, most) for item in turned if item is not None)


def _values(nodes: tuple[Node, ...], evaluation: FieldEvaluation) -> list[Element]:
    """What of several expressions there is an element for: the less is known, the less follows."""
    found = []
    for node in nodes:
        with suppress(*FAILURES):
            found.append(evaluation.number(node))
    return found


def _fresh(symbols: Symbols) -> str:
    """A name for an index that no typed name can be."""
    name = "i~"
    while name in symbols.domains:
        name += "~"
    return name


def _turned(body: Node, side: tuple[Node, Node], variable: str) -> Node | None:
    """What is summed, turned about its tangent (Jensen): where the ``x_i - m`` come to zero,
    ``h(x_i)`` and ``h(x_i) - h'(m) (x_i - m)`` have the same sum, if m is the same for all i."""
    element, beside = side
    if not isinstance(element, Index):
        return None
    moved = exchanged(body, element, Name("y~"))
    slope = differentiate(moved, "y~")
    if slope is None:
        return None
    slope = replaced(slope, {"y~": Negate(beside)})
    if variable in free_names(slope) | free_names(beside):
        return None
    return Add((body, Negate(Multiply((slope, Add((element, beside)))))))


def equal_by_cases(left: Node, right: Node, symbols: Symbols) -> bool:
    """Whether two expressions that go by cases are equal: neither is above the other in any."""
    if pivot(left, symbols) is None and pivot(right, symbols) is None:
        return False
    gap = Add((left, Negate(right)))
    return all(never_negative(side, symbols) for side in (gap, Negate(gap)))


def follows(relation: Relation, premises: tuple[Relation, ...], symbols: Symbols) -> bool:
    """Whether a relation holds wherever the premises do, and it and they have values.

    Of equations, unknowns are eliminated; of inequalities, the gaps are known to have signs.
    """
    known: list[Gap] = []
    zero: list[Node] = []
    for premise in premises:
        gaps = gap_of(premise)
        if gaps is not None:
            known += gaps
        elif premise.operators == ("=",):
            zero.append(Add((premise.operands[0], Negate(premise.operands[1]))))
    if relation.operators == ("=",):
        left, right = relation.operands
        return _Search(symbols, tuple(zero)).vanishes(Add((left, Negate(right))))
    wanted = gap_of(relation)
    if known and never_negative(Number(-1), symbols, False, tuple(known), tuple(zero)):
        return False  # from what contradicts itself anything would follow
    return wanted is not None and all(
        never_negative(gap.node, symbols, gap.strict, tuple(known), tuple(zero)) for gap in wanted
    )
