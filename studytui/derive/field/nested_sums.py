"""Sums of sums: in any order, and in blocks.

Finite sums may be swapped, whatever is summed: both are the sum over all pairs, if no bound depends
on another index. And where ``i`` runs through b places for every r, what is summed depending on
``b r + i`` only, the pairs are the blocks of one sum over ``t = b r + i``, each t once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from studytui.derive.expr import nodes
from studytui.derive.expr.substitute import replaced

MOST_DEEP = 3


def nested(fold: nodes.Fold) -> tuple[tuple[nodes.Fold, ...], nodes.Node] | None:
    """The sums one inside the other, each with its own index, and the innermost body; None where
    there is one only. Factors beside an inner sum go into it."""
    ranges: list[nodes.Fold] = [fold]
    factors = _factors(fold.body)
    taken = (
        nodes.free_names(fold.body) | nodes.free_names(fold.lower) | nodes.free_names(fold.upper)
    )
    while len(ranges) < MOST_DEEP:
        inner = next(
            (item for item in factors if isinstance(item, nodes.Fold) and item.kind == "sum"), None
        )
        if inner is None:
            break
        variable = inner.variable
        while variable in taken | {item.variable for item in ranges}:
            variable += "'"
        inside = replaced(inner.body, {inner.variable: nodes.Name(variable)})
        taken |= nodes.free_names(inside)
        ranges.append(nodes.Fold("sum", inside, variable, inner.lower, inner.upper))
        factors = [*(item for item in factors if item is not inner), *_factors(inside)]
    return (tuple(ranges), nodes.Multiply((*factors, nodes.Number(1)))) if len(ranges) > 1 else None


def _factors(node: nodes.Node) -> list[nodes.Node]:
    """The factors of a product, those of products in it among them."""
    if isinstance(node, nodes.Multiply):
        return [item for factor in node.factors for item in _factors(factor)]
    return [] if node == nodes.Number(1) else [node]


def orders(ranges: tuple[nodes.Fold, ...], body: nodes.Node) -> Iterator[nodes.Fold]:
    """The nest in every order in which no bound depends on an index further inside."""
    for order in permutations(ranges):
        inside = [{item.variable for item in order[place:]} for place in range(len(order))]
        ends = [nodes.free_names(item.lower) | nodes.free_names(item.upper) for item in order]
        if any(later & names for later, names in zip(inside, ends, strict=True)):
            continue
        node = body
        for item in reversed(order):
            node = nodes.Fold("sum", node, item.variable, item.lower, item.upper)
        assert isinstance(node, nodes.Fold)
        yield node


def blocks(
    ranges: tuple[nodes.Fold, ...], body: nodes.Node
) -> Iterator[tuple[nodes.Node, str, nodes.Fold]]:
    """Ways to take two sums for the blocks of one: what is summed in terms of r and t, the name of
    r, which must not be left in it, and the one sum."""
    if len(ranges) != 2:
        return
    for outer, inner in (ranges, ranges[::-1]):
        names = {outer.variable, inner.variable}
        if names & (
            nodes.free_names(inner.lower)
            | nodes.free_names(inner.upper)
            | nodes.free_names(outer.lower)
        ):
            continue
        if not any(names <= nodes.free_names(part) for part in nodes.walk(body)):
            continue
        length = nodes.Add((inner.upper, nodes.Negate(inner.lower), nodes.Number(1)))
        place = inner.variable

        def block(row: nodes.Node, size: nodes.Node = length) -> nodes.Node:
            return nodes.Multiply((size, row))

        moved = replaced(
            body,
            {
                place: nodes.Add(
                    (nodes.Name(place), nodes.Negate(block(nodes.Name(outer.variable))))
                )
            },
        )
        ends = [nodes.Add((block(outer_end), inner_end)) for outer_end, inner_end in
                ((outer.lower, inner.lower), (outer.upper, inner.upper))]  # fmt: skip
        whole = replaced(moved, {outer.variable: outer.lower})
        yield moved, outer.variable, nodes.Fold("sum", whole, place, ends[0], ends[1])


def has_inner_sum(node: nodes.Node) -> bool:
    """Whether a sum stands in it."""
    return any(isinstance(part, nodes.Fold) and part.kind == "sum" for part in nodes.walk(node))
