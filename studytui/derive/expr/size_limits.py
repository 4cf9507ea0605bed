"""How large an expression may be. Checked before anything is computed from it."""

from __future__ import annotations

import math

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.functions import FUNCTIONS

MOST_CHARACTERS = 4000
MOST_DEPTH = 50
MOST_LEVELS = 100
MOST_NODES = 2000
MOST_DIGITS = 400
MOST_EXPONENT = 10_000
MOST_RANGE = 100_000
MOST_ORDER = 20
MOST_MATRIX = 8


def check_bounds(node: nodes.Node) -> None:
    """Refuse what would be too large to compute.

    :raises ExpressionError: and says which bound is passed.
    """
    sizes: dict[int, float | None] = {}
    for part in _counted(node):
        if isinstance(part, nodes.Power):
            _check_power(part, sizes)
        elif isinstance(part, nodes.Call) and part.function in FUNCTIONS:
            most = FUNCTIONS[part.function].most_written
            for argument in part.arguments:
                size = constant_value(argument, sizes)
                if most is not None and size is not None and abs(size) > most:
                    raise ExpressionError(f"{part.function} of {size:g}: the most is {most}")
        elif isinstance(part, nodes.Fold):
            low, high = constant_value(part.lower, sizes), constant_value(part.upper, sizes)
            if low is None or high is None or not math.isfinite(high - low):
                continue
            if high - low > MOST_RANGE:
                raise ExpressionError(
                    f"a {part.kind} of {high - low:g} terms: the most is {MOST_RANGE}"
                )


def _counted(node: nodes.Node) -> list[nodes.Node]:
    """All parts, level by level and without recursion: the tree may be deep."""
    parts: list[nodes.Node] = []
    level = [node]
    for _ in range(MOST_LEVELS):
        parts += level
        if len(parts) > MOST_NODES:
            raise ExpressionError(f"the expression has more than {MOST_NODES} parts")
        level = [child for part in level for child in nodes.children(part)]
        if not level:
            return parts
    raise ExpressionError(f"the expression has more than {MOST_LEVELS} levels")


def _check_power(power: nodes.Power, sizes: dict[int, float | None]) -> None:
    exponent = constant_value(power.exponent, sizes)
    if exponent is None or not (abs(exponent) > MOST_EXPONENT):
        return
    base = constant_value(power.base, sizes)
    if (
        base is not None
        and isinstance(power.base, nodes.Constant | nodes.Number)
        and abs(base) in (0, 1)
    ):
        return
    size = f"an exponent of {exponent:.3g}" if math.isfinite(exponent) else "a huge exponent"
    raise ExpressionError(f"{size}: the most is {MOST_EXPONENT}")


def constant_value(node: nodes.Node, known: dict[int, float | None]) -> float | None:
    """Roughly the value of an expression without names; None where it has names."""
    if id(node) not in known:
        known[id(node)] = _constant_value(node, known)
    return known[id(node)]


def _constant_value(node: nodes.Node, known: dict[int, float | None]) -> float | None:
    if isinstance(node, nodes.Number):
        return _ratio(node)
    if isinstance(node, nodes.Constant):
        return {"pi": math.pi, "e": math.e, "oo": math.inf}.get(node.name, 1.0)
    if not isinstance(
        node, nodes.Add | nodes.Multiply | nodes.Divide | nodes.Negate | nodes.Power | nodes.Call
    ):
        return None
    parts = []
    for child in nodes.children(node):
        value = constant_value(child, known)
        if value is None:
            return None
        parts.append(value)
    try:
        return _combined(node, parts)
    except OverflowError:
        return math.inf
    except (ZeroDivisionError, ValueError):
        return math.nan


def _combined(node: nodes.Node, parts: list[float]) -> float | None:
    if isinstance(node, nodes.Add):
        return math.fsum(parts)
    if isinstance(node, nodes.Multiply):
        return math.prod(parts)
    if isinstance(node, nodes.Divide):
        return parts[0] / parts[1]
    if isinstance(node, nodes.Negate):
        return -parts[0]
    if isinstance(node, nodes.Power):
        value = parts[0] ** parts[1]
        return value if isinstance(value, float) else abs(value)
    if isinstance(node, nodes.Call) and len(parts) == 1:
        if node.function == "exp":
            return math.exp(parts[0])
        if node.function in ("factorial", "gamma"):
            return math.gamma(parts[0] + 1)
        if node.function == "sqrt":
            return math.sqrt(parts[0])
        return abs(parts[0]) + 1.0
    return None


def _ratio(node: nodes.Number) -> float:
    try:
        return node.numerator / node.denominator
    except OverflowError:
        return math.inf
