"""Readings that textbooks disagree about: asked back in every syntax, never guessed."""

from __future__ import annotations

from studytui.derive.expr.nodes import Negate, Node, Number
from studytui.derive.expr.problems import AmbiguousError
from studytui.derive.functions import FUNCTIONS
from studytui.derive.syntax.parser import Parser
from studytui.derive.syntax.tokens import Token


def ask_for_operator(parser: Parser, token: Token, name: str) -> None:
    """A letter that most readers take for an operator never becomes a number silently.

    :raises AmbiguousError: it is one, where what it works on is there.
    """
    domains = parser.symbols.domains.values()
    if name == "I" and any(domain.shape for domain in domains):
        raise AmbiguousError(
            "I is the identity matrix or the imaginary unit",
            column=token.column,
            todo="Write identity(2), say, or i; or declare I.",
        )
    if name == "E" and (parser.at("(") or any(domain.law for domain in domains)):
        raise AmbiguousError(
            "E is the expectation or a number",
            column=token.column,
            todo="Write E[...] for the expectation; or declare E, and write E*(...).",
        )
    if name in ("P", "Pr") and parser.at("(", "[") and any(domain.law for domain in domains):
        raise AmbiguousError(
            f"{name} is a probability or a number",
            column=token.column,
            todo=f"Write E[1[X > 0]] for the probability of X > 0; or declare {name}.",
        )


def is_minus(power: Node) -> bool:
    """Whether the exponent after a function's name is a negative number."""
    return isinstance(power, Negate) or (isinstance(power, Number) and power.numerator < 0)


def inverse_or_power(function: str, token: Token) -> AmbiguousError:
    """The question for ``sin^-1``."""
    inverse = f"a{function}(x) or " if f"a{function}" in FUNCTIONS else ""
    return AmbiguousError(
        f"{function}^-1 is the inverse function or one over it",
        column=token.column,
        todo=f"Write {inverse}1/{function}(x).",
    )


def power_of_function(name: str, token: Token) -> AmbiguousError:
    """The question for ``f^2(x)`` and ``f^-1(x)`` of a declared function."""
    return AmbiguousError(
        f"a power of {name} is of its value, or {name} over and over, or its inverse",
        column=token.column,
        todo=f"Write {name}(x)^2 or {name}({name}(x)), say; an inverse is a function of its own.",
    )
