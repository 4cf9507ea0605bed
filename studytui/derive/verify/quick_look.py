"""A look in plain floats at what is shown exactly already: a guard against a fault in the proof.

An exact proof needs no numbers where both sides have a value everywhere. They are asked all the
same, for a law may be wrong; and for that two points in doubles do. Whatever is not plain agreement
there (no value, another case, a large number) is left to the look with many digits.
"""

from __future__ import annotations

import math
from itertools import islice

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.evaluator import evaluate
from studytui.derive.evaluate.sampling import Point, points
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.syntax.formulas import known
from studytui.derive.verify.numeric_check import Numbers, names_in

WANTED = 2
DIGITS = 9
"""How far two doubles must agree: rounding leaves twelve digits of what is not cancelled."""
LARGE = 1e12
_PLAIN = (nodes.Number, nodes.Constant, nodes.Name, nodes.Add, nodes.Multiply, nodes.Divide,
          nodes.Negate, nodes.Power)  # fmt: skip


def agreement(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> Numbers | None:
    """Two points at which both sides agree in doubles; None where the numbers are not plain."""
    if not all(_is_plain(part, symbols) for side in (left, right) for part in nodes.walk(side)):
        return None
    names = names_in(left, right, symbols, None)
    wanted = WANTED if names else 1
    found = 0
    for point in islice(points(names, symbols), wanted):
        if not _agree(left, right, point):
            return None
        found += 1
    return Numbers(found, DIGITS, named=bool(names)) if found == wanted else None


def _is_plain(node: nodes.Node, symbols: Symbols) -> bool:
    if isinstance(node, nodes.Name):
        domain = symbols.domain(node.name)
        return domain.kind in ("real", "integer") and not domain.law and not domain.shape
    if isinstance(node, nodes.Call):
        function = known(node)
        return function is not None and function.number is not None and function.is_analytic
    return isinstance(node, _PLAIN)


def _agree(left: nodes.Node, right: nodes.Node, point: Point) -> bool:
    try:
        values = {
            name: float(value)
            for name, value in point.numbers.items()
            if not isinstance(value, tuple)
        }
        first, second = evaluate(left, values), evaluate(right, values)
    except (UndefinedValueError, OverflowError):
        return False
    size = max(abs(first), abs(second))
    return size < LARGE and math.isclose(first, second, rel_tol=10.0**-DIGITS)
