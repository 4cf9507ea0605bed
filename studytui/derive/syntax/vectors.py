"""Notation of vectors: gradients, norms with a subscript, brackets, one entry of a softmax."""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.syntax.elements import element, elements, shape
from studytui.derive.syntax.operands import inside_bars, listed, matrix
from studytui.derive.syntax.parser import PRODUCT, Parser, prefix
from studytui.derive.syntax.shapes import NUMBER
from studytui.derive.syntax.subscripts import plain_subscript, subscript
from studytui.derive.syntax.tokens import Token


def gradient(parser: Parser, body: nodes.Node, name: nodes.Name, column: int) -> nodes.Node:
    """The derivatives of a number by each element of a vector or matrix, in its shape.

    :raises ExpressionError: what is differentiated is not known to be a number.
    """
    rows, columns = shape(parser, name) or NUMBER
    of = shape(parser, body)
    if of not in (None, NUMBER):
        raise AmbiguousError(
            f"the derivatives of a vector by the vector {name.name} are laid out in two ways",
            column=column,
            todo="Differentiate one element, or write the matrix of derivatives out.",
        )
    return nodes.Matrix(
        tuple(
            tuple(
                nodes.Derivative(body, element(parser, name, (row, place)))
                for place in range(1, columns + 1)
            )
            for row in range(1, rows + 1)
        )
    )


@prefix("‖")
def norm(parser: Parser, least: int = PRODUCT) -> nodes.Node:
    """``‖v‖``, with a subscript or without.

    :raises ExpressionError: the subscript is not known, or says two things.
    """
    del least
    token = parser.next
    inside = inside_bars(parser)
    if not parser.at("_"):
        return nodes.Call("norm", (inside,))
    return subscripted_norm(parser, plain_subscript(parser) or "?", inside, token)


def subscripted_norm(parser: Parser, kind: str, inside: nodes.Node, token: Token) -> nodes.Node:
    """The Frobenius norm, and the norms 1, 2 and oo of a vector."""
    of = shape(parser, inside)
    if kind == "F":
        return nodes.Call("norm", (inside,))
    if kind not in ("1", "2", "oo", "infty", "inf"):
        raise ExpressionError(f"the norm {kind} is not part of the grammar", column=token.column)
    if of is None or 1 not in of:
        raise AmbiguousError(
            f"the {kind}-norm of a matrix is not the root of its squares",
            column=token.column,
            todo="Write norm_F(A) for the Frobenius norm; other norms of matrices are not known.",
        )
    if kind == "2":
        return nodes.Call("norm", (inside,))
    sizes = tuple(nodes.Call("abs", (item,)) for item in elements(parser, inside))
    if len(sizes) == 1:
        return sizes[0]
    return nodes.Add(sizes) if kind == "1" else nodes.Call("max", sizes)


@prefix("⟨")
def bracketed(parser: Parser, least: int = PRODUCT) -> nodes.Node:
    """``⟨u, v⟩``, the dot product."""
    del least
    token = parser.advance()
    items = listed(parser, "⟩")
    if len(items) != 2:
        raise ExpressionError("⟨u, v⟩ is of two vectors", column=token.column)
    return nodes.Call("dot", tuple(items))


def softmax(parser: Parser, arguments: list[nodes.Node], token: Token) -> nodes.Node:
    """All entries as a column, or the one whose number follows: ``softmax(x)[2]``.

    :raises ExpressionError: the number is not that of an entry.
    """
    if len(arguments) == 1 and shape(parser, arguments[0]) not in (None, NUMBER):
        arguments = elements(parser, arguments[0])
    powers = [nodes.Call("exp", (item,)) for item in arguments]
    entries = [nodes.Divide(power, nodes.Add(tuple(powers))) for power in powers]
    if len(powers) == 1:
        entries = [nodes.Divide(powers[0], powers[0])]
    column = matrix([(entry,) for entry in entries], token.column)
    return column


def entry(parser: Parser, column: nodes.Node, token: Token) -> nodes.Node:
    """The entry of a written column whose number follows in brackets or as a subscript.

    :raises ExpressionError: it is not a number from 1 on, or too large.
    """
    index = read_index(parser)
    assert isinstance(column, nodes.Matrix)
    if not isinstance(index, nodes.Number) or index.denominator != 1:
        raise ExpressionError(
            "which entry must be a number here",
            column=token.column,
            todo="Write softmax(x[j], j, 1, n)[k] for any k.",
        )
    if not 1 <= index.numerator <= len(column.rows):
        raise ExpressionError(f"there is no entry {index.numerator}", column=token.column)
    return column.rows[index.numerator - 1][0]


def read_index(parser: Parser) -> nodes.Node:
    """The index in ``[k]`` or ``_k`` that comes next."""
    if parser.at("_"):
        (index,) = subscript(parser)
        return index
    parser.expect("[", "with an index")
    index = parser.expression()
    parser.expect("]", "to close the index")
    return index
