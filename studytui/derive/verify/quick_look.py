"""A look in plain floats: whether two sides plainly differ, or agree where that is shown already.

It decides nothing. Where it sees a difference no proof is tried before the look with many digits,
which must find it too. An exact proof needs no numbers where both sides have a value everywhere;
they are asked all the same, for a law may be wrong, and for that two points in doubles do.
Whatever is not plain agreement there (no value, another case, a large number) is left to the look
with many digits.
"""

from __future__ import annotations

import math
from itertools import islice

from studytui.derive.evaluate.doubles import DIGITS
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.syntax.formulas import known
from studytui.derive.verify.numeric_check import Numbers
from studytui.derive.verify.shared_points import SharedPoints

WANTED = 2
CLEAR = 1e-3
"""How far they must be apart to differ plainly."""
_PLAIN = (nodes.Number, nodes.Constant, nodes.Name, nodes.Add, nodes.Multiply, nodes.Divide,
          nodes.Negate, nodes.Power, nodes.Fold)  # fmt: skip


def differs(shared: SharedPoints) -> bool:
    """Whether both sides plainly differ at the first point."""
    point = next(iter(shared), None) if shared.has_doubles else None
    values = None if point is None else shared.in_doubles(point)
    return values is not None and not math.isclose(*values, rel_tol=CLEAR)


def agreement(shared: SharedPoints) -> Numbers | None:
    """The first points if both sides agree there; None where the numbers are not plain."""
    parts = (part for side in (shared.left, shared.right) for part in nodes.walk(side))
    if not shared.has_doubles or not all(_is_plain(part, shared.symbols) for part in parts):
        return None
    wanted = WANTED if shared.names else 1
    seen = list(map(shared.in_doubles, islice(shared, wanted)))
    if len(seen) < wanted or not all(
        values is not None and math.isclose(*values, rel_tol=10.0**-DIGITS) for values in seen
    ):
        return None
    return Numbers(wanted, DIGITS, named=bool(shared.names))


def _is_plain(node: nodes.Node, symbols: Symbols) -> bool:
    if isinstance(node, nodes.Name):
        domain = symbols.domain(node.name)
        return domain.kind in ("real", "integer") and not domain.law and not domain.shape
    if isinstance(node, nodes.Index):
        domain = symbols.domain(node.base)
        return domain.kind == "sequence" and not domain.law
    if isinstance(node, nodes.Call):
        function = known(node)
        return function is not None and function.number is not None and function.is_analytic
    return isinstance(node, _PLAIN)
