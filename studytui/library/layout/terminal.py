"""Laid-out lines as text for a terminal: the sixteen colours, which follow its own theme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from studytui.library.layout.layout_lines import Line

_CODES = {
    "strong": "1",
    "emphasis": "3",
    "strike": "9",
    "code": "35",
    "math": "33",
    "formula": "33",
    "formula.raw": "31",
    "link": "4;36",
    "heading.1": "1;34",
    "heading.2": "1;34",
    "heading.3": "1",
    "heading.4": "1;3",
    "heading.5": "3",
    "heading.6": "3",
    "heading.rule": "90",
    "marker": "34",
    "rule": "90",
    "divider": "3;90",
    "quote.bar": "90",
    "note.note": "34",
    "note.tip": "32",
    "note.warning": "33",
    "note.translator": "90",
    "table.header": "1",
    "table.rule": "90",
    "stand-in": "34",
    "gutter.restored": "33",
    "faint": "90",
    "listing.label": "90",
    "listing.keyword": "34",
    "listing.constant": "33",
    "listing.function": "36",
    "listing.class": "1;36",
    "listing.decorator": "35",
    "listing.builtin": "36",
    "listing.string": "32",
    "listing.number": "33",
    "listing.comment": "3;90",
}


@lru_cache(maxsize=512)
def _code(style: str) -> str:
    return ";".join(filter(None, (_CODES.get(name, "") for name in style.split())))


def as_text(lines: Iterable[Line], *, colour: bool) -> Iterator[str]:
    """Each line as a string without its line feed; without ``colour`` there are no codes at all."""
    for line in lines:
        if not colour:
            yield line.text.rstrip()
            continue
        parts = []
        for segment in line.segments:
            code = _code(segment.style)
            parts.append(f"\x1b[{code}m{segment.text}\x1b[0m" if code else segment.text)
        yield "".join(parts).rstrip()
