"""Sums over one range, taken together as one sum."""

from __future__ import annotations

from dataclasses import dataclass

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.substitute import replaced

_ZERO, _ONE = nodes.Number(0), nodes.Number(1)


@dataclass(frozen=True, slots=True)
class Range:
    """The whole numbers from one to another."""

    lower: nodes.Node
    upper: nodes.Node
    variable: str

    def domain(self) -> Domain:
        """The values of the index."""
        here = nodes.Name(self.variable)
        ends = (
            nodes.Relation((self.lower, here), ("<=",)),
            nodes.Relation((here, self.upper), ("<=",)),
        )
        return Domain(kind="integer", integer=True, constraints=ends)


def range_of(node: nodes.Node, variable: str) -> Range | None:
    """The one range of all the sums that stand as terms, for an index of that name; None where
    there is no such one."""
    folds = [part for _, part in linear_terms(node, nodes.Fold) if isinstance(part, nodes.Fold)]
    if not folds or any(fold.kind != "sum" for fold in folds):
        return None
    first = folds[0]
    alike = all(
        same_shape(fold.lower, first.lower) and same_shape(fold.upper, first.upper)
        for fold in folds
    )
    return Range(first.lower, first.upper, variable) if alike else None


def summed(node: nodes.Node, over: Range) -> tuple[nodes.Node, nodes.Node] | None:
    """What all sums come to as one, and what stands beside them; None where something is left."""
    bodies: list[nodes.Node] = []
    rest: list[nodes.Node] = []
    for factor, part in linear_terms(node, nodes.Fold):
        if isinstance(part, nodes.Fold):
            body = replaced(part.body, {part.variable: nodes.Name(over.variable)})
            bodies.append(body if factor == _ONE else nodes.Multiply((factor, body)))
        elif any(isinstance(inner, nodes.Fold) for inner in nodes.walk(part)) or part != _ONE:
            return None
        elif not _is_zero(factor):
            rest.append(factor)
    if any(isinstance(inner, nodes.Fold) for item in rest for inner in nodes.walk(item)):
        return None
    return _sum(bodies), _sum(rest)


def linear_terms(
    node: nodes.Node, kind: type[nodes.Fold | nodes.Integral]
) -> list[tuple[nodes.Node, nodes.Node]]:
    """Factors, and the sums or integrals that they stand before; before one, where there is
    none."""
    if isinstance(node, nodes.Add):
        return [pair for term in node.terms for pair in linear_terms(term, kind)]
    if isinstance(node, nodes.Negate):
        pairs = linear_terms(node.operand, kind)
        return [(_product(nodes.Number(-1), factor), part) for factor, part in pairs]
    if isinstance(node, nodes.Divide):
        pairs = linear_terms(node.numerator, kind)
        return [(_over(factor, node.denominator), part) for factor, part in pairs]
    if isinstance(node, nodes.Multiply):
        inside = [
            item for item in node.factors if any(isinstance(p, kind) for p in nodes.walk(item))
        ]
        if len(inside) == 1:
            others = tuple(item for item in node.factors if item is not inside[0])
            outside = others[0] if len(others) == 1 else nodes.Multiply(others)
            pairs = linear_terms(inside[0], kind)
            return [(_product(outside, factor), part) for factor, part in pairs]
    if isinstance(node, kind):
        return [(_ONE, node)]
    return [(node, _ONE)]


def _is_zero(factor: nodes.Node) -> bool:
    if isinstance(factor, nodes.Multiply):
        return any(map(_is_zero, factor.factors))
    return factor == _ZERO


def _over(factor: nodes.Node, denominator: nodes.Node) -> nodes.Node:
    return nodes.Divide(factor, denominator)


def _product(first: nodes.Node, other: nodes.Node) -> nodes.Node:
    return first if other == _ONE else nodes.Multiply((first, other))


def _sum(items: list[nodes.Node]) -> nodes.Node:
    return _ZERO if not items else items[0] if len(items) == 1 else nodes.Add(tuple(items))
