"""Random texts: soups of tokens, spoiled copies of the corpus, and noise."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.derive.pairs import corpus

_PIECES = [
    "x",
    "y",
    "z",
    "a",
    "b",
    "n",
    "k",
    "i",
    "j",
    "e",
    "pi",
    "oo",
    "1",
    "2",
    "3",
    "0.5",
    "10",
    "1e5",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "+",
    "-",
    "*",
    "/",
    "^",
    "**",
    "!",
    "'",
    "_",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "!=",
    ",",
    ";",
    ":",
    "|",
    "sum(",
    "prod(",
    "int(",
    "diff(",
    "lim(",
    "max(",
    "min(",
    "sin",
    "cos(",
    "exp(",
    "log(",
    "sqrt(",
    "E[",
    "Var[",
    "piecewise(",
    "f(",
    "x_",
    "x_1",
    "\\frac",
    "\\sum",
    "\\int",
    "\\sqrt",
    "\\left(",
    "\\right)",
    "\\begin{pmatrix}",
    "\\end{pmatrix}",
    "&",
    "\\\\",
    "{",
    "}",
    "\\beta",
    "\\to",
    "β",
    "α",
    "²",
    "₁",
    "√",
    "∑",
    "∏",
    "∫",
    "≤",
    "≠",
    "·",
    "−",
    "∞",
    "⌊",
    "⌋",
    "and",
    "or",
    "not",
    "true",
    "__import__",
    "lambda",
    "eval",
    ".",
    "..",
    "~",
    "\x00",
    "\t",
    "\n",
]
_NOISE = "".join(
    map(chr, (*range(1, 0x180), *range(0x370, 0x400), *range(0x2070, 0x2300), 0x1F4A5))
)
SYNTAXES = ("ascii", "unicode", "latex")


def texts(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """``count`` texts, each with the syntax to read it in."""
    generator = random.Random(seed)
    sources = [side for pair in corpus() for side in (pair.a, pair.b)]
    for _ in range(count):
        kind = generator.random()
        if kind < 0.5:
            pieces = generator.choices(_PIECES, k=generator.randrange(1, 14))
            text = generator.choice(("", " ")).join(pieces)
        elif kind < 0.9:
            text = _spoiled(generator.choice(sources), generator)
        else:
            text = "".join(generator.choices(_NOISE, k=generator.randrange(1, 24)))
        yield text, generator.choice(SYNTAXES)


def _spoiled(text: str, generator: random.Random) -> str:
    for _ in range(generator.randrange(1, 4)):
        place = generator.randrange(len(text) + 1)
        end = min(len(text), place + generator.randrange(4))
        change = generator.random()
        if change < 0.4:
            text = text[:place] + text[end:]
        elif change < 0.8:
            text = text[:place] + generator.choice(_PIECES) + text[end:]
        else:
            text = text[:end] + text[place:]
    return text
