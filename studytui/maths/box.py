"""Boxes of character cells with a baseline, and how they are put together."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from wcwidth import wcswidth


@lru_cache(maxsize=8192)
def cell_width(text: str) -> int:
    """Cells that ``text`` takes in a terminal; combining marks take none, wide letters two."""
    if text.isascii():
        return len(text)
    return max(wcswidth(text), 0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells: every line is ``width`` cells wide, ``baseline`` counts from 0.

    ``core_above`` and ``core_below`` are the rows next to the baseline that delimiters around the
    box must embrace: those of a fraction, not those of an exponent.
    """

    lines: tuple[str, ...]
    baseline: int
    width: int
    core_above: int = 0
    core_below: int = 0

    @property
    def height(self) -> int:
        """Rows in all."""
        return len(self.lines)

    @property
    def below(self) -> int:
        """Rows below the baseline's row."""
        return len(self.lines) - 1 - self.baseline


NOTHING = Box(("",), 0, 0)


def text_box(text: str) -> Box:
    """One row of text."""
    return Box((text,), 0, cell_width(text))


def solid(lines: tuple[str, ...], baseline: int, width: int) -> Box:
    """A box whose every row counts for delimiters."""
    return Box(lines, baseline, width, baseline, len(lines) - 1 - baseline)


def blank(width: int, height: int = 1, baseline: int = 0) -> Box:
    """An empty rectangle."""
    return Box((" " * width,) * height, baseline, width)


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes in a row, their baselines level."""
    if len(boxes) == 1:
        return boxes[0]
    width = sum([box.width for box in boxes])
    above = max([box.baseline for box in boxes], default=0)
    below = max([len(box.lines) - 1 - box.baseline for box in boxes], default=0)
    if above == below == 0:
        return Box(("".join([box.lines[0] for box in boxes]),), 0, width)
    columns = [padded(box, above, below).lines for box in boxes]
    return Box(
        tuple(map("".join, zip(*columns, strict=True))),
        above,
        width,
        max([box.core_above for box in boxes]),
        max([box.core_below for box in boxes]),
    )


def padded(box: Box, above: int, below: int) -> Box:
    """The box made taller to the given rows above and below its baseline."""
    top = max(above - box.baseline, 0)
    bottom = max(below - box.below, 0)
    if not (top or bottom):
        return box
    row = (" " * box.width,)
    lines = row * top + box.lines + row * bottom
    return Box(lines, box.baseline + top, box.width, box.core_above, box.core_below)


def widened(box: Box, width: int, alignment: str = "c") -> Box:
    """The box in a wider one, at its left (l), middle (c) or right (r)."""
    spare = width - box.width
    left = 0 if alignment == "l" else spare if alignment == "r" else spare // 2
    return indented(box, left, spare - left)


def indented(box: Box, left: int, right: int = 0) -> Box:
    """Blank columns added at the sides."""
    if left <= 0 and right <= 0:
        return box
    head, tail = " " * left, " " * right
    lines = tuple([head + line + tail for line in box.lines])
    return Box(lines, box.baseline, box.width + left + right, box.core_above, box.core_below)


def piled(boxes: Sequence[Box], alignment: str = "c") -> tuple[tuple[str, ...], int]:
    """Boxes one upon the other, all made as wide as the widest: the lines, and that width."""
    width = max([box.width for box in boxes], default=0)
    lines: list[str] = []
    for box in boxes:
        lines += widened(box, width, alignment).lines
    return tuple(lines), width


def composed(text: str) -> str:
    """``text`` with letters and marks joined where Unicode has the pair, as fonts draw better."""
    return unicodedata.normalize("NFC", text)
