"""The checker: structure, then numbers, then proof. Refute first, and never accept on trust."""

from __future__ import annotations

import time
from dataclasses import replace

from studytui.derive.antiderivatives import differentiated
from studytui.derive.checking.link import Link, Report
from studytui.derive.checking.refute import Definitions
from studytui.derive.domains import Symbols
from studytui.derive.nodes import Logic, Node, Relation, SetOf
from studytui.derive.problems import ExpressionError
from studytui.derive.verdict import Judgement, Verdict


def ignore(judgement: Judgement) -> None:
    """A report that nobody wants."""


def equal(
    left: Node,
    right: Node,
    symbols: Symbols,
    report: Report = ignore,
    extra: Definitions | None = None,
) -> Judgement:
    """Whether two expressions, relations or sets say the same for all values of the domains."""
    start = time.perf_counter()
    if left == right:
        judgement = Judgement(Verdict.PROVED, "both are written alike")
    elif isinstance(left, SetOf) and isinstance(right, SetOf):
        from studytui.derive.checking.solutions import same_set

        judgement = same_set(left, right, symbols)
    elif isinstance(left, Relation | Logic) and isinstance(right, Relation | Logic):
        from studytui.derive.checking.equations import equivalent

        judgement = equivalent(left, right, symbols, report)
    elif isinstance(left, Relation | Logic | SetOf) or isinstance(right, Relation | Logic | SetOf):
        judgement = Judgement(Verdict.ERROR, "an expression and a relation cannot be compared")
    else:
        judgement = compared(left, "=", right, symbols, report, extra)
    return replace(judgement, seconds=time.perf_counter() - start)


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


def compared(
    left: Node,
    operator: str,
    right: Node,
    symbols: Symbols,
    report: Report = ignore,
    extra: Definitions | None = None,
) -> Judgement:
    """One link ``left operator right``, for all values of the domains."""
    try:
        left, right, note = differentiated(left, right)
    except ExpressionError as error:
        return Judgement(Verdict.UNDECIDED, error.what)
    if operator in (">", ">="):
        left, right, operator = right, left, {">": "<", ">=": "<="}[operator]
    if left == right and operator in ("=", "<="):
        return Judgement(Verdict.PROVED, "both are written alike")
    return Link(left, operator, right, symbols, report, extra or {}, note).judged()
