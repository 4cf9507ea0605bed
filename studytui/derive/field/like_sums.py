"""Sums over one range, taken together as one sum."""

from __future__ import annotations

from dataclasses import dataclass

from studytui.derive.expr.domains import Domain
from studytui.derive.expr.nodes import (
    Add,
    Divide,
    Fold,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Relation,
    walk,
)
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.substitute import replaced

_ZERO, _ONE = Number(0), Number(1)


@dataclass(frozen=True, slots=True)
class Range:
    """The whole numbers from one to another."""

    lower: Node
    upper: Node
    variable: str

    def domain(self) -> Domain:
        """The values of the index."""
        here = Name(self.variable)
        ends = (Relation((self.lower, here), ("<=",)), Relation((here, self.upper), ("<=",)))
        return Domain(kind="integer", integer=True, constraints=ends)


def range_of(node: Node, variable: str) -> Range | None:
    """The one range of all the sums that stand as terms, for an index of that name; None where
    there is no such one."""
    folds = [part for _, part in _terms(node) if isinstance(part, Fold)]
    if not folds or any(fold.kind != "sum" for fold in folds):
        return None
    first = folds[0]
    alike = all(
        same_shape(fold.lower, first.lower) and same_shape(fold.upper, first.upper)
        for fold in folds
    )
    return Range(first.lower, first.upper, variable) if alike else None


def summed(node: Node, over: Range) -> tuple[Node, Node] | None:
    """What all sums come to as one, and what stands beside them; None where something is left."""
    bodies: list[Node] = []
    rest: list[Node] = []
    for factor, part in _terms(node):
        if isinstance(part, Fold):
            body = replaced(part.body, {part.variable: Name(over.variable)})
            bodies.append(body if factor == _ONE else Multiply((factor, body)))
        elif any(isinstance(inner, Fold) for inner in walk(part)) or part != _ONE:
            return None
        elif not _is_zero(factor):
            rest.append(factor)
    if any(isinstance(inner, Fold) for item in rest for inner in walk(item)):
        return None
    return _sum(bodies), _sum(rest)


def _terms(node: Node) -> list[tuple[Node, Node]]:
    """Factors, and the sums that they stand before; before one, where there is no sum."""
    if isinstance(node, Add):
        return [pair for term in node.terms for pair in _terms(term)]
    if isinstance(node, Negate):
        return [(_product(Number(-1), factor), part) for factor, part in _terms(node.operand)]
    if isinstance(node, Divide):
        return [(_over(factor, node.denominator), part) for factor, part in _terms(node.numerator)]
    if isinstance(node, Multiply):
        inside = [item for item in node.factors if any(isinstance(p, Fold) for p in walk(item))]
        if len(inside) == 1:
            others = tuple(item for item in node.factors if item is not inside[0])
            outside = others[0] if len(others) == 1 else Multiply(others)
            return [(_product(outside, factor), part) for factor, part in _terms(inside[0])]
    if isinstance(node, Fold):
        return [(_ONE, node)]
    return [(node, _ONE)]


def _is_zero(factor: Node) -> bool:
    if isinstance(factor, Multiply):
        return any(map(_is_zero, factor.factors))
    return factor == _ZERO


def _over(factor: Node, denominator: Node) -> Node:
    return Divide(factor, denominator)


def _product(first: Node, other: Node) -> Node:
    return first if other == _ONE else Multiply((first, other))


def _sum(items: list[Node]) -> Node:
    return _ZERO if not items else items[0] if len(items) == 1 else Add(tuple(items))
