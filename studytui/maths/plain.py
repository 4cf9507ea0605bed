"""TeX shown as it is, harmless to a terminal."""

from __future__ import annotations

import re
import unicodedata

from studytui.maths.box import cell_width

_LONGEST = 2000
MOST_MARKS = 3
"""Marks that one letter may carry: x with a hat, a dot and a bar is still a formula."""
_SELECTORS = frozenset(
    map(chr, [*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400), *range(0x1F1E6, 0x1F200)])
)
_MARKS = re.compile(
    "[\u0300-\u036f\u20d0-\u20f0\ufe00-\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)


def harmless(text: str) -> str:
    """``text`` without what a terminal obeys or cannot place; blanks become spaces.

    Control, format and unassigned characters go, and so do those whose width hangs on their
    neighbours (selectors, halves of flags), and marks piled upon a letter beyond a few.
    """
    if text.isprintable() and not _MARKS.search(text):
        return text
    shown: list[str] = []
    piled = 0
    for character in text:
        if character.isspace():
            shown.append(" ")
        elif unicodedata.category(character)[0] == "C" or character in _SELECTORS:
            continue
        else:
            piled = piled + 1 if unicodedata.category(character)[0] == "M" else 0
            if piled <= MOST_MARKS:
                shown.append(character)
    return "".join(shown)


def as_it_is(tex: str) -> list[tuple[str, int]]:
    """The source's lines with their widths in cells, shortened if it is very long."""
    shown = tex if len(tex) <= _LONGEST else tex[:_LONGEST] + " …"
    lines = [harmless(line).rstrip() for line in shown.strip("\n").split("\n")] or [""]
    return [(line, cell_width(line)) for line in lines]
