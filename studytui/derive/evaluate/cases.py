"""Which cases of an expression were met: what never showed its other side is not known."""

from __future__ import annotations

from typing import Any

import mpmath

from studytui.derive.expr.nodes import Call, Node, Piecewise

Cases = dict[Node, set[Any]]
"""For each part that goes by cases those that were met."""


def note(cases: Cases, node: Call | Piecewise, by: Any) -> None:
    """Add the case that arguments, a truth or a number of a case make."""
    case = _case(node, by)
    if case is not None:
        cases.setdefault(node, set()).add(case)


def one_sided(cases: Cases) -> bool:
    """Whether some part was met in one case only."""
    return any(len(met) < 2 for met in cases.values())


def _case(node: Call | Piecewise, by: Any) -> Any:
    if isinstance(node, Piecewise) or node.function == "indicator":
        return by
    real = [mpmath.re(value) for value in by]
    if node.function in ("abs", "sign", "relu"):
        return int(mpmath.sign(real[0]))
    if node.function in ("floor", "ceiling"):
        step = mpmath.floor if node.function == "floor" else mpmath.ceil
        return int(step(real[0])) if abs(real[0]) < 1e15 else None
    if node.function == "mod":
        return int(mpmath.floor(real[0] / real[1])) if real[1] else None
    if node.function == "delta":
        return by[0] == by[1]
    if node.function in ("max", "min"):
        pick = max if node.function == "max" else min
        best = pick(real)
        return tuple(value == best for value in real)
    return None
