"""Tables: columns are narrowed until they fit, or the whole table is moved sideways."""

from __future__ import annotations

import re

from studytui.library.blocks import Inlines, Table, TermsBlock, Text
from studytui.library.layout.layout_lines import Item, Line, Piece, Segment, Span
from studytui.library.layout.safe import cells
from studytui.library.layout.spans import plain, spans
from studytui.library.layout.title import titled
from studytui.library.layout.wrap import wrap

GAP = 3
NARROWEST = 10
"""A column is not wrapped below so many cells: its table scrolls instead."""

Cell = list[Span]
_WORDS = re.compile(r"\S+")


def terms(block: TermsBlock, width: int) -> Piece:
    """The table of terms."""
    from studytui.library.parse.fragment import parse_inlines

    rows = tuple(
        ((Text(titled(term.english)),), (Text(term.chinese),), parse_inlines(term.meaning))
        for term in block.terms
    )
    header: tuple[Inlines, ...] = ((Text("Term"),), (Text("中文"),), (Text("Meaning"),))
    return table(Table(header, ("left", "left", "left"), rows, line=block.line), width)


def table(block: Table, width: int) -> Piece:
    """A header, a rule and rows; columns are aligned as the author said."""
    count = max([len(block.header), *(len(row) for row in block.rows)], default=0)
    if not count:
        return Piece(())
    header = [list(spans(cell, "table.header")) for cell in _padded(block.header, count)]
    rows = [[list(spans(cell)) for cell in _padded(row, count)] for row in block.rows]
    widths = _negotiate([header, *rows], width - GAP * (count - 1))
    alignment = [*block.alignment, *["left"] * count][:count]
    full = sum(widths) + GAP * (count - 1)
    head = _row(header, widths, alignment)
    body = [_row(row, widths, alignment) for row in rows]
    lines = [*head, Line((Segment("─" * full, "table.rule"),), full)]
    roomy = any(len(row) > 1 for row in body)
    for number, row in enumerate(body):
        if roomy and number:
            lines.append(Line((Segment("┈" * full, "table.rule faint"),), full))
        lines.extend(row)
    copied = [block.header, *block.rows] if any(block.header) else block.rows
    text = "\n".join("\t".join(plain(cell) for cell in row) for row in copied)
    item = Item("table", 0, len(lines) - 1, text, full if full > width else 0, block.line)
    return Piece(tuple(lines), (item,))


def _padded(row: tuple[Inlines, ...], count: int) -> list[Inlines]:
    return [*row, *[()] * (count - len(row))][:count]


def _size(cell: Cell) -> int:
    return sum(cells(span.text) for span in cell)


def _longest_word(cell: Cell) -> int:
    text = "".join(span.text for span in cell)
    if not text.isascii():
        return min(_size(cell), NARROWEST)
    return max((len(word) for word in _WORDS.findall(text)), default=0)


def _negotiate(rows: list[list[Cell]], room: int) -> list[int]:
    """Widths of the columns: natural if they fit, else the widest give way first."""
    columns = list(zip(*rows, strict=True))
    natural = [max(1, *(_size(cell) for cell in column)) for column in columns]
    if sum(natural) <= room:
        return natural
    least = [
        min(wide, max(NARROWEST, *(min(_longest_word(cell), 24) for cell in column)))
        for wide, column in zip(natural, columns, strict=True)
    ]
    if sum(least) >= room:
        return [min(wide, max(narrow, 32)) for wide, narrow in zip(natural, least, strict=True)]
    cap = _level(natural, least, room)
    widths = [max(low, min(wide, cap)) for wide, low in zip(natural, least, strict=True)]
    spare = room - sum(widths)
    for index, wide in enumerate(natural):
        if spare > 0 and widths[index] < wide:
            widths[index] += 1
            spare -= 1
    return widths


def _level(natural: list[int], least: list[int], room: int) -> int:
    """The largest width that, put as a ceiling on every column, makes the table fit."""
    low, high = 1, max(natural)
    while low < high:
        middle = (low + high + 1) // 2
        total = sum(
            max(narrow, min(wide, middle)) for wide, narrow in zip(natural, least, strict=True)
        )
        low, high = (middle, high) if total <= room else (low, middle - 1)
    return low


def _row(row: list[Cell], widths: list[int], alignment: list[str]) -> list[Line]:
    wrapped = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
    lines = []
    for number in range(max(len(cell) for cell in wrapped)):
        segments: list[Segment] = []
        for index, (cell, width, side) in enumerate(zip(wrapped, widths, alignment, strict=True)):
            line = cell[number] if number < len(cell) else Line()
            spare = max(0, width - line.width)
            left = {"right": spare, "center": spare // 2}.get(side, 0)
            segments.append(Segment(" " * ((GAP if index else 0) + left)))
            segments.extend(line.segments)
            segments.append(Segment(" " * (spare - left)))
        lines.append(Line(tuple(segment for segment in segments if segment.text)))
    return lines
