"""A figure's curves in characters: eight dots a cell, for terminals without graphics. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from studytui.library.layout.safe import cells, clean
from studytui.run.events import Axis, Curve, Panel

Piece = tuple[str, str]
"""Text and its colour: ``#rrggbb``, or ``title``, ``label`` or ``axis``."""
Row = tuple[Piece, ...]
NARROWEST = 32
"""Columns of a panel, below which panels stand one under the other."""
HEIGHT = 12
GAP = 2
DASH = 5
"""Dots of a dash, and of the gap after it."""
MOST_LETTERS = 200
WIDEST_TICK = 9
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot of a cell in braille, by row and column."""
_MARKS = {"line": "━", "dashes": "╍", "points": "•", "bars": "█"}


def chart(panels: Sequence[Panel], width: int, height: int = HEIGHT) -> list[Row]:
    """The panels side by side as far as they have room; every row at most ``width`` cells."""
    beside = max(1, min(len(panels), (width + GAP) // (NARROWEST + GAP)))
    each = (width - GAP * (beside - 1)) // beside
    rows: list[Row] = []
    for start in range(0, len(panels), beside):
        group = panels[start : start + beside]
        heads = any(panel.title for panel in group), any(panel.y.label for panel in group)
        drawn = [_panel(panel, each, height, heads) for panel in group]
        for place in range(max(map(len, drawn))):
            row: list[Piece] = []
            for column, lines in enumerate(drawn):
                pieces = lines[place] if place < len(lines) else ()
                fill = each - _length(pieces)
                row += [("", "axis") if not column else (" " * GAP, "axis"), *pieces]
                row.append((" " * fill, "axis"))
            rows.append(tuple(piece for piece in row if piece[0]))
    return rows


def _length(pieces: Row) -> int:
    return sum(cells(text) for text, _ in pieces)


@dataclass
class _Canvas:
    """Dots in cells, the colour of a cell being that of what was drawn last."""

    wide: int
    high: int
    bits: dict[tuple[int, int], int] = field(default_factory=dict)
    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    colours: dict[tuple[int, int], str] = field(default_factory=dict)

    def dot(self, x: int, y: int, colour: str) -> None:
        """Set the dot ``x`` from the left and ``y`` from above."""
        cell = x // 2, y // 4
        if 0 <= cell[0] < self.wide and 0 <= cell[1] < self.high:
            self.bits[cell] = self.bits.get(cell, 0) | _DOTS[y % 4][x % 2]
            self.colours[cell] = colour

    def mark(self, x: int, y: int, colour: str) -> None:
        """Put a point into the cell of a dot."""
        cell = x // 2, y // 4
        if 0 <= cell[0] < self.wide and 0 <= cell[1] < self.high:
            self.marks[cell] = _MARKS["points"]
            self.colours[cell] = colour

    def row(self, y: int) -> Iterator[Piece]:
        """The cells of a row, neighbours of one colour together."""
        text, colour = "", ""
        for x in range(self.wide):
            cell = x, y
            here = self.colours.get(cell, colour)
            bits = self.bits.get(cell, 0)
            glyph = self.marks.get(cell) or (chr(0x2800 + bits) if bits else " ")
            if here != colour and text:
                yield text, colour
                text = ""
            colour = here
            text += glyph
        yield text, colour


def _panel(panel: Panel, width: int, height: int, heads: tuple[bool, bool]) -> list[Row]:
    """One panel; ``heads`` say whether it has rows for a title and for the name of the y axis."""
    ticks = _rows_of_ticks(panel.y, height)
    margin = max((cells(label) for label in ticks.values()), default=0)
    wide = max(4, width - margin - 2)
    canvas = _Canvas(wide, height)
    for curve in sorted(panel.curves, key=_rank):
        _draw(canvas, panel, curve)
    rows: list[Row] = []
    if heads[0]:
        rows.append((("".ljust(margin + 2), "axis"), (_cut(panel.title, wide), "title")))
    if heads[1]:
        rows.append(((_cut(panel.y.label, width), "label"),))
    for y in range(height):
        label = ticks.get(y, "")
        head = f"{' ' * (margin - cells(label))}{label} {'┤' if y in ticks else '│'}"
        rows.append(((head, "axis"), *canvas.row(y)))
    rows += _below(panel.x, margin, wide)
    rows += _legend(panel.curves, margin, width)
    return rows


def _rank(curve: Curve) -> tuple[int, bool]:
    """What is drawn first: a cell has the colour of what comes last, points and named lines."""
    return ("bars", "dashes", "line", "points").index(curve.kind), bool(curve.label)


def _cut(text: str, width: int) -> str:
    """A label made harmless, and cut where it is wider than its room."""
    text = clean(text[:MOST_LETTERS]).replace("\n", " ")
    if cells(text) <= width:
        return text
    while text and cells(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def _share(axis: Axis, value: float) -> float:
    """Where a value lies between the ends of an axis: 0 to 1, NaN where it has no place."""
    low, high = axis.low, axis.high
    if axis.log:
        if not (value > 0 and low > 0 and high > 0):
            return math.nan
        low, high, value = math.log10(low), math.log10(high), math.log10(value)
    return (value - low) / (high - low) if high > low else 0.5


def _rows_of_ticks(axis: Axis, height: int) -> dict[int, str]:
    """The labels of ticks by row, none right under another."""
    found: dict[int, str] = {}
    for place, label in axis.ticks:
        share = _share(axis, place)
        if math.isfinite(share):
            row = round((1 - share) * (height - 1))
            if not {row - 1, row, row + 1} & found.keys():
                found[row] = _cut(label, WIDEST_TICK)
    return found


def _below(axis: Axis, margin: int, wide: int) -> list[Row]:
    """The line under a panel, its ticks with labels, and what the axis is called."""
    line = ["─"] * wide
    labels = ""
    for column, start, label in _columns_of_ticks(axis, wide):
        labels += " " * (start - cells(labels)) + label
        line[column] = "┬"
    rows: list[Row] = [
        ((" " * margin + " └" + "".join(line), "axis"),),
        ((" " * (margin + 2) + labels, "axis"),),
    ]
    if axis.label:
        text = _cut(axis.label, wide)
        rows.append(((" " * (margin + 2 + (wide - cells(text)) // 2) + text, "label"),))
    return rows


def _columns_of_ticks(axis: Axis, wide: int) -> list[tuple[int, int, str]]:
    """Columns of ticks, where their labels start, and the labels: every second or third of them
    if not all have room."""
    ticks = [
        (round(share * (wide - 1)), _cut(label, WIDEST_TICK))
        for place, label in axis.ticks
        if math.isfinite(share := _share(axis, place)) and 0 <= share <= 1
    ]
    for step in range(1, len(ticks) + 1):
        found, free = [], 0
        for column, label in ticks[::step]:
            size = cells(label)
            start = max(0, min(column - size // 2, wide - size))
            if start < free or size > wide:
                break
            found.append((column, start, label))
            free = start + size + 1
        else:
            return found
    return []


def _legend(curves: Sequence[Curve], margin: int, width: int) -> list[Row]:
    """A mark in its colour and a label for each curve that has one, as many a row as fit."""
    rows: list[Row] = []
    row: list[Piece] = []
    for curve in curves:
        if not curve.label:
            continue
        label = _cut(curve.label, width - margin - 6)
        if row and _length(tuple(row)) + cells(label) + 5 > width:
            rows.append(tuple(row))
            row = []
        row += [
            ("  " if row else " " * (margin + 2), "axis"),
            (_MARKS.get(curve.kind, "━"), curve.colour),
            (f" {label}", "label"),
        ]
    return [*rows, tuple(row)] if row else rows


def _draw(canvas: _Canvas, panel: Panel, curve: Curve) -> None:
    places = [_dot(canvas, panel, x, y) for x, y in zip(curve.x, curve.y, strict=False)]
    if curve.kind == "bars":
        for first, second in zip(places[::2], places[1::2], strict=False):
            if first is not None and second is not None:
                _fill(canvas, first, second, curve.colour)
        return
    if curve.kind == "points":
        for place in places:
            if place is not None:
                canvas.mark(*place, curve.colour)
        return
    drawn = 0
    before: tuple[int, int] | None = None
    for place in places:
        if before is not None and place is not None:
            for x, y in _between(before, place):
                if curve.kind == "line" or drawn // DASH % 2 == 0:
                    canvas.dot(x, y, curve.colour)
                drawn += 1
        elif place is not None:
            canvas.dot(*place, curve.colour)
        before = place


def _dot(canvas: _Canvas, panel: Panel, x: float, y: float) -> tuple[int, int] | None:
    across, up = _share(panel.x, x), _share(panel.y, y)
    if not (math.isfinite(across) and math.isfinite(up)):
        return None
    # What lies far outside is as good as just outside, and takes no time.
    across, up = (min(2.0, max(-1.0, share)) for share in (across, up))
    return round(across * (2 * canvas.wide - 1)), round((1 - up) * (4 * canvas.high - 1))


def _between(first: tuple[int, int], last: tuple[int, int]) -> Iterator[tuple[int, int]]:
    steps = max(abs(last[0] - first[0]), abs(last[1] - first[1]), 1)
    for step in range(steps + 1):
        share = step / steps
        yield (
            round(first[0] + (last[0] - first[0]) * share),
            round(first[1] + (last[1] - first[1]) * share),
        )


def _fill(canvas: _Canvas, first: tuple[int, int], last: tuple[int, int], colour: str) -> None:
    left, right = sorted((first[0], last[0]))
    top, foot = sorted((first[1], last[1]))
    for x in range(max(0, left), min(2 * canvas.wide - 1, max(left, right - 1)) + 1):
        for y in range(max(0, top), min(4 * canvas.high - 1, foot) + 1):
            canvas.dot(x, y, colour)
