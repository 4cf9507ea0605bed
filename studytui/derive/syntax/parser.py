"""A Pratt parser: tokens to nodes by binding powers, without ever evaluating anything.

What reads an operand is registered here by the rooms of the grammar (``operands``, ``identifiers``,
``latex``), which build on the parser; ``syntax`` imports them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.problems import AmbiguousError, ExpressionError
from studytui.derive.expr.size_limits import MOST_DEPTH
from studytui.derive.syntax.both_signs import both, has_both_signs
from studytui.derive.syntax.latex_tokens import plain_tokens
from studytui.derive.syntax.tokens import Token, tokens

RELATIONS = ("=", "!=", "<", "<=", ">", ">=")
OR, AND, RELATION, SUM, PRODUCT, POWER, POSTFIX = 2, 4, 8, 10, 20, 30, 40
_POWERS = {
    **dict.fromkeys(RELATIONS, RELATION),
    "or": OR, "and": AND, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER,
    "!": POSTFIX,
}  # fmt: skip
_OPENING = ("(", "√", "∛", "∑", "∏", "∫", "⌊", "⌈", "∂", "set{", "∇", "⟨")

Prefix = Callable[["Parser", int], nodes.Node]
Infix = Callable[["Parser", nodes.Node], nodes.Node]
Registered = TypeVar("Registered", bound=Callable[..., nodes.Node])
_PREFIXES: dict[str, Prefix] = {}
_LATEX_INFIXES: dict[str, Infix] = {}


def prefix(*tokens: str) -> Callable[[Registered], Registered]:
    """Register what reads an operand that begins with one of these operators, or with a token of
    one of these kinds. It is called with the parser and the binding power around it."""

    def register(read: Registered) -> Registered:
        _PREFIXES.update(dict.fromkeys(tokens, read))
        return read

    return register


def latex_infix(operator: str) -> Callable[[Registered], Registered]:
    """Register what LaTeX reads after an operator otherwise, with what stands before it."""

    def register(read: Registered) -> Registered:
        _LATEX_INFIXES[operator] = read
        return read

    return register


class Parser:
    """One text being read. ``scope`` holds the variables bound around the current place."""

    def __init__(self, text: str, symbols: Symbols, syntax: str = "ascii") -> None:
        self.text = text
        self.symbols = symbols
        self.latex = syntax == "latex"
        stream = tokens(text, "latex" if self.latex else "ascii")
        self.stream = plain_tokens(stream) if self.latex else stream
        self.position = 0
        self.depth = 0
        self.scope: list[str] = []
        self.bars: list[str] = []
        self.differentials: set[int] = set()
        """Positions of the ``d`` of each ``dx`` that ends an integral under way."""
        self.letters: frozenset[str] | None = None
        """Names of one letter that stand alone, once they were looked for."""

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self.stream[self.position]

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these operators."""
        return self.next.kind == "operator" and self.next.text in texts

    def advance(self) -> Token:
        """Take the next token."""
        token = self.next
        if token.kind != "end":
            self.position += 1
        return token

    def expect(self, text: str, where: str) -> Token:
        """Take an operator that must come next.

        :raises ExpressionError: something else comes.
        """
        if not self.at(text):
            raise self.unexpected(f"'{text}' {where}")
        return self.advance()

    def unexpected(self, wanted: str) -> ExpressionError:
        """The error that something else was wanted at the next token."""
        token = self.next
        found = f"'{token.text}'" if token.kind != "end" else "the end"
        return ExpressionError(f"expected {wanted}, found {found}", column=token.column)

    @contextmanager
    def binding(self, name: str) -> Iterator[None]:
        """Inside, ``name`` is a bound variable."""
        self.scope.append(name)
        try:
            yield
        finally:
            self.scope.pop()

    def whole(self) -> nodes.Node:
        """The whole text as one expression, relation or chain."""
        if self.next.kind == "end":
            raise ExpressionError("nothing is written here", column=0)
        if has_both_signs(self.stream):
            return both(self.stream, self._with)
        node = self.expression()
        if self.next.kind != "end":
            raise self.unexpected("an operator or the end")
        return node

    def _with(self, stream: list[Token]) -> nodes.Node:
        """The whole text, read from other tokens."""
        self.stream, self.position, self.depth = stream, 0, 0
        return self.whole()

    def expression(self, least: int = 0) -> nodes.Node:
        """An expression of operators that bind stronger than ``least``."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise ExpressionError(
                f"brackets and signs nest deeper than {MOST_DEPTH}", column=self.next.column
            )
        left = self.operand(least)
        while True:
            operator = self._infix()
            if operator is None or _POWERS.get(operator, PRODUCT) <= least:
                break
            left = self._joined(left, operator)
        self.depth -= 1
        return left

    def operand(self, least: int = PRODUCT) -> nodes.Node:
        """One operand with what stands directly before it, by what registered for its token."""
        token = self.next
        read = _PREFIXES.get(token.text) if token.kind == "operator" else None
        read = read or _PREFIXES.get(token.kind)
        if read is None:
            raise self.unexpected("a number, a name or a bracket")
        return read(self, least)

    def _infix(self) -> str | None:
        """The operator that comes next; ``implied`` for a product without a sign."""
        token = self.next
        if token.kind == "operator":
            if token.text in _POWERS:
                return token.text
            return "implied" if self.begins_operand() else None
        if token.kind == "word" and token.text in ("and", "or"):
            return token.text
        if token.kind == "number":
            before = self.stream[self.position - 1]
            if before.text in (")", "]", "}", "|"):
                raise ExpressionError("write * before a number", column=token.column)
            raise ExpressionError(
                f"a number cannot follow {before.text!r} directly",
                column=token.column,
                todo="Write the operator: * or ^.",
            )
        return "implied" if self.begins_operand() else None

    def begins_operand(self) -> bool:
        """Whether the next token can start a factor of an implied product."""
        token = self.next
        if token.kind == "word":
            return token.text not in ("and", "or") and not self._differential()
        if token.kind == "command":
            return token.text not in ("end", "\\", "}")
        if token.kind != "operator":
            return False
        if token.text in ("|", "‖"):
            return not self.bars
        if token.text == "[":
            rows = self.stream[self.position + 1].text == "["
            return rows and self.stream[self.position - 1].text == "]"
        return token.text in _OPENING or (self.latex and token.text == "{")

    def _differential(self) -> bool:
        return self.position in self.differentials

    def _joined(self, left: nodes.Node, operator: str) -> nodes.Node:
        column = self.next.column
        if operator == "implied":
            return times(left, self.expression(PRODUCT))
        self.advance()
        if operator == "!":
            if self.at("!"):
                raise ExpressionError(
                    "a double factorial is not part of the grammar", column=column
                )
            return nodes.Call("factorial", (left,))
        if self.latex and operator in _LATEX_INFIXES:
            return _LATEX_INFIXES[operator](self, left)
        if operator == "^":
            return self._power(left, column)
        if operator in RELATIONS:
            return self._chain(left, operator)
        right = self.expression(_POWERS[operator])
        if operator in ("and", "or"):
            parts = (
                left.operands
                if isinstance(left, nodes.Logic) and left.kind == operator
                else (left,)
            )
            return nodes.Logic(operator, (*parts, right))
        if operator in ("+", "-"):
            term = right if operator == "+" else nodes.Negate(right)
            return nodes.Add((*left.terms, term) if isinstance(left, nodes.Add) else (left, term))
        if operator == "*":
            return times(left, right)
        if not self.latex or not self.at("{"):
            self._ask_about_slash(column)
        return nodes.Divide(left, right)

    def _ask_about_slash(self, column: int) -> None:
        """``1/2y``: half of y, or one over 2y."""
        token = self.next
        if token.kind == "operator" and token.text in _POWERS:
            return
        if self.begins_operand():
            raise AmbiguousError(
                "a product without * after / has two readings",
                column=column,
                todo="For 1/2y write (1/2)*y or 1/(2*y).",
            )

    def _power(self, base: nodes.Node, column: int) -> nodes.Node:
        start = self.next
        if start.kind == "word" and start.text in ("T", "⊤") and self._is_transpose():
            self.advance()
            return nodes.Transpose(base)
        raised = self.expression(POWER - 1)
        plain = start.kind == "number" or (start.kind == "operator" and start.text in "+-")
        touching = self.begins_operand() and not self.next.spaced and self.next.text != "("
        if plain and touching and isinstance(base, nodes.Constant | nodes.Number):
            raise AmbiguousError(
                "what follows the exponent may belong to it or not",
                column=column,
                todo="For e^2x write e^(2x) or e^2*x.",
            )
        return nodes.Power(base, raised)

    def _is_transpose(self) -> bool:
        if "T" in self.scope:
            return False
        declared = self.symbols.find("T")
        return declared is None

    def _chain(self, left: nodes.Node, operator: str) -> nodes.Node:
        operands, operators = [left], [operator]
        operands.append(self.expression(RELATION))
        while self.at(*RELATIONS):
            operators.append(self.advance().text)
            operands.append(self.expression(RELATION))
        return nodes.Relation(tuple(operands), tuple(operators))


def times(left: nodes.Node, right: nodes.Node) -> nodes.Node:
    """A product, flat."""
    before = left.factors if isinstance(left, nodes.Multiply) else (left,)
    after = right.factors if isinstance(right, nodes.Multiply) else (right,)
    return nodes.Multiply((*before, *after))
