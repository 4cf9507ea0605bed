"""One link ``a = b`` or ``a <= b``, with each side in closed form first."""

from __future__ import annotations

from dataclasses import replace

from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Derivative,
    Expectation,
    Fold,
    Integral,
    Limit,
    Node,
    kinds,
)
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.substitute import mapped
from studytui.derive.field.dominance import decided
from studytui.derive.field.gaussian import closed
from studytui.derive.field.index_extremes import taken_out
from studytui.derive.field.integration_by_parts import missing_boundary
from studytui.derive.field.known_means import with_known_means
from studytui.derive.field.limits import settled
from studytui.derive.field.odd_integrals import without_odd_integrals
from studytui.derive.field.telescoping import telescoped
from studytui.derive.field.under_integrals import moved_inside
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Judgement, Provisional, Verdict
from studytui.derive.verify.antiderivatives import differentiated
from studytui.derive.verify.comparison import Link, Report

_WITH_LAWS = frozenset({Derivative, Expectation, Fold, Integral, Limit})
"""What may have a closed form."""


def ignore(known: Provisional) -> None:
    """A report that nobody wants."""


def compared(
    left: Node,
    operator: str,
    right: Node,
    symbols: Symbols,
    report: Report = ignore,
    extra: Definitions | None = None,
) -> Judgement:
    """One link ``left operator right``, for all values of the domains."""
    note, boundary = "", None
    if operator in (">", ">="):
        left, right, operator = right, left, {">": "<", ">=": "<="}[operator]
    found = kinds(left, right)
    if found & _WITH_LAWS:
        if Integral in found:
            try:
                left, right, note = differentiated(left, right)
            except ExpressionError as error:
                return Judgement(Verdict.UNDECIDED, error.what)
        left, right = (_in_closed_form(side, symbols) for side in (left, right))
        boundary = missing_boundary(left, right, symbols) if operator == "=" else None
    if boundary is not None:
        why = f"by parts it holds where {to_text(boundary)} goes to zero at both ends"
        return Judgement(Verdict.UNDECIDED, f"{why}: say so by facts, as lim(..., x, oo) = 0")
    if left == right and operator in ("=", "<="):
        return Judgement(Verdict.PROVED, "both are written alike")
    return Link(left, operator, right, symbols, report, extra or {}, note).judged()


def _in_closed_form(side: Node, symbols: Symbols) -> Node:
    """A side with what has a law of its own for all values put in its place."""
    found = kinds(side)
    for wanted, law in _LAWS:
        if found & wanted:
            before, side = side, law(side, symbols)
            found = found if side is before else kinds(side)
    return side


def _without_kinks(node: Node, symbols: Symbols) -> Node:
    """The expression with what is differentiated in the one case that it is."""
    return mapped(
        node,
        lambda part: (
            replace(part, body=decided(part.body, symbols))
            if isinstance(part, Derivative)
            else None
        ),
    )


_LAWS = (
    (frozenset({Derivative}), _without_kinks),
    (frozenset({Derivative}), moved_inside),
    (frozenset({Fold}), taken_out),
    (frozenset({Limit}), settled),
    (frozenset({Integral}), without_odd_integrals),
    (frozenset({Fold}), telescoped),
    (frozenset({Expectation, Integral}), closed),
    (frozenset({Expectation}), with_known_means),
)
"""What puts something in its closed form, in order, and where there may be something for it."""
