"""``max_i x_i``, ``argmin_{k=1}^{n} c_k``: the largest over an index, and where it is."""

from __future__ import annotations

from studytui.derive.expr import nodes
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.syntax.parser import SUM, Parser
from studytui.derive.syntax.subscripts import canonical
from studytui.derive.syntax.tokens import Token

OVER_INDEX = ("max", "min", "argmax", "argmin")


def over_index(parser: Parser, kind: str, token: Token) -> nodes.Node:
    """The form whose name was just read; its subscript comes next.

    Without bounds the index runs through the places of the vectors whose elements it numbers; a
    maximum of a known number of elements is that of those.

    :raises ExpressionError: what the index runs through is not said.
    """
    parser.expect("_", f"after {kind}")
    variable, lower, upper = _range(parser, token)
    with parser.binding(variable):
        body = parser.expression(SUM)
    if upper is None:
        size = _places(parser, body, variable, token)
        lower, upper = nodes.Number(1), nodes.Number(size)
    assert lower is not None
    return nodes.Fold(kind, body, variable, lower, upper)


Range = tuple[str, nodes.Node | None, nodes.Node | None]


def _range(parser: Parser, token: Token) -> Range:
    """``i``, ``{i}``, ``{i=1}^{n}`` or ``{1 <= i <= n}``."""
    closing = {"{": "}", "(": ")"}.get(parser.next.text, "")
    if closing:
        parser.advance()
    if parser.next.kind == "word" and closing and parser.stream[parser.position + 1].text == "=":
        variable = canonical(parser.advance().text)
        parser.advance()
        lower = parser.expression()
        parser.expect(closing, "to close the bound")
        return variable, lower, _upper(parser)
    if parser.next.kind == "word":
        following = parser.stream[parser.position + 1].text
        if not closing or following == closing:
            variable = canonical(parser.advance().text)
            if closing:
                parser.advance()
            return variable, None, None
    if closing:
        return _between(parser, closing, token)
    raise parser.unexpected("an index")


def _upper(parser: Parser) -> nodes.Node:
    parser.expect("^", "with the last place")
    if parser.at("{"):
        parser.advance()
        last = parser.expression()
        parser.expect("}", "to close the last place")
        return last
    if parser.latex and parser.next.kind == "number" and len(parser.next.text) > 1:
        raise parser.unexpected("the last place in braces")
    return parser.operand()


def _between(parser: Parser, closing: str, token: Token) -> Range:
    """``1 <= i <= n``: the name in the middle is the index, whatever else it stands for."""
    words = [part for part in parser.stream[parser.position :] if part.kind in ("word", "end")]
    names = {canonical(part.text) for part in words if part.text}
    for name in sorted(names - set(parser.scope)):
        start = parser.position
        with parser.binding(name):
            try:
                node = parser.expression()
            except ExpressionError:
                parser.position = start
                continue
        if _is_between(node, name) and parser.at(closing):
            parser.advance()
            assert isinstance(node, nodes.Relation)
            return name, node.operands[0], node.operands[2]
        parser.position = start
    raise ExpressionError(
        "what the index runs through is not seen",
        column=token.column,
        todo="Write max_{i=1}^{n} x[i].",
    )


def _is_between(node: nodes.Node, name: str) -> bool:
    if not isinstance(node, nodes.Relation) or node.operators != ("<=", "<="):
        return False
    ends = nodes.free_names(node.operands[0]) | nodes.free_names(node.operands[2])
    return node.operands[1] == nodes.Name(name) and name not in ends


def _places(parser: Parser, body: nodes.Node, variable: str, token: Token) -> int:
    """How many places the vectors have whose elements are numbered by the variable."""
    sizes = set()
    for part in nodes.walk(body):
        if isinstance(part, nodes.Index) and nodes.Name(variable) in part.indices:
            shape = parser.symbols.domain(part.base).shape
            if shape:
                sizes |= {
                    size
                    for index, size in zip(part.indices, shape, strict=False)
                    if index == nodes.Name(variable)
                }
    if len(sizes) != 1:
        raise AmbiguousError(
            f"what {variable} runs through is not said",
            column=token.column,
            todo=f"Write {token.text}_{{{variable}=1}}^{{n}} x[{variable}].",
        )
    return sizes.pop()
