"""Which mistake makes a written line of a right one: found by values, shown by the checker.

Runs in the prover's process. Its result depends on work and on the order of the catalogue, and on
no clock: either the first explanation in that order, or none.
"""

from __future__ import annotations

from collections.abc import Iterator

from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Logic, Node, Relation, SetOf
from studytui.derive.expr.normal_form import difference, same_shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.field import identical
from studytui.derive.mistakes.candidates import Candidate, candidates
from studytui.derive.mistakes.catalogue import MISTAKES
from studytui.derive.mistakes.forms import forms
from studytui.derive.mistakes.mistake import Explanation, Named
from studytui.derive.mistakes.numbers import Places
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Verdict
from studytui.derive.verify.check import compared

MOST_SHOWN = 6
"""Variants that have the values of the written line: more of them are not handed to the prover."""
FIRST = 10
"""Of two mistakes the first is one of those that bring the line nearest to the written one."""
SMALL = tuple(mistake for mistake in MISTAKES if mistake.small)


def found(
    written: Node,
    right: tuple[Node, ...],
    symbols: Symbols,
    extra: Definitions | None = None,
    *,
    two: bool = False,
) -> Explanation:
    """The mistake that makes ``written`` of one of the right lines; or the ``two`` that do.

    Empty where none is proved. The first line is right; one of the others that has another value
    than it at a point is left out.
    """
    if any(isinstance(node, Relation | Logic | SetOf) for node in (written, *right)):
        return ()
    places = Places(written, right[:1], symbols, extra or {})
    like = (right[0], *(line for line in right[1:] if not places.differs(line, right[0])))
    whole = dict.fromkeys(form for line in like for form in forms(line, symbols))
    lines = tuple(line for line in whole if places.differs(line))
    single = candidates(lines, symbols)
    if two:
        return _pair(list(single), written, places, symbols, extra or {})
    one = _first_shown(single, written, places, symbols, extra or {})
    return () if one is None else (_named(one),)


def _named(candidate: Candidate) -> Named:
    return Named(candidate.mistake.name, to_text(candidate.part), to_text(candidate.became))


def _first_shown(
    variants: Iterator[Candidate],
    written: Node,
    places: Places,
    symbols: Symbols,
    extra: Definitions,
) -> Candidate | None:
    """The first variant that is proved equal to the written line: by a law of the field if one is,
    for that is cheap; else by the whole checker."""
    alike: list[Candidate] = []
    for candidate in variants:
        if places.are_dear and _is_seen(candidate.line, written, symbols):
            if _is_wrong(candidate.right, written, symbols, extra):
                return candidate
            continue
        if places.is_spent:
            break
        if places.has_value_of_written(candidate.line):
            if not _is_seen(candidate.line, written, symbols):
                alike += [candidate] if len(alike) < MOST_SHOWN else []
            elif _is_wrong(candidate.right, written, symbols, extra):
                return candidate
    for candidate in alike:
        if _judged(candidate.line, written, symbols, extra) is Verdict.PROVED and _is_wrong(
            candidate.right, written, symbols, extra
        ):
            return candidate
    return None


def _is_seen(line: Node, written: Node, symbols: Symbols) -> bool:
    return same_shape(line, written) or identical(line, written, symbols)


def _is_wrong(right: Node, written: Node, symbols: Symbols, extra: Definitions) -> bool:
    """Whether the ordinary checker refutes that the right line is the written one: a rewrite that
    happens to be right at its place explains nothing."""
    return _judged(right, written, symbols, extra) is Verdict.REFUTED


def _judged(line: Node, written: Node, symbols: Symbols, extra: Definitions) -> Verdict:
    try:
        return compared(line, "=", written, symbols, extra=extra).verdict
    except ExpressionError:
        return Verdict.UNDECIDED


def _pair(
    single: list[Candidate],
    written: Node,
    places: Places,
    symbols: Symbols,
    extra: Definitions,
) -> Explanation:
    """Two mistakes, each of which changes the line: the first brings it nearer to the written one,
    and the second is a small one that makes it equal."""
    if not places.are_there or places.are_dear or places.is_spent:
        return ()
    ranked = sorted(
        ((difference(item.line, written), place) for place, item in enumerate(single)),
    )
    for _, place in ranked[:FIRST]:
        first = single[place]
        if not places.differs(first.line, first.right):
            continue
        for second in candidates((first.line,), symbols, SMALL):
            if places.is_spent:
                return ()
            if not places.has_value_of_written(second.line):
                continue
            if _is_seen(second.line, written, symbols) and _is_wrong(
                first.right, written, symbols, extra
            ):
                return _named(first), _named(second)
    return ()
