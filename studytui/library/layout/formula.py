"""Display formulas, set in two dimensions and centred."""

from __future__ import annotations

from studytui.library.layout.layout_lines import Item, Line, Piece, Segment
from studytui.library.layout.safe import cells, clean
from studytui.maths import display


def formula(tex: str, width: int, label: str = "", source: int = 0, style: str = "") -> Piece:
    """A formula in the middle; one that is too wide starts at the left and is moved sideways."""
    tag = f"({clean(label)})" if label else ""
    room = max(8, width - (2 * (cells(tag) + 2) if tag else 0))
    box = display(tex, room)
    rows = [clean(row).replace("\n", " ").rstrip() for row in box.lines]
    size = max((cells(row) for row in rows), default=0)
    left = max(0, (width - size) // 2)
    name = f"formula {style}".strip() if box.complete else f"formula.raw {style}".strip()
    middle = min(box.baseline, len(rows) - 1) if rows else 0
    lines = []
    for number, row in enumerate(rows):
        segments = [Segment(" " * left), Segment(row, name)]
        if tag and number == middle and size <= room:
            segments.append(Segment(" " * (width - left - cells(row) - cells(tag))))
            segments.append(Segment(tag, "faint"))
        lines.append(Line(tuple(segment for segment in segments if segment.text), left))
    wide = size if size > width else 0
    item = Item("formula", 0, max(0, len(lines) - 1), tex.strip(), wide, source)
    return Piece(tuple(lines), (item,))
