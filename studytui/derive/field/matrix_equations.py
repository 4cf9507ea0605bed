"""Whether two equations between matrices hold for the same values.

They do where what is set to zero is the same but for its sign; and where ``A = M B`` with M a
matrix of which the inverse stands in B: where B has a value, M has an inverse, and ``M B = 0`` is
``B = 0``.
"""

from __future__ import annotations

from typing import Any

from studytui.derive.evaluate import tables
from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Call, Multiply, Negate, Node, Number, Power, walk
from studytui.derive.field.evaluation import FieldEvaluation
from studytui.derive.field.positivity import never_negative
from studytui.derive.field.ring import TooLargeError


def same_tables(first: Node, second: Node, symbols: Symbols) -> tuple[Node, ...] | None:
    """The matrices that must have an inverse for two equations ``first = 0`` and ``second = 0`` to
    say the same; None where it is not seen that they do."""
    evaluation = FieldEvaluation(symbols, never_negative)
    try:
        pair = evaluation.value(first), evaluation.value(second)
        if not all(map(tables.is_table, pair)):
            return None
        if _are_equal(*pair, 1) or _are_equal(*pair, -1):
            return ()
        for node, target in ((first, pair[1]), (second, pair[0])):
            for matrix in dict.fromkeys(map(_inverted, walk(node))):
                if matrix is None:
                    continue
                product = evaluation.value(Multiply((matrix, node)))
                if _are_equal(product, target, 1) or _are_equal(product, target, -1):
                    return (matrix,)
    except (TooLargeError, UndefinedValueError, RecursionError, ValueError):
        return None
    return None


def _inverted(node: Node) -> Node | None:
    if isinstance(node, Power) and node.exponent in (Number(-1), Negate(Number(1))):
        return node.base
    if isinstance(node, Call) and node.function == "inverse":
        return node.arguments[0]
    return None


def _are_equal(first: Any, second: Any, sign: int) -> bool:
    if len(first) != len(second) or len(first[0]) != len(second[0]):
        return False
    return all(
        one == other * sign
        for row, others in zip(first, second, strict=True)
        for one, other in zip(row, others, strict=True)
    )
