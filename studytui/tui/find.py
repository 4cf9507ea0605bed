"""Find in an article: first by the words of its blocks, then on the lines of what is laid out."""

from __future__ import annotations

from studytui.library.layout.layout_lines import Piece

Match = tuple[tuple[int, int, int], ...]
"""Stretches of one match: line of the piece, first character, last (not in)."""


def folded(text: str) -> str:
    """The text for comparing, character for character: as long as the text itself."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(character.lower()[0] for character in text)


def matches_in(piece: Piece, words: str) -> tuple[Match, ...]:
    """Where the words stand in a piece, also across the ends of wrapped lines."""
    text: list[str] = []
    where: list[tuple[int, int]] = []
    for number, line in enumerate(piece.lines):
        body = line.text[line.indent :]
        text.append(body + line.join)
        where.extend((number, line.indent + index) for index in range(len(body)))
        where.extend((number, -1) for _ in line.join)
    whole = folded("".join(text))
    wanted = folded(words)
    found: list[Match] = []
    start = whole.find(wanted) if wanted else -1
    while start >= 0:
        found.append(_stretches(where[start : start + len(wanted)]))
        start = whole.find(wanted, start + len(wanted))
    return tuple(found)


def _stretches(places: list[tuple[int, int]]) -> Match:
    rows: dict[int, list[int]] = {}
    for row, column in places:
        if column >= 0:
            rows.setdefault(row, []).append(column)
    return tuple((row, columns[0], columns[-1] + 1) for row, columns in rows.items())
