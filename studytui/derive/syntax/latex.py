"""The LaTeX side of the grammar: commands, environments and big operators."""

from __future__ import annotations

from studytui.derive.expr.nodes import (
    Call,
    Constant,
    Divide,
    Fold,
    Integral,
    Limit,
    Node,
    Number,
    Piecewise,
    Power,
    Transpose,
)
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.functions import known_function
from studytui.derive.functions.names import CONSTANTS
from studytui.derive.syntax.identifiers import applied, meaning, subscripted
from studytui.derive.syntax.latex_tokens import NAMED
from studytui.derive.syntax.operands import group, indicator, listed, matrix
from studytui.derive.syntax.over_index import over_index
from studytui.derive.syntax.parser import PRODUCT, SUM, Parser, latex_infix, prefix
from studytui.derive.syntax.special_forms import derivative
from studytui.derive.syntax.subscripts import canonical, spelled_group
from studytui.derive.syntax.tokens import Token

_ACCENTS = {"bar": "bar", "overline": "bar", "hat": "hat", "widehat": "hat", "tilde": "tilde",
            "widetilde": "tilde", "dot": "dot", "vec": "vec"}  # fmt: skip
_MATRICES = ("matrix", "pmatrix", "bmatrix", "Bmatrix")


@prefix("command")
def command(parser: Parser, least: int = PRODUCT) -> Node:
    """What a command that starts an operand means.

    :raises ExpressionError: the command is not part of the grammar.
    """
    del least
    token = parser.advance()
    name = token.text
    if name in ("frac", "dfrac", "tfrac", "cfrac"):
        return _fraction(parser)
    if name == "sqrt":
        return _root(parser)
    if name in ("binom", "dbinom", "tbinom"):
        return Call("binomial", (argument(parser), argument(parser)))
    if name == "lim":
        return _limit(parser)
    if name in ("max", "min"):
        return _extreme(parser, name, token)
    if name == "arg" and parser.next.kind == "command" and parser.next.text in ("max", "min"):
        return over_index(parser, f"arg{parser.advance().text}", token)
    if name in ("argmax", "argmin"):
        return over_index(parser, name, token)
    if name == "begin":
        return _environment(parser, token)
    if name in _ACCENTS:
        return _word(parser, token, spelled_group(parser) + _ACCENTS[name])
    if name in NAMED:
        if name == "operatorname" and parser.at("*"):
            parser.advance()
        spelled = spelled_group(parser)
        if _is_indicator(parser, name, spelled):
            return indicator(parser)
        if name == "mathbb" and spelled == "E" and not parser.at("[") and not parser.at("_"):
            raise AmbiguousError(
                "the expectation is written with square brackets",
                column=token.column,
                todo="Write \\mathbb{E}[...].",
            )
        return _word(parser, token, spelled)
    if name in CONSTANTS:
        return Constant(CONSTANTS[name])
    raise ExpressionError(
        f"\\{name} is not part of the grammar",
        column=token.column,
        todo="Fractions, roots, sums, products, integrals, limits, matrices and cases are.",
    )


def _is_indicator(parser: Parser, command: str, spelled: str) -> bool:
    """Whether ``\\mathbb{1}`` or ``\\mathbf{1}`` stands there, or ``\\mathbb{I}`` of something."""
    if spelled == "1":
        return command in ("mathbb", "mathbf", "bm", "boldsymbol")
    return spelled == "I" and command == "mathbb" and parser.at("[", "_", "(", "set{")


def argument(parser: Parser) -> Node:
    """A LaTeX argument: a braced group, or a single digit, letter or command."""
    if parser.at("{"):
        return group(parser, "{", "}")
    token = parser.next
    if token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
        rest = token._replace(text=token.text[1:], column=token.column + 1)
        parser.stream[parser.position : parser.position + 1] = [
            token._replace(text=token.text[0]),
            rest,
        ]
    if token.kind == "end":
        raise parser.unexpected("an argument in braces")
    if token.kind == "word":
        parser.advance()
        return meaning(parser, token, canonical(token.text))
    return parser.operand()


@latex_infix("^")
def exponent(parser: Parser, base: Node) -> Node:
    """What follows ``^``."""
    token = parser.next
    braced = parser.at("{")
    inner = parser.stream[parser.position + 1] if braced else token
    if inner.kind == "word" and inner.text == "T" and parser.symbols.find("T") is None:
        closing = parser.stream[parser.position + 2] if braced else None
        if closing is None or closing.text == "}":
            parser.position += 3 if braced else 1
            return Transpose(base)
    if parser.at("'"):
        raise parser.unexpected("an exponent")
    return Power(base, argument(parser))


def _word(parser: Parser, token: Token, name: str) -> Node:
    if parser.at("_"):
        return subscripted(parser, token, name)
    if name in ("KL", "sg"):
        return meaning(parser, token, name)
    function = known_function(name)
    if function is not None and parser.symbols.find(name) is None and name not in parser.scope:
        return applied(parser, function, token)
    return meaning(parser, token, name)


def _fraction(parser: Parser) -> Node:
    derived = _derivative(parser)
    return derived if derived is not None else Divide(argument(parser), argument(parser))


def _derivative(parser: Parser) -> Node | None:
    r"""``\frac{d}{dx} f``, ``\frac{d^2}{dx^2} f``, ``\frac{\partial f}{\partial x}``."""
    start = parser.position
    mark = parser.stream[start + 1].text if parser.at("{") else ""
    if mark not in ("d", "∂") or (mark == "d" and parser.symbols.find("d") is not None):
        return None
    parser.position += 2
    order: Node = Number(1)
    if parser.at("^"):
        parser.advance()
        order = argument(parser)
    body = None if parser.at("}") else parser.expression(SUM)
    below = parser.stream[parser.position : parser.position + 3]
    if [token.text for token in below] != ["}", "{", mark]:
        parser.position = start
        return None
    parser.position += 3
    variable = parser.operand()
    if parser.at("^"):
        parser.advance()
        argument(parser)
    parser.expect("}", "to close the derivative")
    return derivative(
        body if body is not None else parser.expression(PRODUCT - 1), variable, order, 0
    )


def _root(parser: Parser) -> Node:
    if not parser.at("["):
        return Call("sqrt", (argument(parser),))
    parser.advance()
    degree = parser.expression()
    parser.expect("]", "to close the degree of the root")
    return Call("root", (argument(parser), degree))


def _extreme(parser: Parser, name: str, token: Token) -> Node:
    if parser.at("_"):
        return over_index(parser, name, token)
    if not parser.at("(", "set{"):
        raise parser.unexpected(f"'(' after {name}")
    closing = {"(": ")", "set{": "set}"}[parser.advance().text]
    return Call(name, tuple(listed(parser, closing)))


def _limit(parser: Parser) -> Node:
    parser.expect("_", "after lim")
    parser.expect("{", "after lim_")
    variable = canonical(parser.advance().text)
    parser.expect("->", "in the limit")
    with parser.binding(variable):
        point = parser.expression(PRODUCT + 10)
        side = ""
        if parser.at("^"):
            parser.advance()
            braced = parser.at("{")
            parser.position += int(braced)
            side = parser.advance().text
            parser.position += int(braced)
        elif parser.at("+", "-"):
            side = parser.advance().text
        parser.expect("}", "to close the limit")
        return Limit(parser.expression(SUM), variable, point, side if side in ("+", "-") else "")


def _environment(parser: Parser, token: Token) -> Node:
    name = spelled_group(parser)
    rows: list[list[Node]] = [[]]
    while not (parser.next.kind == "command" and parser.next.text == "end"):
        if parser.next.kind == "end":
            raise parser.unexpected(f"\\end{{{name}}}")
        if parser.at("&"):
            parser.advance()
        elif parser.next.kind == "command" and parser.next.text == "\\":
            parser.advance()
            rows.append([])
        elif parser.next.kind == "command" and parser.next.text in ("text", "mathrm"):
            parser.advance()
            if spelled_group(parser) in ("otherwise", "else"):
                rows[-1].append(Constant("true"))
        else:
            rows[-1].append(parser.expression())
            if name == "cases" and parser.at(","):
                parser.advance()
    parser.advance()
    if spelled_group(parser) != name:
        raise ExpressionError(f"\\begin{{{name}}} is closed by another \\end", column=token.column)
    rows = [row for row in rows if row]
    if name == "cases" and all(len(row) == 2 for row in rows) and rows:
        return Piecewise(tuple(row[0] for row in rows), tuple(row[1] for row in rows))
    if name in _MATRICES:
        return matrix([tuple(row) for row in rows], token.column)
    raise ExpressionError(f"the environment {name} is not part of the grammar", column=token.column)


@prefix("∑", "∏", "∫", "∂")
def big_operator(parser: Parser, least: int = PRODUCT) -> Node:
    """A sum, product or integral with its bounds as sub- and superscript; a partial derivative."""
    del least
    token = parser.advance()
    if token.text == "∫":
        return _integral(parser, token)
    if token.text == "∂":
        raise ExpressionError(
            "a lone partial sign", column=token.column, todo="Write diff(f(x), x)."
        )
    kind = "sum" if token.text == "∑" else "product"
    parser.expect("_", f"with the lower bound of the {kind}")
    closing = {"{": "}", "(": ")"}.get(parser.advance().text)
    if closing is None or parser.next.kind != "word":
        raise ExpressionError("write the bound as _{i=1}", column=token.column)
    variable = canonical(parser.advance().text)
    parser.expect("=", "after the variable")
    lower = parser.expression()
    parser.expect(closing, "to close the bound")
    upper = _bound(parser, "^")
    with parser.binding(variable):
        return Fold(kind, parser.expression(SUM), variable, lower, upper)


def _bound(parser: Parser, mark: str) -> Node:
    parser.expect(mark, "with a bound")
    if parser.latex:
        return argument(parser)
    if parser.at("{"):
        return group(parser, "{", "}")
    return parser.operand()


def _integral(parser: Parser, token: Token) -> Node:
    bounds: dict[str, Node] = {}
    while parser.at("_", "^"):
        mark = parser.next.text
        bounds[mark] = _bound(parser, mark)
    if len(bounds) == 1:
        raise ExpressionError("the integral has only one bound", column=token.column)
    place, variable = _differential(parser, token)
    parser.differentials.add(place)
    with parser.binding(variable):
        body = Number(1) if parser.position == place else parser.expression(SUM - 1)
    if parser.position != place:
        raise parser.unexpected(f"d{variable}")
    parser.differentials.discard(place)
    spelled = canonical(parser.advance().text)
    if spelled == "d":
        parser.advance()
    return Integral(body, variable, bounds.get("_"), bounds.get("^"))


def _differential(parser: Parser, token: Token) -> tuple[int, str]:
    """Where the ``dx`` of this integral stands, and its variable."""
    depth = 0
    open_integrals = 1
    for position in range(parser.position, len(parser.stream) - 1):
        here, following = parser.stream[position], parser.stream[position + 1]
        if here.kind == "operator":
            depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(here.text, 0)
            open_integrals += here.text == "∫"
        if depth < 0:
            break
        name = canonical(here.text)
        if depth or here.kind != "word" or not name.startswith("d"):
            continue
        split = name == "d" and following.kind == "word" and not following.spaced
        if split or (len(name) > 1 and parser.symbols.find(name) is None):
            open_integrals -= 1
            if open_integrals == 0:
                return position, canonical(following.text) if split else name[1:]
    raise ExpressionError("the integral has no dx", column=token.column)
