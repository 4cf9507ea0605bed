"""What an expression can start with: numbers, signs, brackets, bars and roots."""

from __future__ import annotations

from fractions import Fraction

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.expr.size_limits import MOST_DIGITS, MOST_MATRIX
from studytui.derive.syntax.parser import PRODUCT, SUM, Parser, prefix
from studytui.derive.syntax.tokens import Token


@prefix("number")
def number(parser: Parser, least: int = PRODUCT) -> nodes.Node:
    """The exact value of a literal; ``1[x > 0]`` is an indicator.

    :raises ExpressionError: its exponent is beyond the bound.
    """
    del least
    token = parser.advance()
    if token.text == "1" and _begins_indicator(parser):
        return indicator(parser)
    if token.text.isdecimal():
        return nodes.Number(int(token.text))
    mantissa, _, exponent = token.text.lower().partition("e")
    if exponent and (len(exponent) > 5 or abs(int(exponent)) > MOST_DIGITS):
        raise ExpressionError(f"a number beyond 10^{MOST_DIGITS} in size", column=token.column)
    value = Fraction(mantissa) * Fraction(10) ** int(exponent or 0)
    return nodes.Number(value.numerator, value.denominator)


def _begins_indicator(parser: Parser) -> bool:
    """Whether ``[x > 0]`` or ``_{x > 0}`` stands directly behind a 1."""
    opens = ("[", "_", "set{") if parser.latex else ("[", "_", "{")
    return parser.at(*opens) and not parser.next.spaced


def indicator(parser: Parser) -> nodes.Node:
    """One where a condition holds, and zero elsewhere; the condition comes next, in brackets.

    :raises ExpressionError: what stands there is no condition.
    """
    closers = {"[": "]", "(": ")", "{": "}", "set{": "set}"}
    if parser.at("_"):
        parser.advance()
    opened: list[Token] = []
    while parser.at(*closers) and len(opened) < 2:
        opened.append(parser.advance())
    if not opened:
        raise parser.unexpected("a condition in brackets")
    bars, parser.bars = parser.bars, []
    condition = parser.expression()
    parser.bars = bars
    for token in reversed(opened):
        parser.expect(closers[token.text], "to close the condition")
    if not isinstance(condition, nodes.Relation | nodes.Logic):
        raise ExpressionError(
            "an indicator is of a condition", column=opened[0].column, todo="Write 1[x > 0]."
        )
    return nodes.Call("indicator", (condition,))


@prefix("operator")
def operator(parser: Parser, least: int = PRODUCT) -> nodes.Node:
    """A sign, a bracket, bars or a root with what belongs to it.

    A sign reaches over a product, but no further than operators stronger than ``least``.
    """
    token, least = parser.next, max(least, PRODUCT - 1)
    text = token.text
    if text == "-":
        parser.advance()
        return nodes.Negate(parser.expression(least))
    if text == "+":
        parser.advance()
        return parser.expression(least)
    if text == "(":
        return group(parser, "(", ")")
    if text == "[":
        return _rows(parser)
    if text == "{" and parser.latex:
        return group(parser, "{", "}")
    if text in ("{", "set{"):
        return _set(parser)
    if text == "|":
        return _bars(parser)
    if text in ("√", "∛"):
        parser.advance()
        inside = parser.expression(PRODUCT + 5)
        if not inside_is_closed(parser, token):
            raise AmbiguousError(
                "how far the root reaches is not clear",
                column=token.column,
                todo="Write the bracket: √(2x) or √(2)*x.",
            )
        return (
            nodes.Call("sqrt", (inside,))
            if text == "√"
            else nodes.Call("root", (inside, nodes.Number(3)))
        )
    if text in ("⌊", "⌈"):
        parser.advance()
        inside = parser.expression()
        parser.expect("⌋" if text == "⌊" else "⌉", f"to close {text}")
        return nodes.Call("floor" if text == "⌊" else "ceiling", (inside,))
    raise parser.unexpected("a number, a name or a bracket")


def inside_is_closed(parser: Parser, root: Token) -> bool:
    """Whether nothing follows the radicand of a root sign that could still belong to it."""
    before = parser.stream[parser.position - 1]
    return before.text in (")", "]", "|") or parser.next.spaced or not parser.begins_operand()


def group(parser: Parser, opening: str, closing: str) -> nodes.Node:
    """A bracketed expression."""
    parser.expect(opening, "to open a bracket")
    bars, parser.bars = parser.bars, []
    node = parser.expression()
    parser.bars = bars
    parser.expect(closing, f"to close the bracket '{opening}'")
    return node


def listed(parser: Parser, closing: str) -> list[nodes.Node]:
    """Expressions between commas, up to and with the closing bracket."""
    bars, parser.bars = parser.bars, []
    items: list[nodes.Node] = []
    while not parser.at(closing):
        items.append(parser.expression())
        if not parser.at(","):
            break
        parser.advance()
    parser.bars = bars
    parser.expect(closing, "or a comma")
    return items


def _set(parser: Parser) -> nodes.Node:
    opening = parser.advance().text
    return nodes.SetOf(tuple(listed(parser, "}" if opening == "{" else "set}")))


def inside_bars(parser: Parser) -> nodes.Node:
    """What stands between two bars, which are taken."""
    mark = parser.advance().text
    parser.bars.append(mark)
    inside = parser.expression(SUM - 1)
    parser.bars.pop()
    parser.expect(mark, "to close the bars")
    return inside


def _bars(parser: Parser) -> nodes.Node:
    opening = parser.next
    inside = inside_bars(parser)
    if _is_table(inside, parser):
        raise AmbiguousError(
            "bars around a matrix are its determinant or a norm",
            column=opening.column,
            todo="Write det(A), norm(A), or abs of a number.",
        )
    return nodes.Call("abs", (inside,))


def _is_table(node: nodes.Node, parser: Parser) -> bool:
    """Whether it is seen to be a matrix or a vector."""
    if isinstance(node, nodes.Name):
        return node.name not in parser.scope and bool(parser.symbols.domain(node.name).shape)
    if isinstance(node, nodes.Multiply) and isinstance(node.factors[0], nodes.Transpose):
        return False  # a product such as x^T A x is a number
    if isinstance(node, nodes.Add | nodes.Multiply | nodes.Negate | nodes.Transpose | nodes.Power):
        return _is_table(nodes.children(node)[0], parser)
    return isinstance(node, nodes.Matrix)


def _rows(parser: Parser) -> nodes.Node:
    """``[[a, b], [c, d]]``; ``[a, b]`` is a column, ``[a, b; c, d]`` has rows."""
    start = parser.advance()
    rows: list[tuple[nodes.Node, ...]] = []
    if parser.at("["):
        while parser.at("["):
            parser.advance()
            rows.append(tuple(listed(parser, "]")))
            if parser.at(","):
                parser.advance()
    else:
        row: list[nodes.Node] = []
        while True:
            row.append(parser.expression())
            if parser.at(","):
                parser.advance()
                continue
            rows.append(tuple(row))
            if not parser.at(";"):
                break
            parser.advance()
            row = []
        if len(rows) == 1 and len(rows[0]) > 1:
            rows = [(item,) for item in rows[0]]
    parser.expect("]", "to close the matrix")
    return matrix(rows, start.column)


def matrix(rows: list[tuple[nodes.Node, ...]], column: int) -> nodes.Matrix:
    """A matrix whose rows are equally long and within bounds.

    :raises ExpressionError: they are not.
    """
    if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        raise ExpressionError("the rows of the matrix differ in length", column=column)
    if len(rows) > MOST_MATRIX or len(rows[0]) > MOST_MATRIX:
        raise ExpressionError(f"a matrix larger than {MOST_MATRIX} x {MOST_MATRIX}", column=column)
    return nodes.Matrix(tuple(rows))
