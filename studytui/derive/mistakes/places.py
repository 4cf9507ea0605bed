"""Rewriting at every place of a line, each place alone and equal parts together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.nodes import (
    Derivative,
    Fold,
    Integral,
    Limit,
    Node,
    bound_variable,
    children,
    rebuild,
)
from studytui.derive.expr.substitute import exchanged
from studytui.derive.mistakes.mistake import Variants

MOST = 60
"""More variants of one line by one mistake are not looked at."""

Rewritten = tuple[Node, Node, Node]
"""A part, what became of it, and the whole with it."""


def rewrites(
    node: Node, variants: Variants, symbols: Symbols, *, together: bool = False
) -> Iterator[Rewritten]:
    """Wrong variants of a line, at most ``MOST``: at one place, then at all places of one part,
    then (``together``) once at every place."""
    single = list(islice(_inside(node, variants, symbols), MOST))
    yield from single
    counts: dict[Node, int] = {}
    first: dict[Node, Node] = {}
    for part, became, _ in single:
        counts[part] = counts.get(part, 0) + 1
        first.setdefault(part, became)
    for part, became in first.items():
        if counts[part] > 1:
            yield part, became, exchanged(node, part, became)
    if together and len(first) > 1:
        part, became = next(iter(first.items()))
        whole = node
        for old, new in first.items():
            whole = exchanged(whole, old, new)
        yield part, became, whole


def _inside(node: Node, variants: Variants, symbols: Symbols) -> Iterator[Rewritten]:
    for became in variants(node, symbols):
        yield node, became, became
    for child, scope in scoped_children(node, symbols):
        for part, became, whole in _inside(child, variants, scope):
            yield part, became, rebuild(node, {id(child): whole})


def scoped_children(node: Node, symbols: Symbols) -> Iterator[tuple[Node, Symbols]]:
    """The nodes under one, each with the names that stand for something in it.

    What one differentiates by is no place for a mistake.
    """
    bound = bound_variable(node)
    for child in children(node):
        if isinstance(node, Derivative) and child is node.variable:
            continue
        inside = isinstance(node, Fold | Integral | Limit) and child is node.body
        if bound is not None and inside:
            whole = isinstance(node, Fold)
            domain = Domain(kind="integer" if whole else "real", integer=whole)
            yield child, symbols.with_domains({bound: domain})
        else:
            yield child, symbols
