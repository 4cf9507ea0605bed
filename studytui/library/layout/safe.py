"""Text from outside made harmless for a terminal, and its width in cells."""

from __future__ import annotations

import re
from functools import lru_cache

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_SUSPECT = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Controls, bidi overrides, invisible and unassigned characters, halves of surrogate pairs."""

_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{2})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
"""More than two marks upon one letter: they would be painted over the lines above and below."""


def _harmless(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\t":
        return "    "
    if character == "\n":
        return "\n"
    if character in "\r\u2028\u2029":
        return " "
    if character < " ":
        return chr(0x2400 + ord(character))
    if character == "\x7f":
        return "\N{SYMBOL FOR DELETE}"
    if "\x80" <= character <= "\x9f" or "\ud800" <= character <= "\udfff":
        return REPLACEMENT
    return ""


def clean(text: str) -> str:
    """The text without anything that could steer a terminal or hide in it.

    Control characters become their visible pictures, tabs four spaces; what has no width and what
    turns the direction of writing is left out; line feeds stay.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _SUSPECT.sub(_harmless, text)
    return text if text.isascii() else _MARKS.sub(r"\1", text)


def _count(text: str) -> int:
    from wcwidth import wcwidth

    return sum(max(0, wcwidth(character)) for character in text)


_count_words = lru_cache(maxsize=8192)(_count)


def cells(text: str) -> int:
    """How many cells of the terminal the text takes."""
    if text.isascii():
        return len(text)
    return _count_words(text) if len(text) < 80 else _count(text)


def cut(text: str, width: int) -> int:
    """How many leading characters fit in ``width`` cells, at least one."""
    if text.isascii():
        return max(1, min(len(text), width))
    from wcwidth import wcwidth

    taken = 0
    for position, character in enumerate(text):
        taken += max(0, wcwidth(character))
        if taken > width:
            return max(1, position)
    return len(text)
