"""Two sides in plain floats, for a second opinion: quick, and right to nine digits or more where
nothing cancels."""

from __future__ import annotations

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.evaluator import evaluate
from studytui.derive.evaluate.sampling import Point
from studytui.derive.expr import nodes

DIGITS = 9
"""How far two doubles must agree: rounding leaves twelve digits of what is not cancelled."""
LARGE = 1e12
_NONE = frozenset({nodes.Integral, nodes.Derivative, nodes.Limit, nodes.Expectation, nodes.SetOf})


def may_have_doubles(left: nodes.Node, right: nodes.Node) -> bool:
    """Whether nothing stands in them that only the evaluation with many digits computes."""
    return not nodes.kinds(left, right) & _NONE


def in_doubles(left: nodes.Node, right: nodes.Node, point: Point) -> tuple[float, float] | None:
    """Both sides at a point; None where one has no value in doubles, or a large one."""
    try:
        values = point.floats()
        first, second = evaluate(left, values), evaluate(right, values)
    except (UndefinedValueError, OverflowError):
        return None
    return (first, second) if max(abs(first), abs(second)) < LARGE else None
