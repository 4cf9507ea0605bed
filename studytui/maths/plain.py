"""TeX shown as it is, harmless to a terminal."""

from __future__ import annotations

import unicodedata

from studytui.maths.box import cell_width

_LONGEST = 2000


def harmless(text: str) -> str:
    """``text`` without control, format and unassigned characters; blanks become spaces."""
    return "".join(
        [
            " " if character.isspace() else character
            for character in text
            if character.isspace() or unicodedata.category(character)[0] != "C"
        ]
    )


def as_it_is(tex: str) -> list[tuple[str, int]]:
    """The source's lines with their widths in cells, shortened if it is very long."""
    shown = tex if len(tex) <= _LONGEST else tex[:_LONGEST] + " …"
    lines = [harmless(line).rstrip() for line in shown.strip("\n").split("\n")] or [""]
    return [(line, cell_width(line)) for line in lines]
