"""Nodes as plain lists, so that a message between processes can carry nothing but data."""

from __future__ import annotations

from typing import Any

from studytui.derive.expr.nodes import FIELDS, KINDS, Node
from studytui.derive.expr.problems import ExpressionError


def to_data(value: Any) -> Any:
    """A node as nested lists: its kind first, then its fields; a plain tuple starts with ``""``."""
    if isinstance(value, Node):
        kind = type(value)
        return [kind.__name__, *(to_data(getattr(value, name)) for name in FIELDS[kind])]
    if isinstance(value, tuple):
        return ["", *(to_data(item) for item in value)]
    return value


def from_data(data: Any) -> Any:
    """The node that ``to_data`` made plain.

    :raises ExpressionError: the data is not of that shape.
    """
    if data is None or isinstance(data, str | int):
        return data
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise ExpressionError("a message between processes is not an expression")
    kind, *values = data
    if kind == "":
        return tuple(from_data(value) for value in values)
    if kind not in KINDS or len(values) != len(FIELDS[KINDS[kind]]):
        raise ExpressionError(f"a message between processes names an unknown node {kind!r}")
    return KINDS[kind](*(from_data(value) for value in values))
