"""Shapes of matrices: what does not fit is told where it stands, and what would fit."""

from __future__ import annotations

import re

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.functions import FUNCTIONS
from studytui.derive.syntax.print_ascii import to_text

Shape = tuple[int, int]
NUMBER: Shape = (1, 1)
"""A matrix of one element counts as a number."""


def check_shapes(node: nodes.Node, symbols: Symbols) -> None:
    """Refuse what has no value for the shapes of its matrices.

    :raises ExpressionError: and says which shapes meet, and what was meant perhaps.
    """
    if any(domain.shape for domain in symbols.domains.values()):
        shape_of(node, symbols, frozenset())


def shape_of(node: nodes.Node, symbols: Symbols, bound: frozenset[str]) -> Shape | None:
    """Rows and columns; None where that is not known. Names in ``bound`` are numbers.

    :raises ExpressionError: shapes meet that do not fit.
    """
    name = nodes.bound_variable(node)
    inside = bound | {name} if name else bound
    shapes = [shape_of(child, symbols, inside) for child in nodes.children(node)]
    match node:
        case nodes.Name():
            declared = None if node.name in bound else symbols.domain(node.name).shape
            return declared or NUMBER
        case nodes.Number():
            return NUMBER
        case nodes.Matrix():
            return len(node.rows), len(node.rows[0])
        case nodes.Negate():
            return shapes[0]
        case nodes.Transpose():
            return shapes[0] and (shapes[0][1], shapes[0][0])
        case nodes.Add():
            return _sum(node, shapes)
        case nodes.Multiply():
            return _product(node, shapes)
        case nodes.Divide():
            return shapes[0] if _is_number(node.denominator, shapes[1], "divided by") else None
        case nodes.Power():
            return _power(node, shapes)
        case nodes.Call():
            return _call(node, shapes)
        case _:
            return None


def _text(node: nodes.Node) -> str:
    """An expression as people type it: ``v^T`` for a transposed name."""
    return re.sub(r"\btranspose\((\w+)\)", r"\1^T", to_text(node))


def _turned(node: nodes.Node) -> nodes.Node:
    return node.operand if isinstance(node, nodes.Transpose) else nodes.Transpose(node)


def _told(node: nodes.Node, shape: Shape) -> str:
    return f"{_text(node)} is {'a number' if shape == NUMBER else f'{shape[0]}x{shape[1]}'}"


def _is_number(node: nodes.Node, shape: Shape | None, done: str) -> bool:
    if shape not in (None, NUMBER):
        assert shape is not None
        raise ExpressionError(f"{_told(node, shape)}: nothing is {done} a matrix")
    return True


def _sum(node: nodes.Add, shapes: list[Shape | None]) -> Shape | None:
    first, shape = node.terms[0], shapes[0]
    for term, other in zip(node.terms[1:], shapes[1:], strict=True):
        if shape is not None and other is not None and shape != other:
            turned = _bare(term) if isinstance(_bare(term), nodes.Transpose) else first
            todo = f"Did you mean {_text(_turned(turned))}?" if shape[::-1] == other else ""
            raise ExpressionError(
                f"{_told(first, shape)}, {_told(_bare(term), other)}: they cannot be added",
                todo=todo,
            )
        shape = None if other is None else shape
    return shape


def _bare(term: nodes.Node) -> nodes.Node:
    return term.operand if isinstance(term, nodes.Negate) else term


def _product(node: nodes.Multiply, shapes: list[Shape | None]) -> Shape | None:
    before, shape = node.factors[0], shapes[0]
    for factor, other in zip(node.factors[1:], shapes[1:], strict=True):
        if shape is None or other is None:
            return None
        if NUMBER in (shape, other) and shape[1] != other[0]:
            shape = other if shape == NUMBER else shape
        elif shape[1] == other[0]:
            shape = shape[0], other[1]
        else:
            raise _misfit((before, shape), (factor, other))
        before = factor if shape == other else nodes.Multiply((before, factor))
    return shape


def _misfit(left: tuple[nodes.Node, Shape], right: tuple[nodes.Node, Shape]) -> ExpressionError:
    (first, (rows, columns)), (second, (height, width)) = left, right
    meant = ""
    if rows == height:
        meant = f"{_text(_turned(first))}*{_text(second)}"
    elif columns == width:
        meant = f"{_text(first)}*{_text(_turned(second))}"
    elif width == rows:
        meant = f"{_text(second)}*{_text(first)}"
    return ExpressionError(
        f"{_told(first, left[1])}, {_told(second, right[1])}",
        todo=f"Did you mean {meant}?" if meant else "They cannot be multiplied.",
    )


def _power(node: nodes.Power, shapes: list[Shape | None]) -> Shape | None:
    base = shapes[0]
    _is_number(node.exponent, shapes[1], "raised to")
    if base is not None and base[0] != base[1]:
        raise ExpressionError(f"{_told(node.base, base)}: only a square matrix has powers")
    return base


def _call(node: nodes.Call, shapes: list[Shape | None]) -> Shape | None:
    function = FUNCTIONS.get(node.function)
    if function is None or not function.of_matrices:
        return _of_numbers(node, shapes)
    first = shapes[0]
    if first is None:
        return None
    match node.function:
        case "det" | "trace" | "inverse" if first[0] != first[1]:
            raise ExpressionError(
                f"{_told(node.arguments[0], first)}: {node.function} is of a square matrix"
            )
        case "dot" if shapes[1] is not None and first[0] * first[1] != shapes[1][0] * shapes[1][1]:
            both = ", ".join(
                _told(item, shape)
                for item, shape in zip(node.arguments, (first, shapes[1]), strict=True)
            )
            raise ExpressionError(f"{both}: they have no dot product")
        case "inverse":
            return first
        case "diag":
            return first[0] * first[1], first[0] * first[1]
        case "identity":
            size = node.arguments[0]
            return (size.numerator, size.numerator) if isinstance(size, nodes.Number) else None
        case _:
            return NUMBER


def _of_numbers(node: nodes.Call, shapes: list[Shape | None]) -> Shape:
    for argument, shape in zip(node.arguments, shapes, strict=True):
        if shape not in (None, NUMBER):
            assert shape is not None
            raise ExpressionError(f"{_told(argument, shape)}: {node.function} is of numbers")
    return NUMBER
