"""Operators whose subscript says over what they go: means, extremes, norms, divergences."""

from __future__ import annotations

from studytui.derive.expr.nodes import Node
from studytui.derive.functions import known_function
from studytui.derive.functions.names import FORMS, GREEK_WORDS
from studytui.derive.syntax.laws import divergence, mean_over
from studytui.derive.syntax.operands import listed
from studytui.derive.syntax.over_index import OVER_INDEX, over_index
from studytui.derive.syntax.parser import Parser
from studytui.derive.syntax.subscripts import plain_subscript
from studytui.derive.syntax.tokens import Token
from studytui.derive.syntax.vectors import subscripted_norm


def is_operator(name: str) -> bool:
    """Whether a name is that of a form or a function of more than one letter: with a subscript it
    is no number of its own."""
    known = name in FORMS or name in ("KL", "sg") or known_function(name) is not None
    return len(name) > 1 and name not in GREEK_WORDS and known


def subscripted_operator(parser: Parser, token: Token, name: str) -> Node | None:
    """``E_{z~q}[...]``, ``max_i x_i``, ``norm_F(A)``, ``D_{KL}(p, q)``; None where it is none."""
    if any(declared.startswith(f"{name}_") for declared in parser.symbols.domains):
        return None
    if name in OVER_INDEX:
        return over_index(parser, name, token)
    if name == "E" and any(
        part.text == "~" for part in parser.stream[parser.position : parser.position + 4]
    ):
        return mean_over(parser, token)
    start = parser.position
    kind = plain_subscript(parser) if name in ("norm", "D") else None
    if name == "norm" and kind is not None and parser.at("("):
        parser.advance()
        (inside,) = listed(parser, ")")
        return subscripted_norm(parser, kind, inside, token)
    if name == "D" and kind == "KL" and parser.at("("):
        return divergence(parser, token)
    parser.position = start
    return None
