"""Forms that bind a variable or read their arguments in a way of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.expr.size_limits import MOST_ORDER
from studytui.derive.expr.substitute import replaced
from studytui.derive.syntax import vectors
from studytui.derive.syntax.elements import shape
from studytui.derive.syntax.operands import group, listed
from studytui.derive.syntax.parser import PRODUCT, Parser
from studytui.derive.syntax.shapes import NUMBER
from studytui.derive.syntax.subscripts import canonical
from studytui.derive.syntax.tokens import Token


@dataclass(frozen=True, slots=True)
class Span:
    """An argument that is not read yet: its first token, and the one after its last."""

    start: int
    end: int


def form(parser: Parser, kind: str, token: Token) -> nodes.Node:
    """The form whose name was just read; its bracket comes next."""
    if kind == "matrix":
        return group(parser, "(", ")")
    spans = spans_of(parser)
    if kind == "softmax":
        return _softmax(parser, spans, token)
    if kind in ("sum", "product", "argmax", "argmin"):
        node = _fold(parser, kind, spans, token)
    elif kind == "integral":
        node = _integral(parser, spans, token)
    elif kind in ("derivative", "gradient"):
        node = _derivative(parser, spans, token)
    elif kind == "limit":
        node = _limit(parser, spans, token)
    elif kind == "piecewise":
        node = _piecewise(parser, spans, token)
    else:
        node = _plain(kind, [_read(parser, span) for span in spans], token)
    parser.position = spans[-1].end
    parser.expect(")", "to close the form")
    return node


def _plain(kind: str, arguments: list[nodes.Node], token: Token) -> nodes.Node:
    counts = {"if": 3, "transpose": 1, "variance": 1, "covariance": 2}
    if len(arguments) != counts.get(kind, len(arguments)):
        raise ExpressionError(f"{kind} takes {counts[kind]} arguments", column=token.column)
    if kind == "if":
        return nodes.Piecewise((arguments[1], arguments[2]), (arguments[0], nodes.Constant("true")))
    if kind == "transpose":
        return nodes.Transpose(arguments[0])
    if kind in ("variance", "covariance"):
        return covariance(arguments[0], arguments[-1])
    if kind == "logsumexp":
        return nodes.Call(
            "log", (nodes.Add(tuple(nodes.Call("exp", (item,)) for item in arguments)),)
        )
    raise ExpressionError(f"{kind} is not part of the grammar", column=token.column)


def covariance(first: nodes.Node, second: nodes.Node) -> nodes.Node:
    """``E[XY] - E[X] E[Y]``."""
    product = (
        nodes.Power(first, nodes.Number(2)) if first == second else nodes.Multiply((first, second))
    )
    means: nodes.Node = nodes.Multiply((nodes.Expectation(first), nodes.Expectation(second)))
    return nodes.Add((nodes.Expectation(product), nodes.Negate(means)))


def expectation(parser: Parser, name: str) -> nodes.Node:
    """``E[...]``, ``Var[...]``, ``Cov[..., ...]``."""
    start = parser.advance()
    items = listed(parser, "]")
    if parser.stream[parser.position - 1].text == "|":
        raise ExpressionError("a conditional expectation is not supported", column=start.column)
    wanted = 2 if name in ("Cov", "cov") else 1
    if len(items) != wanted:
        raise ExpressionError(f"{name} takes {wanted} argument(s)", column=start.column)
    return nodes.Expectation(items[0]) if name == "E" else covariance(items[0], items[-1])


def spans_of(parser: Parser) -> list[Span]:
    """The arguments between the brackets, cut at commas of this level, still unread."""
    parser.expect("(", "")
    spans, depth, start = [], 0, parser.position
    position = parser.position
    while True:
        token = parser.stream[position]
        if token.kind == "end":
            raise ExpressionError("a bracket is not closed", column=token.column)
        if token.kind == "operator":
            if token.text in ("(", "[", "{"):
                depth += 1
            elif token.text in (")", "]", "}"):
                if depth == 0:
                    break
                depth -= 1
            elif token.text == "," and depth == 0:
                spans.append(Span(start, position))
                start = position + 1
        position += 1
    if position > start or not spans:
        spans.append(Span(start, position))
    return spans


def _read(parser: Parser, span: Span) -> nodes.Node:
    parser.position = span.start
    bars, parser.bars = parser.bars, []
    node = parser.expression()
    parser.bars = bars
    if parser.position != span.end:
        raise parser.unexpected("a comma or ')'")
    return node


def _inner(parser: Parser, span: Span) -> list[Span] | None:
    """The parts of a bracketed triple ``(i, 1, n)``; None if it is not one."""
    if parser.stream[span.start].text != "(" or parser.stream[span.end - 1].text != ")":
        return None
    parser.position = span.start
    parts = spans_of(parser)
    return parts if parts[-1].end == span.end - 1 else None


def _flat(parser: Parser, spans: list[Span]) -> list[Span]:
    """``Sum(expr, (i, 1, n))`` and ``sum(expr, i, 1, n)`` are the same."""
    if len(spans) == 2:
        parts = _inner(parser, spans[1])
        if parts is not None and len(parts) in (2, 3):
            return [spans[0], *parts]
    return spans


def variable_name(parser: Parser, span: Span) -> str:
    """The bare name in a span.

    :raises ExpressionError: something else is there.
    """
    words = parser.stream[span.start : span.end]
    if not words or words[0].kind != "word":
        raise ExpressionError(
            "expected the name of a variable", column=words[0].column if words else -1
        )
    if len(words) == 1:
        return canonical(words[0].text)
    if len(words) == 3 and words[1].text == "_" and words[2].kind in ("word", "number"):
        return f"{canonical(words[0].text)}_{canonical(words[2].text)}"
    if len(words) >= 2 and all(word.text == "'" for word in words[1:]):
        return canonical(words[0].text) + "'" * (len(words) - 1)
    raise ExpressionError("expected the name of a variable", column=words[0].column)


def _fold(parser: Parser, kind: str, spans: list[Span], token: Token) -> nodes.Node:
    spans = _flat(parser, spans)
    if len(spans) != 4:
        raise ExpressionError(
            f"{kind} wants an expression, a variable and two bounds",
            column=token.column,
            todo=f"Write {token.text}(x[i], i, 1, n).",
        )
    variable = variable_name(parser, spans[1])
    lower, upper = _read(parser, spans[2]), _read(parser, spans[3])
    with parser.binding(variable):
        return nodes.Fold(kind, _read(parser, spans[0]), variable, lower, upper)


def form_over(
    parser: Parser,
    spans: list[Span],
    token: Token,
    count: int,
    make: Callable[[tuple[nodes.Node, ...]], nodes.Node],
) -> nodes.Fold:
    """A sum over what is made of the first ``count`` arguments; the rest say of which index.

    :raises ExpressionError: they do not.
    """
    parts = _inner(parser, spans[count]) if len(spans) == count + 1 else spans[count:]
    if parts is None or len(parts) != 3:
        raise ExpressionError(
            "an index and two bounds are wanted", column=token.column, todo="Write (i, 1, n)."
        )
    variable = variable_name(parser, parts[0])
    lower, upper = _read(parser, parts[1]), _read(parser, parts[2])
    with parser.binding(variable):
        bodies = tuple(_read(parser, span) for span in spans[:count])
    parser.position = spans[-1].end
    parser.expect(")", "to close the form")
    return nodes.Fold("sum", make(bodies), variable, lower, upper)


def _softmax(parser: Parser, spans: list[Span], token: Token) -> nodes.Node:
    """``softmax(a, b)``, ``softmax(x)[2]`` of a vector, ``softmax(x[j], (j, 1, n))[k]``."""
    if len(spans) == 2 and _inner(parser, spans[1]) is not None:
        total = form_over(parser, spans, token, 1, lambda body: nodes.Call("exp", body))
        if not parser.at("[", "_"):
            raise parser.unexpected("the entry that is meant, as in softmax(x[j], (j, 1, n))[k]")
        chosen = {total.variable: vectors.read_index(parser)}
        return nodes.Divide(replaced(total.body, chosen), total)
    only = parser.stream[spans[0].start]
    if len(spans) == 1 and spans[0].end == spans[0].start + 1 and only.kind == "word":
        name = parser.symbols.find(canonical(only.text))
        if name is not None and parser.symbols.domain(name).kind == "sequence":
            raise AmbiguousError(
                f"how many elements of {name} softmax takes is not said",
                column=only.column,
                todo=f"Write softmax({name}[j], (j, 1, n))[k].",
            )
    column = vectors.softmax(parser, [_read(parser, span) for span in spans], token)
    parser.position = spans[-1].end
    parser.expect(")", "to close the form")
    return vectors.entry(parser, column, token) if parser.at("[", "_") else column


def _integral(parser: Parser, spans: list[Span], token: Token) -> nodes.Node:
    spans = _flat(parser, spans)
    if len(spans) not in (2, 4):
        raise ExpressionError(
            "an integral wants an expression and a variable, and two bounds if it is definite",
            column=token.column,
            todo="Write int(x^2, x, 0, 1).",
        )
    variable = variable_name(parser, spans[1])
    bounds = [_read(parser, span) for span in spans[2:]]
    with parser.binding(variable):
        return nodes.Integral(_read(parser, spans[0]), variable, *bounds)


def _derivative(parser: Parser, spans: list[Span], token: Token) -> nodes.Node:
    spans = _flat(parser, spans)
    if len(spans) not in (2, 3):
        raise ExpressionError(
            "a derivative wants an expression and a variable",
            column=token.column,
            todo="Write diff(x^2, x) or diff(x^2, x, 2).",
        )
    variable = _read(parser, spans[1])
    order = _read(parser, spans[2]) if len(spans) == 3 else nodes.Number(1)
    body = _read(parser, spans[0])
    is_table = isinstance(variable, nodes.Name) and shape(parser, variable) not in (None, NUMBER)
    if is_table and order == nodes.Number(1):
        assert isinstance(variable, nodes.Name)
        return vectors.gradient(parser, body, variable, token.column)
    if is_table:
        raise ExpressionError("of a gradient there is no order", column=token.column)
    return derivative(body, variable, order, token.column)


def derivative(
    body: nodes.Node, variable: nodes.Node, order: nodes.Node, column: int
) -> nodes.Node:
    """A derivative whose variable is a symbol and whose order is small.

    :raises ExpressionError: otherwise.
    """
    if not isinstance(variable, nodes.Name | nodes.Index):
        raise ExpressionError("one differentiates by a symbol", column=column)
    if not isinstance(order, nodes.Number) or order.denominator != 1:
        raise ExpressionError("the order of a derivative is a whole number", column=column)
    if not 0 <= order.numerator <= MOST_ORDER:
        raise ExpressionError(f"the highest order of a derivative is {MOST_ORDER}", column=column)
    return nodes.Derivative(body, variable, order.numerator)


def _limit(parser: Parser, spans: list[Span], token: Token) -> nodes.Node:
    side = ""
    if len(spans) >= 3 and spans[-1].end - spans[-1].start == 1:
        mark = parser.stream[spans[-1].start].text
        if mark in ("+", "-"):
            side, spans = mark, spans[:-1]
    if len(spans) == 2:
        arrow = [
            position
            for position in range(spans[1].start, spans[1].end)
            if parser.stream[position].text == "->"
        ]
        if arrow:
            spans = [spans[0], Span(spans[1].start, arrow[0]), Span(arrow[0] + 1, spans[1].end)]
    if len(spans) != 3:
        raise ExpressionError(
            "a limit wants an expression, a variable and a point",
            column=token.column,
            todo="Write lim(1/n, n, oo), or lim(1/x, x, 0, +).",
        )
    variable = variable_name(parser, spans[1])
    if spans[2].end - spans[2].start > 1 and parser.stream[spans[2].end - 1].text in ("+", "-"):
        side = parser.stream[spans[2].end - 1].text
        spans[2] = Span(spans[2].start, spans[2].end - 1)
    point = _read(parser, spans[2])
    with parser.binding(variable):
        return nodes.Limit(_read(parser, spans[0]), variable, point, side)


def _piecewise(parser: Parser, spans: list[Span], token: Token) -> nodes.Node:
    values: list[nodes.Node] = []
    conditions: list[nodes.Node] = []
    for span in spans:
        parts = _inner(parser, span)
        if parts is None or len(parts) != 2:
            if span is spans[-1] and values:
                values.append(_read(parser, span))
                conditions.append(nodes.Constant("true"))
                continue
            raise ExpressionError(
                "piecewise wants pairs of a value and a condition",
                column=token.column,
                todo="Write piecewise((x, x > 0), (0, true)).",
            )
        values.append(_read(parser, parts[0]))
        word = parser.stream[parts[1].start]
        if word.text in ("otherwise", "else") and parts[1].end == parts[1].start + 1:
            conditions.append(nodes.Constant("true"))
        else:
            conditions.append(_read(parser, parts[1]))
    return nodes.Piecewise(tuple(values), tuple(conditions))


def operator_derivative(parser: Parser, token: Token) -> nodes.Node | None:
    """``d/dx (...)`` or ``dy/dx`` after its first word; None if it is not that."""
    if not parser.at("/"):
        return None
    below = parser.stream[parser.position + 1]
    name = canonical(below.text)
    if below.kind != "word" or not name.startswith("d") or len(name) < 2:
        return None
    above = canonical(token.text)[1:]
    if parser.symbols.find(name) is not None or name in parser.scope:
        return None
    parser.position += 2
    variable = nodes.Name(name[1:])
    known = parser.symbols.find(name[1:]) is not None or name[1:] in parser.scope
    if not known and not parser.symbols.open:
        raise ExpressionError(f"{name[1:]} is not a declared name", column=below.column)
    body: nodes.Node = nodes.Name(above) if above else parser.expression(PRODUCT)
    return nodes.Derivative(body, variable, 1)
