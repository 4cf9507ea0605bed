"""Mistakes with inequalities."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node, Relation
from studytui.derive.mistakes.mistake import Example, Mistake

TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _turned(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Relation) and len(node.operators) == 1 and node.operators[0] in TURNED:
        yield Relation(node.operands, (TURNED[node.operators[0]],))


MISTAKES = (
    Mistake(
        "inequality-turned",
        "An inequality turned round",
        "The inequality points the other way: a negative factor, a reciprocal, or a concave "
        "function under Jensen turns it.",
        Example("exp(a) >= 1 + a", "exp(a) <= 1 + a", (("a", "real"),)),
        _turned,
    ),
)
