"""Laid-out lines turned into strips for Textual."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment as RichSegment
from rich.style import Style
from textual.geometry import Offset
from textual.selection import Selection
from textual.strip import Strip

from studytui.library.layout.layout_lines import Line
from studytui.library.layout.safe import cells
from studytui.tui.palette import Palette

if TYPE_CHECKING:
    from studytui.library.layout.flow import Flow

NOTHING = Style()


class Highlight(NamedTuple):
    """Characters ``start`` to ``end`` (not in) of a line in a further style."""

    start: int
    end: int
    style: str


def shortened(strip: Strip, room: int, palette: Palette) -> Strip:
    """What fits into so many cells; what was left out is marked."""
    if strip.cell_length <= room:
        return strip
    mark = Strip([RichSegment("…", palette.style("faint"))])
    return Strip.join([strip.crop(0, max(0, room - 1)), mark])


def paint(
    line: Line,
    palette: Palette,
    width: int,
    highlights: Sequence[Highlight] = (),
    shift: int = 0,
    ground: Style = NOTHING,
    y: int | None = None,
) -> Strip:
    """A strip of exactly ``width`` cells, upon ``ground``.

    What is not decoration is moved ``shift`` cells to the left. With ``y`` every segment carries
    the place of its first character, by which Textual selects text: only what looks for a place
    asks for it, for styles that are shared are far cheaper to paint.
    """
    if highlights:
        pieces = [(text, ground + style) for text, style in _highlighted(line, palette, highlights)]
    else:
        upon = palette.upon
        pieces = [(segment.text, upon(ground, segment.style)) for segment in line.segments]
    if y is not None:
        pieces = _placed(pieces, y)
    segments = [RichSegment(text, style) for text, style in pieces]
    used = sum(cells(text) for text, _ in pieces)
    if shift or used > width:
        edge = palette.upon(ground, "faint")
        strip = window(Strip(segments), shift, width, edge, min(line.indent, GUTTER_CELLS))
        segments, used = list(strip), strip.cell_length
    if used < width:
        segments.append(RichSegment(" " * (width - used), palette.upon(ground, "")))
    return Strip(segments, width)


def window(strip: Strip, shift: int, width: int, edge: Style, still: int = 0) -> Strip:
    """At most ``width`` cells of a strip that was moved ``shift`` cells to the left.

    The first ``still`` cells stay. Where words are out of sight at a side, a mark says so.
    """
    if shift:
        gone, rest = strip.crop(still, still + shift + 1), strip.crop(still + shift)
        if gone.text.strip():
            rest = Strip.join([Strip([RichSegment("‹", edge)]), rest.crop(1)])
        strip = Strip.join([strip.crop(0, still), rest])
    if strip.cell_length > width:
        strip = Strip.join([strip.crop(0, width - 1), Strip([RichSegment("›", edge)])])
    return strip


def _placed(pieces: list[tuple[str, Style]], y: int) -> list[tuple[str, Style]]:
    """Pieces of a line that know where they begin."""
    found: list[tuple[str, Style]] = []
    position = 0
    for text, style in pieces:
        found.append((text, style + Style.from_meta({"offset": (position, y)})))
        position += len(text)
    return found


GUTTER_CELLS = 2
"""Cells at the left edge that stay where they are when a wide line is moved sideways."""


def _highlighted(
    line: Line, palette: Palette, highlights: Sequence[Highlight]
) -> list[tuple[str, Style]]:
    edges = sorted({edge for mark in highlights for edge in (mark.start, mark.end)})
    found: list[tuple[str, Style]] = []
    position = 0
    for segment in line.segments:
        finish = position + len(segment.text)
        cuts = [position, *(edge for edge in edges if position < edge < finish), finish]
        for start, end in pairwise(cuts):
            style = palette.style(segment.style)
            for mark in highlights:
                if mark.start <= start < mark.end:
                    style += palette.highlight(mark.style)
            found.append((segment.text[start - position : end - position], style))
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


def selected_words(flow: Flow, selection: Selection) -> str:
    """The selected words of a flow: wrapped lines are joined, decoration is left out."""
    start = selection.start or Offset(0, 0)
    last = max(0, flow.height - 1)
    end = selection.end or Offset(len(flow.line(last).text), last)
    flow.ensure(start.y, end.y + 1)
    parts: list[str] = []
    for y in range(start.y, min(end.y, last) + 1):
        line = flow.line(y)
        text = line.text
        begin = max(line.indent, start.x if y == start.y else 0)
        finish = end.x if y == end.y else len(text)
        words = text[begin:finish]
        parts.append(words.rstrip() if line.join == "\n" else words)
        parts.append(line.join if y < end.y else "")
    return "".join(parts)
