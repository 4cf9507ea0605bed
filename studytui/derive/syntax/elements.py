"""Elements of what is a vector or a matrix of declared size, as it is written down."""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.syntax.parser import Parser
from studytui.derive.syntax.shapes import Shape, shape_of
from studytui.derive.syntax.tokens import Token


def entry(parser: Parser, name: str, indices: list[nodes.Node], token: Token) -> nodes.Index:
    """The element of a declared sequence, vector or matrix at what stands in brackets.

    :raises ExpressionError: its size is declared, and it has no such element.
    """
    declared = parser.symbols.domain(name).shape
    if declared is not None and not _fits(declared, indices):
        first = "1" if 1 in declared else "1, 1"
        shown = f"{name}_{{{first}}}" if parser.latex else f"{name}[{first}]"
        size = f"{declared[0]}x{declared[1]}"
        raise ExpressionError(
            f"{name} has no such element",
            column=token.column,
            todo=f"{name} is {size}: write {shown} for its first element.",
        )
    return nodes.Index(name, tuple(indices))


def _fits(declared: Shape, indices: list[nodes.Node]) -> bool:
    """Whether there are as many indices as it takes, and none of those that are numbers is beyond
    the declared size."""
    if len(indices) != 2 and not (len(indices) == 1 and 1 in declared):
        return False
    most = declared if len(indices) == 2 else (max(declared),)
    return all(
        not isinstance(index, nodes.Number)
        or (index.denominator == 1 and 1 <= index.numerator <= size)
        for index, size in zip(indices, most, strict=True)
    )


def shape(parser: Parser, node: nodes.Node) -> Shape | None:
    """Rows and columns of what was read; None where that is not known."""
    return shape_of(node, parser.symbols, frozenset(parser.scope))


def element(parser: Parser, node: nodes.Node, place: tuple[int, int]) -> nodes.Node:
    """The element of a vector or matrix at a place (row and column, from 1).

    ``(x + 2*y)[1]`` is ``x[1] + 2*y[1]``.

    :raises ExpressionError: it is made in a way of which no element is seen.
    """
    row, column = place
    if shape(parser, node) == (1, 1):
        return node
    match node:
        case nodes.Matrix():
            return node.rows[row - 1][column - 1]
        case nodes.Name():
            kind = parser.symbols.domain(node.name).kind
            places = (row,) if kind == "vector" else (row, column)
            return nodes.Index(node.name, tuple(map(nodes.Number, places)))
        case nodes.Add():
            return nodes.Add(tuple(element(parser, term, place) for term in node.terms))
        case nodes.Negate():
            return nodes.Negate(element(parser, node.operand, place))
        case nodes.Divide():
            return nodes.Divide(element(parser, node.numerator, place), node.denominator)
        case nodes.Transpose():
            return element(parser, node.operand, (column, row))
        case nodes.Multiply() if sum(shape(parser, part) != (1, 1) for part in node.factors) == 1:
            return nodes.Multiply(tuple(element(parser, part, place) for part in node.factors))
        case _:
            raise ExpressionError(
                "the elements of this product are not seen",
                todo="Write the elements out, or give the vector a name.",
            )


def elements(parser: Parser, node: nodes.Node) -> list[nodes.Node]:
    """All elements, row by row.

    :raises ExpressionError: it has no known shape, or its elements are not seen.
    """
    known = shape(parser, node)
    if known is None:
        raise ExpressionError("how many elements this has is not declared")
    rows, columns = known
    return [
        element(parser, node, (row, column))
        for row in range(1, rows + 1)
        for column in range(1, columns + 1)
    ]
