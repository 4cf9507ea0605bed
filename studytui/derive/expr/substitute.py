"""Replacing names and parts of expressions, bound variables respected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from studytui.derive.expr.nodes import (
    Derivative,
    Fold,
    Integral,
    Limit,
    Name,
    Node,
    bound_variable,
    children,
    free_names,
    rebuild,
)


def replaced(node: Node, values: Mapping[str, Node]) -> Node:
    """The expression with free names replaced; a bound variable that would capture a name of a
    value is renamed first."""
    if not values:
        return node
    if isinstance(node, Name):
        return values.get(node.name, node)
    if isinstance(node, Derivative) and isinstance(node.variable, Name):
        other = values.get(node.variable.name)
        if other is not None and not (
            isinstance(other, Name) and other.name not in free_names(node.body)
        ):
            # Its value at a place: the limit there of the derivative in a name of its own.
            fresh = f"{node.variable.name}'"
            return Limit(replaced(node, {**values, node.variable.name: Name(fresh)}), fresh, other)
    bound = bound_variable(node)
    if bound is None:
        return rebuild(node, {id(child): replaced(child, values) for child in children(node)})
    assert isinstance(node, Fold | Integral | Limit)
    inside = {name: value for name, value in values.items() if name != bound}
    body, variable = node.body, bound
    if any(bound in free_names(value) for value in inside.values()):
        taken = free_names(body).union(*map(free_names, inside.values()))
        while variable in taken:
            variable += "'"
        body = replaced(body, {bound: Name(variable)})
    change: dict[int, Node] = {
        id(child): replaced(child, values) for child in children(node) if child is not node.body
    }
    change[id(node.body)] = replaced(body, inside)
    result = rebuild(node, change)
    return result if variable == bound else _with_variable(result, variable)


def apart(node: Node, names: Collection[str]) -> Node:
    """The expression with every bound variable renamed that has one of these names."""

    def change(part: Node) -> Node | None:
        bound = bound_variable(part)
        if bound is None or bound not in names:
            return None
        assert isinstance(part, Fold | Integral | Limit)
        fresh = f"{bound}'"
        while fresh in names or fresh in free_names(part.body):
            fresh += "'"
        body = replaced(part.body, {bound: Name(fresh)})
        return _with_variable(rebuild(part, {id(part.body): body}), fresh)

    return mapped(node, change)


def _with_variable(node: Node, variable: str) -> Node:
    if isinstance(node, Fold):
        return Fold(node.kind, node.body, variable, node.lower, node.upper)
    if isinstance(node, Integral):
        return Integral(node.body, variable, node.lower, node.upper)
    assert isinstance(node, Limit)
    return Limit(node.body, variable, node.point, node.side)


def mapped(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """The expression with every part, innermost first, for which ``change`` returns another."""
    inner = rebuild(node, {id(child): mapped(child, change) for child in children(node)})
    other = change(inner)
    return inner if other is None else other


def exchanged(node: Node, part: Node, value: Node) -> Node:
    """The expression with another one wherever a part stands."""
    return mapped(node, lambda item: value if item == part else None)
