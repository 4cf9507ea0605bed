"""Finite sets, such as the solutions of an equation: equal if each element is in the other."""

from __future__ import annotations

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Add, Multiply, Negate, Node, Number, SetOf
from studytui.derive.verdict import Judgement, Verdict
from studytui.derive.verify.compare import compared

MOST_ELEMENTS = 12


def same_set(left: SetOf, right: SetOf, symbols: Symbols) -> Judgement:
    """Whether two finite sets are equal, element by element."""
    if max(len(left.elements), len(right.elements)) > MOST_ELEMENTS:
        return Judgement(Verdict.UNDECIDED, f"a set of more than {MOST_ELEMENTS} elements")
    verdicts: list[Judgement] = []
    for these, those in ((left, right), (right, left)):
        for element in these.elements:
            found = _best(element, those.elements, symbols)
            if found.verdict is Verdict.REFUTED:
                side = "second" if these is left else "first"
                place = these.elements.index(element) + 1
                why = f"element {place} is not in the {side} set"
                return Judgement(Verdict.REFUTED, why, found.counterexample)
            verdicts.append(found)
    if all(found.verdict is Verdict.PROVED for found in verdicts):
        return Judgement(Verdict.PROVED, "each element is in the other set")
    for found in verdicts:
        if found.verdict is not Verdict.PROVED:
            return found
    return Judgement(Verdict.PROVED, "both sets are empty")


def _best(element: Node, others: tuple[Node, ...], symbols: Symbols) -> Judgement:
    best = Judgement(Verdict.REFUTED, "the other set is empty")
    for other in others:
        judgement = compared(element, "=", other, symbols)
        if judgement.verdict is Verdict.PROVED:
            return judgement
        if judgement.verdict is not Verdict.REFUTED or best.counterexample is None:
            best = judgement
    if len(others) > 1:
        # It may be now the one and now the other: then the product of the gaps is zero.
        gaps = tuple(Add((element, Negate(other))) for other in others)
        return compared(Multiply(gaps), "=", Number(0), symbols)
    return best
