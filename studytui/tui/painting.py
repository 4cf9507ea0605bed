"""Laid-out lines turned into strips for Textual."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.segment import Segment as RichSegment
from textual.strip import Strip

from studytui.library.layout.lines import Line
from studytui.library.layout.safe import cells
from studytui.tui.palette import Palette


class Highlight(NamedTuple):
    """Characters ``start`` to ``end`` (not in) of a line in a further style."""

    start: int
    end: int
    style: str


def paint(
    line: Line, palette: Palette, width: int, highlights: Sequence[Highlight] = (), shift: int = 0
) -> Strip:
    """A strip of exactly ``width`` cells; what is not decoration is moved ``shift`` cells left."""
    if highlights:
        segments = _highlighted(line, palette, highlights)
    else:
        segments = [
            RichSegment(segment.text, palette.style(segment.style)) for segment in line.segments
        ]
    strip = Strip(segments)
    if shift:
        still = min(line.indent, GUTTER_CELLS)
        strip = Strip.join([strip.crop(0, still), strip.crop(still + shift)])
    size = strip.cell_length
    if size > width:
        edge = RichSegment("›", palette.style("faint"))
        return Strip.join([strip.crop(0, width - 1), Strip([edge], 1)])
    return strip.adjust_cell_length(width, palette.style(""))


GUTTER_CELLS = 2
"""Cells at the left edge that stay where they are when a wide line is moved sideways."""


def _highlighted(
    line: Line, palette: Palette, highlights: Sequence[Highlight]
) -> list[RichSegment]:
    edges = sorted({edge for mark in highlights for edge in (mark.start, mark.end)})
    found: list[RichSegment] = []
    position = 0
    for segment in line.segments:
        finish = position + len(segment.text)
        cuts = [position, *(edge for edge in edges if position < edge < finish), finish]
        for start, end in pairwise(cuts):
            style = palette.style(segment.style)
            for mark in highlights:
                if mark.start <= start < mark.end:
                    style += palette.highlight(mark.style)
            found.append(RichSegment(segment.text[start - position : end - position], style))
        position = finish
    return found


def rows(parts: Sequence[tuple[str, str]], palette: Palette, width: int) -> Strip:
    """A strip from (text, style names) pairs, cut or filled to the width."""
    strip = Strip([RichSegment(text, palette.style(style)) for text, style in parts if text])
    return strip.adjust_cell_length(width, palette.style(""))


def character_at(text: str, cell: int) -> int:
    """The character that covers a cell."""
    if text.isascii():
        return cell
    used = 0
    for index, character in enumerate(text):
        used += cells(character)
        if used > cell:
            return index
    return len(text)
