"""What goes by cases, and the cases: ``max(a, b)`` is a where ``a >= b``, b where ``b >= a``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.signs import plainly_real

_ZERO = nodes.Number(0)
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Gap:
    """An expression that is not negative, or positive where it is ``strict``."""

    node: nodes.Node
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A value, and where it is the one. The cases of an expression cover all that may be."""

    value: nodes.Node
    where: tuple[Gap, ...]


def gap_of(relation: nodes.Node) -> tuple[Gap, ...] | None:
    """A chain of inequalities as gaps; None where it is something else."""
    if not isinstance(relation, nodes.Relation):
        return None
    gaps = []
    for left, sign, right in zip(
        relation.operands, relation.operators, relation.operands[1:], strict=False
    ):
        if sign not in _OPPOSITE:
            return None
        larger, smaller = (left, right) if sign in (">", ">=") else (right, left)
        gaps.append(Gap(nodes.Add((larger, nodes.Negate(smaller))), sign in ("<", ">")))
    return tuple(gaps)


def pivot(node: nodes.Node, symbols: Symbols) -> tuple[nodes.Node, tuple[Case, ...]] | None:
    """A part that goes by cases, the innermost first, and its cases.

    Nothing inside of what binds a variable is one: its cases need not be the same for all values.
    """
    if nodes.bound_variable(node) is not None:
        return None
    for child in nodes.children(node):
        found = pivot(child, symbols)
        if found is not None:
            return found
    cases = tuple(_cases(node, symbols))
    return (node, cases) if cases else None


def _cases(node: nodes.Node, symbols: Symbols) -> Iterator[Case]:
    if isinstance(node, nodes.Piecewise):
        yield from _pieces(node)
    if not isinstance(node, nodes.Call) or node.primes:
        return
    arguments = node.arguments
    if node.function in ("max", "min"):
        for place, value in enumerate(arguments):
            others = (*arguments[:place], *arguments[place + 1 :])
            pairs = (
                (value, other) if node.function == "max" else (other, value) for other in others
            )
            yield Case(value, tuple(_above(*pair) for pair in pairs))
    elif node.function in ("abs", "relu") and plainly_real(arguments[0], symbols):
        below = nodes.Negate(arguments[0]) if node.function == "abs" else _ZERO
        yield Case(arguments[0], (Gap(arguments[0]),))
        yield Case(below, (Gap(nodes.Negate(arguments[0])),))
    elif node.function == "indicator":
        inside = gap_of(arguments[0])
        if inside is not None and len(inside) == 1:
            yield Case(nodes.Number(1), inside)
            yield Case(_ZERO, (_not(inside[0]),))


def _pieces(node: nodes.Piecewise) -> Iterator[Case]:
    """The first condition that is true counts."""
    before: tuple[Gap, ...] = ()
    found = []
    for value, condition in zip(node.values, node.conditions, strict=True):
        if condition == nodes.Constant("true"):
            found.append(Case(value, before))
            yield from found
            return
        inside = gap_of(condition)
        if inside is None or len(inside) != 1:
            return
        found.append(Case(value, (*before, *inside)))
        before = (*before, _not(inside[0]))


def _above(larger: nodes.Node, smaller: nodes.Node) -> Gap:
    return Gap(nodes.Add((larger, nodes.Negate(smaller))))


def _not(gap: Gap) -> Gap:
    return Gap(nodes.Negate(gap.node), not gap.strict)
