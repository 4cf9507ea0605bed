"""Whether a relation follows from others that are told, or that stand above it."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Node, Relation
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.field import follows
from studytui.derive.field.integration_by_parts import follows_by_parts
from studytui.derive.sympy_backend.build import Builder
from studytui.derive.verdict import Judgement, Verdict
from studytui.derive.verify import conditions
from studytui.derive.verify.undefined_points import Condition


def judged(nodes: tuple[Node, ...], symbols: Symbols) -> Judgement:
    """Whether the first of the relations holds for all values for which the others do.

    No values are asked: those at which the others hold are not easily found.
    """
    relation, *premises = nodes
    told = tuple(item for item in premises if isinstance(item, Relation))
    if not isinstance(relation, Relation) or not (
        follows(relation, told, symbols) or follows_by_parts(relation, told, symbols)
    ):
        return Judgement(Verdict.UNDECIDED, "that it follows is not shown")
    needs: tuple[Condition, ...] = ()
    for left, right in pairwise(relation.operands):
        with suppress(ExpressionError):
            needs += conditions.needed_by_one(left, right, Builder(symbols))
    if not all(need.is_thin for need in needs):
        text = " and ".join(need.text for need in needs)
        return Judgement(Verdict.UNDECIDED, f"shown for {text} only, and more is declared")
    for_these = tuple(dict.fromkeys(need.text for need in needs))
    why = f"it follows, for {' and '.join(for_these)}" if needs else "it follows"
    return Judgement(Verdict.PROVED, why, conditions=for_these)
