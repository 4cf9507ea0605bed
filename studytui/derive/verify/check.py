"""The checker: structure, then numbers, then proof. Refute first, and never accept on trust."""

from __future__ import annotations

from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Logic, Node, Relation, SetOf
from studytui.derive.verdict import Judgement, Verdict
from studytui.derive.verify.compare import compared, ignore
from studytui.derive.verify.comparison import Link, Report
from studytui.derive.verify.equations import equivalent
from studytui.derive.verify.solution_sets import same_set


def equal(
    left: Node,
    right: Node,
    symbols: Symbols,
    report: Report = ignore,
    extra: Definitions | None = None,
) -> Judgement:
    """Whether two expressions, relations or sets say the same for all values of the domains."""
    if left == right:
        return Judgement(Verdict.PROVED, "both are written alike")
    if isinstance(left, SetOf) and isinstance(right, SetOf):
        return same_set(left, right, symbols)
    if isinstance(left, Relation | Logic) and isinstance(right, Relation | Logic):
        return equivalent(left, right, symbols, report)
    if isinstance(left, Relation | Logic | SetOf) or isinstance(right, Relation | Logic | SetOf):
        return Judgement(Verdict.ERROR, "an expression and a relation cannot be compared")
    return compared(left, "=", right, symbols, report, extra)


def holds(
    claim: Node,
    symbols: Symbols,
    report: Report = ignore,
    extra: Definitions | None = None,
) -> Judgement:
    """Whether a relation or a chain is true for all values of the domains, link by link."""
    if not isinstance(claim, Relation):
        return Judgement(Verdict.ERROR, "a relation is wanted, such as a = b or a <= b")
    worst: Judgement | None = None
    rank = [Verdict.PROVED, Verdict.AGREES, Verdict.UNDECIDED, Verdict.ERROR, Verdict.REFUTED]
    for left, operator, right in zip(
        claim.operands, claim.operators, claim.operands[1:], strict=False
    ):
        judgement = compared(left, operator, right, symbols, report, extra)
        if worst is None or rank.index(judgement.verdict) > rank.index(worst.verdict):
            worst = judgement
    assert worst is not None
    return worst


def doubted(claim: Node, symbols: Symbols, extra: Definitions | None = None) -> Judgement:
    """Whether values speak against an equation that has been shown in another way."""
    if not isinstance(claim, Relation) or claim.operators != ("=",):
        return Judgement(Verdict.ERROR, "an equation is wanted")
    left, right = claim.operands
    return Link(left, "=", right, symbols, ignore, extra or {}, "").looked_at()
