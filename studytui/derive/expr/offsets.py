"""Places such as ``k + 2``: a whole number more or less than something else."""

from __future__ import annotations

from studytui.derive.expr.nodes import Add, Negate, Node, Number
from studytui.derive.expr.normal_form import shape


def split_shift(node: Node) -> tuple[Node | None, int]:
    """``k + 2`` as k and 2; a place that is only a number has no first part."""
    flat = shape(node)
    if isinstance(flat, Number):
        return None, flat.numerator
    if isinstance(flat, Add) and isinstance(flat.terms[-1], Number):
        number = flat.terms[-1]
        if number.denominator == 1:
            rest = flat.terms[:-1]
            return (rest[0] if len(rest) == 1 else Add(rest)), number.numerator
    return flat, 0


def plus(node: Node, number: int) -> Node:
    """``node + number``, tidied."""
    if number == 0:
        return node
    total = shape(Add((node, Number(number))))
    if isinstance(total, Add) and isinstance(total.terms[-1], Number):
        last = total.terms[-1]
        if last.numerator < 0:
            return Add((*total.terms[:-1], Negate(Number(-last.numerator, last.denominator))))
    return total
