"""Text to tokens: numbers, words, commands and operators, each with the column it was typed at."""

from __future__ import annotations

import re
from typing import NamedTuple

from studytui.derive.expr.problems import ExpressionError
from studytui.derive.expr.size_limits import MOST_CHARACTERS, MOST_DIGITS
from studytui.derive.syntax.normalise import ACCENTS, GREEK, SYMBOLS, normalise


class Token(NamedTuple):
    """``kind`` is number, word, command (LaTeX, without the backslash), operator or end."""

    kind: str
    text: str
    column: int
    spaced: bool = False
    """Whether white space stands before it."""


_LETTERS = "A-Za-z" + "".join(GREEK)
_PATTERN = re.compile(
    rf"(?P<space>[ \t\n]+)"
    rf"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+(?![A-Za-z0-9]))?|\.\d+)"
    rf"|(?P<command>\\(?:[A-Za-z]+|[,;:!|{{}}\\ ]))"
    rf"|(?P<word>[{_LETTERS}][{_LETTERS}0-9]*)"
    rf"|(?P<operator>\*\*|<=|>=|!=|==|->|\.\.|\+/-|[-+*/^_=<>!()\[\]{{}},.;:|'&~{SYMBOLS}])"
)
_SIGNS = {"\\pm": "±", "\\mp": "∓"}
"""Commands that are known in every syntax: there is no other way to type them."""
_SPACES = {",", ";", ":", "!", " ", "quad", "qquad", "displaystyle", "textstyle", "limits",
           "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bigg", "Bigg",
           "biggl", "biggr", "nolimits", "mathstrut"}  # fmt: skip
"""LaTeX commands that say nothing about the meaning."""


def tokens(text: str, syntax: str) -> list[Token]:
    """The tokens of ``text``, an end token last. In LaTeX each letter is a word of its own.

    :raises ExpressionError: too long, a foreign character, too many digits.
    """
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(
            f"the expression has {len(text)} characters; the most is {MOST_CHARACTERS}"
        )
    plain, columns = normalise(text)
    result: list[Token] = []
    position, spaced = 0, False
    while position < len(plain):
        found = _PATTERN.match(plain, position)
        column = columns[position]
        if found is None:
            raise ExpressionError(f"{plain[position]!r} has no meaning here", column=column)
        kind, piece = found.lastgroup or "", found.group()
        if kind == "command" and piece in _SIGNS:
            kind, piece = "operator", _SIGNS[piece]
        elif kind == "command":
            if syntax != "latex":
                raise ExpressionError(
                    f"{piece} is LaTeX", column=column, todo="Read it as LaTeX, or write ASCII."
                )
            piece = piece[1:]
        is_tie = piece == "~" and syntax == "latex"
        if kind == "space" or is_tie or (kind == "command" and piece in _SPACES):
            spaced, position = True, found.end()
            continue
        if kind == "number" and sum(map(str.isdigit, piece)) > MOST_DIGITS:
            raise ExpressionError(f"a number has more than {MOST_DIGITS} digits", column=column)
        if kind == "word" and syntax == "latex":
            piece = _first_letter(piece)
        if kind == "operator":
            piece = {"**": "^", "==": "=", "+/-": "±"}.get(piece, piece)
        result.append(Token(kind, piece, column, spaced))
        spaced = False
        position += len(found.group()) if kind != "word" else len(piece)
    result.append(Token("end", "", len(text), spaced))
    return result


def _first_letter(word: str) -> str:
    """One letter, with an accent that Unicode put on it."""
    for accent in ACCENTS.values():
        if word[1:].startswith(accent) and not word.isascii():
            return word[: 1 + len(accent)]
    return word[0]
