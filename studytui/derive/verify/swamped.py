"""Equality of numbers that no digit tells apart: of ``erf(20)`` and ``erf(22)`` few digits see no
difference, and of ``erf(20)`` and ``erf(2000)`` none does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import mpmath

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.evaluate.sampling import Point
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.substitute import replaced
from studytui.derive.field import identical

MANY_DIGITS = 1000
"""With so many two statements are looked at again that seem to differ."""
_ARITHMETIC = (nodes.Add, nodes.Divide, nodes.Index, nodes.Multiply, nodes.Name, nodes.Negate,
               nodes.Number)  # fmt: skip
"""Of these equal numbers are equal: the values of names are rational."""


def is_swamped(statements: tuple[nodes.Node, ...], point: Point) -> bool:
    """Whether the truth of a statement at a point rests on two sides that come out equal, while
    nothing shows that they are."""
    return any(
        _comes_out_equal(left, right, point) and not _is_equal(left, right, point)
        for left, right in _pairs(statements)
    )


def _pairs(statements: tuple[nodes.Node, ...]) -> Iterator[tuple[nodes.Node, nodes.Node]]:
    for statement in statements:
        for part in nodes.walk(statement):
            if isinstance(part, nodes.Relation):
                yield from pairwise(part.operands)


def _comes_out_equal(left: nodes.Node, right: nodes.Node, point: Point) -> bool:
    with mpmath.workdps(MANY_DIGITS):
        try:
            evaluation = PreciseEvaluation(point.values(), point.laws)
            return bool(evaluation.value(left) == evaluation.value(right))
        except (UndefinedValueError, ArithmeticError, ValueError, TypeError):
            return False


def _is_equal(left: nodes.Node, right: nodes.Node, point: Point) -> bool:
    if all(isinstance(part, _ARITHMETIC) for side in (left, right) for part in nodes.walk(side)):
        return True
    put: dict[str, nodes.Node] = {
        name: nodes.Number(value.numerator, value.denominator)
        for name, value in point.numbers.items()
        if not isinstance(value, tuple)
    }
    first, other = replaced(left, put), replaced(right, put)
    return first == other or identical(first, other, Symbols(open=True))
