"""Inlines as words: formulas said in English, emphasis left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from studytui.library.blocks import (
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Math,
    Origin,
    Restored,
    Strike,
    Strong,
    Text,
)
from studytui.library.layout.safe import clean
from studytui.library.linear.characters import undrawn
from studytui.maths import speech

_BLANKS = re.compile(r"\s+")
_DOLLARS = re.compile(r"\$([^$]+)\$")
_DEEPEST = 40


def words(inlines: Inlines) -> str:
    """Inlines on one line."""
    return _one_line("".join(_pieces(inlines, 0)))


def title_words(text: str) -> str:
    """A title from outside, with its formulas (``$x^2$``) said."""
    return _one_line(_DOLLARS.sub(lambda match: speech(match.group(1)), text))


def fragment_words(markdown: str) -> str:
    """A line of Markdown."""
    from studytui.library.parse.fragment import parse_inlines

    return words(parse_inlines(markdown))


def _one_line(text: str) -> str:
    return _BLANKS.sub(" ", undrawn(clean(text))).strip()


def _pieces(inlines: Inlines, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    for inline in inlines:
        yield from _piece(inline, depth)


def _piece(inline: Inline, depth: int) -> Iterator[str]:
    match inline:
        case Text() | Code():
            yield inline.text
        case Math():
            said = speech(inline.tex)
            yield f"(restored: {said})" if inline.origin is Origin.RESTORED else said
        case Break():
            yield " "
        case Restored():
            yield "(restored: "
            yield from _pieces(inline.children, depth + 1)
            yield ")"
        case Link():
            yield from _pieces(inline.children, depth + 1)
            if "://" in inline.target:
                yield f" (link: {inline.target})"
        case Strike():
            yield "(struck out: "
            yield from _pieces(inline.children, depth + 1)
            yield ")"
        case Strong() | Emphasis():
            yield from _pieces(inline.children, depth + 1)
        case _:
            assert_never(inline)
