"""Where the literal of a claim stands in prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from studytui.library.claims.prose import Piece, Section

Span = tuple[int, int]
_MARKUP = re.compile(r"`|\*\*|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")


def spans(literal: str, piece: Piece) -> tuple[Span, ...]:
    """The places of a literal in a piece: as whole numbers and words, never as a part of them."""
    pattern = _pattern(literal)
    return tuple(match.span() for match in pattern.finditer(piece.text)) if pattern else ()


def stands_in(literal: str, pieces: Iterable[Piece]) -> bool:
    """Whether a literal stands in one of the pieces."""
    return any(spans(literal, piece) for piece in pieces)


def pieces_of(sections: Iterable[Section]) -> Iterator[Piece]:
    """The pieces of all sections."""
    for section in sections:
        yield from section.pieces


@lru_cache(maxsize=4096)
def _pattern(literal: str) -> re.Pattern[str] | None:
    words = " ".join(literal.split())
    plain = " ".join(_MARKUP.sub("", words).split())
    wanted = sorted({words, plain} - {""}, key=len, reverse=True)
    if not wanted:
        return None
    return re.compile("|".join(_edged(text) for text in wanted))


def _edged(text: str) -> str:
    before = after = ""
    if text[0].isdigit():
        before = r"(?<![\d])(?<!\d[.,])(?<![A-Za-z])"
    elif text[0].isalpha():
        before = r"(?<![A-Za-z])"
    if text[-1].isdigit():
        after = r"(?!\d|[.,]\d|\{,\}\d)"
    elif text[-1].isalpha():
        after = r"(?![A-Za-z])"
    return f"{before}{re.escape(text)}{after}"
