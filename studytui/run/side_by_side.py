"""The failing case of an exercise as lines: the case, then what came beside what should have come.

>>> number = lambda text, differs: Value("", "", (((text, differs),),))
>>> told = Mismatch("wrong", (), (number("2.0", True),), (number("3.0", True),))
>>> for line in lines_of(told, 60):
...     print("".join(text for text, _ in line).rstrip())
came     should be
2.0*     3.0*
"""

from __future__ import annotations

from itertools import zip_longest

from studytui.library.layout.safe import cells, cut
from studytui.run.events import Mismatch, Value

Line = list[tuple[str, str]]
"""Pieces of text with the name of a style: empty, soft, faint, strong, bad, good."""
MARK = "*"
"""Behind a place that differs: colour alone would not be seen everywhere."""
GAP = 4


def lines_of(told: Mismatch, width: int) -> list[Line]:
    """The lines, at most ``width`` cells each: side by side where both have room."""
    lines: list[Line] = []
    for value in told.case:
        head = f"{value.name} = " if value.name else ""
        lines += _labelled(head, value, width)
    if told.came or told.should:
        if lines:
            lines.append([])
        lines += _compared(told, width)
    return lines


def _labelled(head: str, value: Value, width: int) -> list[Line]:
    rows = _grid(value, _widths(value))
    label = "for " + head
    lines: list[Line] = []
    for number, row in enumerate(rows):
        lead = label if number == 0 else " " * cells(label)
        lines.append(_cut([(lead, "faint"), *row], width))
    if value.note and lines:
        lines[0] = _cut([*lines[0], (f"   {value.note}", "faint")], width)
    return lines


def _compared(told: Mismatch, width: int) -> list[Line]:
    blocks = [
        (_block(came, should), _block(should, came))
        for came, should in zip_longest(told.came, told.should)
    ]
    left = max([4, *(_cells(line) for block, _ in blocks for line in block)])
    right = max([9, *(_cells(line) for _, block in blocks for line in block)])
    if left + GAP + right > width:
        came = [line for block, _ in blocks for line in block]
        should = [line for _, block in blocks for line in block]
        below = [[("came", "faint")], *came, [("should be", "faint")], *should]
        return [_cut(line, width) for line in below]
    lines: list[Line] = [[("came".ljust(left + GAP), "faint"), ("should be", "faint")]]
    for first, second in blocks:
        empty: Line = []
        for one, other in zip_longest(first, second, fillvalue=empty):
            lines.append([*one, (" " * (left + GAP - _cells(one)), ""), *other])
    return lines


def _block(value: Value | None, other: Value | None) -> list[Line]:
    """A value with its name and note, in columns as wide as those of its counterpart."""
    if value is None:
        return []
    widths = [max(pair) for pair in zip_longest(_widths(value), _widths(other), fillvalue=0)]
    differs = other is not None and value.note != other.note
    note = value.note if differs or not value.rows or len(value.rows) > 1 else ""
    head: Line = []
    if value.name:
        head.append((value.name, "soft"))
    if note:
        head.append((f"{'  ' if head else ''}{note}", "bad" if differs else "faint"))
    return [*([head] if head else []), *_grid(value, widths)]


def _widths(value: Value | None) -> list[int]:
    """The width of each column; a row that was cut away has none."""
    rows = [row for row in (value.rows if value else ()) if len(row) > 1 or row[:1] != (("…", 0),)]
    columns = zip_longest(*rows, fillvalue=("", False))
    return [max(cells(text) for text, _ in each) for each in columns]


def _grid(value: Value, widths: list[int]) -> list[Line]:
    alone = max(map(len, value.rows), default=0) == 1
    lines: list[Line] = []
    for row in value.rows:
        line: Line = []
        for place, (text, marked) in enumerate(row):
            # The mark stands behind the number, which stays under its neighbours.
            shown = text + (MARK if marked else "" if alone else " ")
            room = max(0, widths[place] + (not alone) - cells(shown)) if place < len(widths) else 0
            line.append((f"{'' if alone else ' ' * room}{shown} ", "bad" if marked else ""))
        lines.append(line)
    return lines


def _cells(line: Line) -> int:
    return sum(cells(text) for text, _ in line)


def _cut(line: Line, width: int) -> Line:
    """The line as far as it has room."""
    left, kept = width, []
    for text, style in line:
        if cells(text) > left:
            if left > 1:
                kept.append((text[: cut(text, left - 1)] + "…", style))
            break
        kept.append((text, style))
        left -= cells(text)
    return kept
