"""LaTeX commands that are only another spelling of an operator, a letter or a function."""

from __future__ import annotations

from studytui.derive.functions import known_function
from studytui.derive.functions.names import GREEK_WORDS
from studytui.derive.syntax.tokens import Token

_OPERATORS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=",
    "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=", "lt": "<", "gt": ">",
    "to": "->", "rightarrow": "->", "mid": "|", "vert": "|", "lvert": "|", "rvert": "|",
    "Vert": "‖", "|": "‖", "lVert": "‖", "rVert": "‖", "{": "set{", "}": "set}",
    "lbrace": "set{", "rbrace": "set}", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈",
    "rceil": "⌉", "sum": "∑", "prod": "∏", "int": "∫", "partial": "∂", "lbrack": "[",
    "rbrack": "]", "prime": "'", "nabla": "∇", "pm": "±", "mp": "∓", "langle": "⟨",
    "rangle": "⟩", "sim": "~",
}  # fmt: skip
_WORDS = {
    "infty": "oo", "land": "and", "wedge": "and", "lor": "or", "vee": "or", "top": "T",
    "varepsilon": "epsilon", "varphi": "phi", "vartheta": "vartheta", "Re": "re", "Im": "im",
}  # fmt: skip


NAMED = ("mathrm", "text", "operatorname", "mathbf", "mathit", "boldsymbol", "textbf", "textrm",
          "mathbb", "mathcal", "bm", "rm", "mathsf")  # fmt: skip
"""Commands in which a name stands."""


def plain_tokens(stream: list[Token]) -> list[Token]:
    """The tokens with each such command as what it spells."""
    result = []
    for token, following in zip(stream, [*stream[1:], stream[-1]], strict=True):
        if token.kind == "command" and not _is_place(token, following):
            text = token.text
            if text in _OPERATORS:
                token = token._replace(kind="operator", text=_OPERATORS[text])
            elif text in _WORDS:
                token = token._replace(kind="word", text=_WORDS[text])
            elif (
                text in GREEK_WORDS
                or text == "pi"
                or (known_function(text) is not None and text not in ("max", "min", "sqrt"))
            ):
                token = token._replace(kind="word", text=text)
        result.append(token)
    return result


def _is_place(token: Token, following: Token) -> bool:
    """Whether ``\\arg`` begins ``\\arg\\max``, and is not the argument of a complex number."""
    return token.text == "arg" and following.text in ("max", "min")
