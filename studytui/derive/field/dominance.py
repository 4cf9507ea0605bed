"""Maxima, minima and moduli of which it is certain which case they are.

Where f is above g at a point, and both are continuous there, ``max(f, g)`` is f all around the
point, so that it has the derivative of f.
"""

from __future__ import annotations

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node
from studytui.derive.expr.substitute import exchanged
from studytui.derive.field.cases import pivot
from studytui.derive.field.positivity import never_negative

MOST_ROUNDS = 12


def decided(node: Node, symbols: Symbols) -> Node:
    """The expression with each part of which one case is strictly the one replaced by it."""
    for _ in range(MOST_ROUNDS):
        found = pivot(node, symbols)
        if found is None:
            return node
        part, cases = found
        sure = next(
            (
                case.value
                for case in cases
                if case.where
                and all(never_negative(gap.node, symbols, strict=True) for gap in case.where)
            ),
            None,
        )
        if sure is None:
            return node
        node = exchanged(node, part, sure)
    return node
