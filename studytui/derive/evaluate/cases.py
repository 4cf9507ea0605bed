"""Which cases of an expression were met: what never showed its other side is not known."""

from __future__ import annotations

from typing import Any

import mpmath

from studytui.derive.expr.nodes import Call, Node, Piecewise
from studytui.derive.functions import FUNCTIONS

UNKNOWN = "unknown"
"""The case of what may go by cases that nobody wrote down."""
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
    function = FUNCTIONS[node.function]
    if function.case is not None:
        return function.case(mpmath, *(mpmath.re(value) for value in by))
    return UNKNOWN if function.goes_by_cases else None
