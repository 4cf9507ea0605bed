"""The checker: structure, then numbers, then proof. Refute first, and never accept on trust."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import sympy

from studytui.derive.antiderivatives import differentiated
from studytui.derive.checking import conditions, order, rational, refute
from studytui.derive.checking.refute import Definitions, Numbers
from studytui.derive.domains import Symbols
from studytui.derive.nodes import (
    Call,
    Constant,
    Divide,
    Expectation,
    Fold,
    Integral,
    Limit,
    Logic,
    Multiply,
    Negate,
    Node,
    Number,
    Piecewise,
    Power,
    Relation,
    SetOf,
    children,
    free_names,
    walk,
)
from studytui.derive.problems import ExpressionError
from studytui.derive.symbolic import proof
from studytui.derive.symbolic.build import Builder
from studytui.derive.verdict import Judgement, Verdict

SMALL = 60
"""Expressions with fewer parts are looked at before what is known of them is told."""
Report = Callable[[Judgement], None]
"""Called with what is known so far, so that it survives if the rest takes too long."""


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
    exact = False
    if operator == "=":
        exact = rational.identical(left, right, symbols)
        slow = refute.needs_quadrature(left, right)
        wanted, seconds = (2 if exact else 3), (0.3 if slow else 0.6)
        numbers = refute.compare(left, right, symbols, wanted=wanted, seconds=seconds, extra=extra)
    else:
        numbers = order.compare(left, operator, right, symbols, extra)
    if numbers.counterexample is not None:
        return _refuted(numbers)
    known = _agreed(numbers, note, _delicate(left, right))
    if exact and numbers.points and not numbers.partly:
        return _exactly(left, right, symbols, known, note)
    small = operator == "=" and sum(1 for side in (left, right) for _ in walk(side)) < SMALL
    if not small:
        report(known)
    later = (lambda: report(known)) if small else (lambda: None)
    judgement = _proved(left, operator, right, symbols, (known, later), numbers, note)
    agrees = judgement.verdict is Verdict.AGREES or numbers.partly
    unsure = agrees and judgement.verdict is not Verdict.PROVED
    if unsure and operator == "=" and numbers.points:
        more = refute.compare(left, right, symbols, wanted=0, seconds=1.0, extra=extra)
        if more.counterexample is not None:
            return _refuted(more)
        return _agreed(more, note, _delicate(left, right), _jumps_out_of_sight(left, right))
    if judgement.verdict is Verdict.PROVED:
        return _confirmed(judgement, numbers, left, right)
    return judgement


def _delicate(left: Node, right: Node) -> bool:
    """Whether something is there that may diverge."""
    return any(
        isinstance(part, Expectation | Fold | Integral | Limit)
        for side in (left, right)
        for part in walk(side)
    )


def _has_limits(*nodes: Node) -> bool:
    """Whether a limit or a sum to infinity is there."""
    return any(
        isinstance(part, Limit) or (isinstance(part, Fold) and part.upper == _INFINITY)
        for node in nodes
        for part in walk(node)
    )


_INFINITY = Constant("oo")
_JUMPS = ("ceiling", "delta", "floor", "indicator", "mod", "sign")
_KINKS = ("abs", "max", "min", "relu")


def _jumps_out_of_sight(left: Node, right: Node) -> bool:
    """Whether cases may change where no point is tried: at an irrational or a large number."""
    parts = [part for side in (left, right) for part in walk(side)]
    jumps = [
        item
        for part in parts
        for item in (
            part.conditions
            if isinstance(part, Piecewise)
            else part.arguments
            if isinstance(part, Call) and part.function in _JUMPS
            else ()
        )
    ]
    if any(not _changes_in_sight(jump) for jump in jumps):
        return True
    if not jumps and not any(isinstance(part, Call) and part.function in _KINKS for part in parts):
        return False
    return any(
        part in (Constant("pi"), Constant("e"))
        or (isinstance(part, Number) and abs(part.numerator) + part.denominator > 5000)
        or (
            isinstance(part, Call)
            and part.function in ("sqrt", "exp", "log")
            and not free_names(part)
        )
        or (isinstance(part, Power) and not free_names(part))
        for part in parts
    )


def _changes_in_sight(node: Node) -> bool:
    """Whether it is made of linear factors, so that a rational point lies at each change."""
    if isinstance(node, Relation | Logic | Multiply | Divide | Negate):
        return all(map(_changes_in_sight, children(node)))
    return rational.is_linear(node)


def _confirmed(judgement: Judgement, numbers: Numbers, left: Node, right: Node) -> Judgement:
    """A proof by sympy counts where numbers agree; where one side has no value, that is told."""
    if _delicate(left, right) and _INFINITY not in (left, right) and numbers.partly:
        why = f"only one side has a value at {numbers.partly[0] or 'all'}"
        return replace(judgement, verdict=Verdict.UNDECIDED, why=why)
    if numbers.partly and not judgement.conditions:
        told = f"both sides have a value (not at {numbers.partly[0]})"
        why = f"{judgement.why}, where {told}"
        return replace(judgement, why=why, conditions=(told,))
    return judgement


def _exactly(left: Node, right: Node, symbols: Symbols, known: Judgement, note: str) -> Judgement:
    """Proved as a rational function; what is left is what it needs."""
    needs: tuple[str, ...] = ()
    with suppress(ExpressionError):
        needs, _ = conditions.needed(left, right, Builder(symbols))
    told = f", for {' and '.join(needs)}" if needs else ""
    why = f"shown exactly{told}{note}"
    return replace(known, verdict=Verdict.PROVED, why=why, conditions=needs)


def _refuted(numbers: Numbers) -> Judgement:
    example = numbers.counterexample
    assert example is not None
    where = ", ".join(f"{name} = {value}" for name, value in example.values)
    place = f"at {where} " if where else ""
    why = f"{place}the two are {example.left} and {example.right}"
    return Judgement(Verdict.REFUTED, why, example, points=numbers.points, digits=numbers.digits)


def _agreed(numbers: Numbers, note: str, delicate: bool = False, unseen: bool = False) -> Judgement:
    if not numbers.points:
        return Judgement(Verdict.UNDECIDED, "no point of the domains could be evaluated")
    if delicate and numbers.partly:
        why = f"agrees at {numbers.points} points, but at {numbers.partly[0]} one side has no value"
        return Judgement(Verdict.UNDECIDED, why, points=numbers.points, digits=numbers.digits)
    if unseen:
        why = f"agrees at {numbers.points} points, but may not where its cases change"
        return Judgement(Verdict.UNDECIDED, why, points=numbers.points, digits=numbers.digits)
    why = f"agrees at {numbers.points} points to {numbers.digits} digits; not proved{note}"
    return Judgement(Verdict.AGREES, why, points=numbers.points, digits=numbers.digits)


def _proved(
    left: Node,
    operator: str,
    right: Node,
    symbols: Symbols,
    so_far: tuple[Judgement, Callable[[], None]],
    numbers: Numbers,
    note: str,
) -> Judgement:
    known, tell = so_far
    builder = Builder(symbols)
    try:
        first, second = builder.build(left), builder.build(right)
        difference = _difference(first, second)
    except ExpressionError as error:
        return replace(known, why=f"{known.why} ({error.what})")
    except RecursionError:
        return known
    except Exception as error:  # noqa: BLE001 - sympy fails in ways of every type
        return replace(known, why=f"{known.why} ({type(error).__name__} while proving)")
    if difference is None:
        return Judgement(Verdict.REFUTED, "the shapes of the two matrices differ")
    if not numbers.points and operator == "=" and not any(difference) and _has_limits(left, right):
        why = "alike in form, but no point could be evaluated: it may have no value"
        return replace(known, verdict=Verdict.UNDECIDED, why=why)
    needs, nonzero = conditions.needed(left, right, builder)
    if operator == "=":
        if _infinite(first, second, symbols) or all(
            proof.proves_zero(item, symbols, nonzero, tell) for item in difference
        ):
            why = (
                "shown exactly" if numbers.points else "shown exactly; no point could be evaluated"
            )
            told = f", for {' and '.join(needs)}" if needs else ""
            return replace(known, verdict=Verdict.PROVED, why=why + told + note, conditions=needs)
        if not needs and (not numbers.points or numbers.rough):
            for item in difference:
                if proof.certainly_not_zero(item, symbols):
                    return Judgement(Verdict.REFUTED, f"they differ by {item} exactly")
        return known
    if order.proves(difference[0], operator, symbols):
        return replace(known, verdict=Verdict.PROVED, why="shown exactly", conditions=needs)
    return known


def _infinite(first: Any, second: Any, symbols: Symbols) -> bool:
    """Whether one side is written as infinity and the other diverges to it."""
    for written, other in ((first, second), (second, first)):
        limits = (sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit)
        if written in (sympy.oo, -sympy.oo) and other.has(*limits):
            return bool(proof.canonical(other, symbols) == written)
    return False


def _difference(first: Any, second: Any) -> list[Any] | None:
    """The elements of ``second - first``; None where the shapes differ."""
    matrices = [isinstance(item, sympy.MatrixBase) for item in (first, second)]
    if any(matrices) and 0 in (first, second):
        return list(first if matrices[0] else second)
    if not any(matrices):
        return [second - first]
    if not all(matrices):
        table = first if matrices[0] else second
        if table.shape != (1, 1):
            return None
        pair = [
            item[0, 0] if flag else item
            for item, flag in zip((first, second), matrices, strict=True)
        ]
        return [pair[1] - pair[0]]
    if first.shape != second.shape:
        return None
    return list(second - first)
