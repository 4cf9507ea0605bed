"""Stop-gradients: ``sg(u)`` has the value of u, and is a constant to whatever differentiates it."""

from __future__ import annotations

from studytui.derive.expr.nodes import Call, Derivative, Node, walk
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.substitute import mapped
from studytui.derive.field.differentiate import derived


def without_stops(node: Node) -> Node:
    """The expression with its derivatives taken where a stop-gradient is inside, and none left.

    :raises ExpressionError: such a derivative is not known.
    """
    if not any(map(_is_stop, walk(node))):
        return node
    return mapped(mapped(node, _taken), _argument)


def _argument(part: Node) -> Node | None:
    return part.arguments[0] if isinstance(part, Call) and part.function == "sg" else None


def _taken(part: Node) -> Node | None:
    if not isinstance(part, Derivative) or not any(map(_is_stop, walk(part))):
        return None
    inner = derived(part)
    if inner is None:
        raise ExpressionError("a derivative past sg(...) is not known here")
    return inner


def _is_stop(part: Node) -> bool:
    return _argument(part) is not None
