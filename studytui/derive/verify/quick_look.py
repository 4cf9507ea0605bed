"""A look in plain floats: whether two sides plainly differ, or agree where that is shown already.

It decides nothing. Where it sees a difference no proof is tried before the look with many digits,
which must find it too. An exact proof needs no numbers where both sides have a value everywhere;
they are asked all the same, for a law may be wrong, and for that two points in doubles do.
Whatever is not plain agreement there (no value, another case, a large number) is left to the look
with many digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property

from studytui.derive.evaluate.doubles import DIGITS, in_doubles, may_have_doubles
from studytui.derive.evaluate.sampling import Point, points
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.syntax.formulas import known
from studytui.derive.verify.numeric_check import Numbers, names_in

WANTED = 2
CLEAR = 1e-3
"""How far they must be apart to differ plainly."""
_PLAIN = (nodes.Number, nodes.Constant, nodes.Name, nodes.Add, nodes.Multiply, nodes.Divide,
          nodes.Negate, nodes.Power, nodes.Fold)  # fmt: skip


class QuickLook:
    """Two expressions at the first two points that are tried anyhow."""

    def __init__(self, left: nodes.Node, right: nodes.Node, symbols: Symbols) -> None:
        self.sides = left, right
        self.symbols = symbols
        self._values: list[tuple[float, float] | None] = []
        self._has_none = not may_have_doubles(left, right)

    @cached_property
    def names(self) -> list[str]:
        """The names to choose values for."""
        return names_in(*self.sides, self.symbols, None)

    @cached_property
    def _points(self) -> Iterator[Point]:
        return points(self.names, self.symbols)

    def differs(self) -> bool:
        """Whether both sides plainly differ at the first point."""
        values = self._at(0)
        return values is not None and not math.isclose(*values, rel_tol=CLEAR)

    def agreement(self) -> Numbers | None:
        """Points at which both sides agree; None where the numbers are not plain."""
        parts = (part for side in self.sides for part in nodes.walk(side))
        if self._has_none or not all(_is_plain(part, self.symbols) for part in parts):
            return None
        wanted = WANTED if self.names else 1
        for place in range(wanted):
            values = self._at(place)
            if values is None or not math.isclose(*values, rel_tol=10.0**-DIGITS):
                return None
        return Numbers(wanted, DIGITS, named=bool(self.names))

    def _at(self, place: int) -> tuple[float, float] | None:
        """Both sides at one of the points; None where one has no plain value, or there is none."""
        if self._has_none:
            return None
        while len(self._values) <= place:
            point = next(self._points, None)
            self._values.append(None if point is None else in_doubles(*self.sides, point))
        return self._values[place]


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
