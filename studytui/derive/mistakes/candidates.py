"""Wrong variants of a right line, in the order in which they are to be believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Derivative, Index, Name, Node, walk
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.size_limits import MOST_NODES, check_bounds
from studytui.derive.mistakes.catalogue import MISTAKES
from studytui.derive.mistakes.mistake import Mistake
from studytui.derive.mistakes.places import rewrites

LARGEST = 400
"""A line of more parts is not rewritten: no person writes one by hand."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line as a mistake leaves it: what was rewritten where in which ``right`` line."""

    mistake: Mistake
    right: Node
    part: Node
    became: Node
    line: Node


def candidates(
    lines: Iterable[Node], symbols: Symbols, mistakes: Iterable[Mistake] = MISTAKES
) -> Iterator[Candidate]:
    """Each mistake at each place of each line: all places of the first mistake come first.

    No line comes twice, and none that is one of the right ones.
    """
    right = [line for line in lines if _is_small(line, LARGEST)]
    seen = set(right)
    for mistake in mistakes:
        for line in right:
            for part, became, whole in rewrites(
                line, mistake.variants, symbols, together=not mistake.small
            ):
                if whole not in seen and _is_sane(whole):
                    seen.add(whole)
                    yield Candidate(mistake, line, part, became, whole)


def _is_small(node: Node, most: int) -> bool:
    return sum(1 for _ in walk(node)) <= most


def _is_sane(node: Node) -> bool:
    """Whether it is within the bounds of what is evaluated at all."""
    if not _is_small(node, MOST_NODES):
        return False
    # Where a name is replaced at all its places, it may be what one differentiates by.
    slopes = (part for part in walk(node) if isinstance(part, Derivative))
    if not all(isinstance(slope.variable, Name | Index) for slope in slopes):
        return False
    try:
        check_bounds(node)
    except ExpressionError:
        return False
    return True
