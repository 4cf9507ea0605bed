"""A picture in half blocks: two pixels a cell, in any terminal, over any line."""

from __future__ import annotations

from pathlib import Path

from rich.color import Color
from rich.segment import Segment as RichSegment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

TALLEST = 24
CELL_ASPECT = 2.0
"""Height of a cell over its width: with two pixels a cell, pixels come out nearly square."""


class HalfBlocks(Widget):
    """The picture in a file, as wide as there is room and at most ``TALLEST`` lines high."""

    DEFAULT_CSS = "HalfBlocks { height: auto; width: 1fr; }"

    def __init__(self, path: Path, pixels: tuple[int, int], title: str = "") -> None:
        super().__init__()
        self.path = path
        self.pixels = (max(1, pixels[0]), max(1, pixels[1]))
        self.title = title
        self._painted: tuple[Size, list[Strip]] = (Size(0, 0), [])

    def cells(self, room: int) -> Size:
        """Columns and rows for a picture in ``room`` columns."""
        wide, high = self.pixels
        columns = max(1, room)
        rows = max(1, round(columns * high / wide / CELL_ASPECT))
        if rows > TALLEST:
            rows = TALLEST
            columns = max(1, min(room, round(rows * CELL_ASPECT * wide / high)))
        return Size(columns, rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows at that width."""
        return self.cells(width).height

    def render_line(self, y: int) -> Strip:
        """One row."""
        size = self.cells(self.size.width)
        if self._painted[0] != size:
            self._painted = (size, self._paint(size))
        strips = self._painted[1]
        strip = strips[y] if y < len(strips) else Strip([])
        return strip.adjust_cell_length(self.size.width)

    def _paint(self, size: Size) -> list[Strip]:
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(self.path) as image:
                small = image.convert("RGB").resize(
                    (size.width, size.height * 2), Image.Resampling.LANCZOS
                )
        except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError):
            return [Strip([RichSegment(f"[{self.title or 'figure'}: {self.path}]")])]
        raw = small.tobytes()
        stride = 3 * size.width
        return [
            Strip(
                [
                    RichSegment("▀", _style(raw, 2 * row * stride + 3 * column, stride))
                    for column in range(size.width)
                ]
            )
            for row in range(size.height)
        ]


def _style(raw: bytes, place: int, stride: int) -> Style:
    upper = raw[place : place + 3]
    lower = raw[place + stride : place + stride + 3]
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))
