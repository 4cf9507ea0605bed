"""Replacing names and parts of expressions, bound variables respected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from studytui.derive.expr import nodes


def replaced(node: nodes.Node, values: Mapping[str, nodes.Node]) -> nodes.Node:
    """The expression with free names replaced; a bound variable that would capture a name of a
    value is renamed first."""
    if not values:
        return node
    if isinstance(node, nodes.Name):
        return values.get(node.name, node)
    if isinstance(node, nodes.Derivative) and isinstance(node.variable, nodes.Name):
        other = values.get(node.variable.name)
        if other is not None and not (
            isinstance(other, nodes.Name) and other.name not in nodes.free_names(node.body)
        ):
            # Its value at a place: the limit there of the derivative in a name of its own.
            fresh = f"{node.variable.name}'"
            return nodes.Limit(
                replaced(node, {**values, node.variable.name: nodes.Name(fresh)}), fresh, other
            )
    bound = nodes.bound_variable(node)
    if bound is None:
        pairs = [(child, replaced(child, values)) for child in nodes.children(node)]
        return _rebuilt(node, pairs)
    assert isinstance(node, nodes.Fold | nodes.Integral | nodes.Limit)
    inside = {name: value for name, value in values.items() if name != bound}
    body, variable = node.body, bound
    if any(bound in nodes.free_names(value) for value in inside.values()):
        taken = nodes.free_names(body).union(*map(nodes.free_names, inside.values()))
        while variable in taken:
            variable += "'"
        body = replaced(body, {bound: nodes.Name(variable)})
    change: dict[int, nodes.Node] = {
        id(child): replaced(child, values)
        for child in nodes.children(node)
        if child is not node.body
    }
    change[id(node.body)] = replaced(body, inside)
    result = nodes.rebuild(node, change)
    return result if variable == bound else _with_variable(result, variable)


def apart(node: nodes.Node, names: Collection[str]) -> nodes.Node:
    """The expression with every bound variable renamed that has one of these names."""

    def change(part: nodes.Node) -> nodes.Node | None:
        bound = nodes.bound_variable(part)
        if bound is None or bound not in names:
            return None
        assert isinstance(part, nodes.Fold | nodes.Integral | nodes.Limit)
        fresh = f"{bound}'"
        while fresh in names or fresh in nodes.free_names(part.body):
            fresh += "'"
        body = replaced(part.body, {bound: nodes.Name(fresh)})
        return _with_variable(nodes.rebuild(part, {id(part.body): body}), fresh)

    return mapped(node, change)


def _with_variable(node: nodes.Node, variable: str) -> nodes.Node:
    if isinstance(node, nodes.Fold):
        return nodes.Fold(node.kind, node.body, variable, node.lower, node.upper)
    if isinstance(node, nodes.Integral):
        return nodes.Integral(node.body, variable, node.lower, node.upper)
    assert isinstance(node, nodes.Limit)
    return nodes.Limit(node.body, variable, node.point, node.side)


def mapped(node: nodes.Node, change: Callable[[nodes.Node], nodes.Node | None]) -> nodes.Node:
    """The expression with every part, innermost first, for which ``change`` returns another."""
    below = nodes.children(node)
    inner = _rebuilt(node, [(child, mapped(child, change)) for child in below]) if below else node
    other = change(inner)
    return inner if other is None else other


def _rebuilt(node: nodes.Node, pairs: list[tuple[nodes.Node, nodes.Node]]) -> nodes.Node:
    """The node with other children; itself where none of them is another."""
    changed = {id(before): after for before, after in pairs if after is not before}
    return nodes.rebuild(node, changed) if changed else node


def exchanged(node: nodes.Node, part: nodes.Node, value: nodes.Node) -> nodes.Node:
    """The expression with another one wherever a part stands."""
    return mapped(node, lambda item: value if item == part else None)
