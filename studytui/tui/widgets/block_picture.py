"""A picture in quarter blocks, four pixels of two colours a cell: for any terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment as RichSegment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from PIL.Image import Image

TALLEST = 26
CELL_ASPECT = 2.0
"""Height of a cell over its width."""
QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By the pixels that have the front colour: 1 upper left, 2 upper right, 4 lower left, 8 right."""
MOST_PIXELS = 64_000_000
LIGHT = 128

Pixel = tuple[int, int, int]


class BlockPicture(Widget):
    """The picture in a file, as wide as there is room and at most ``TALLEST`` lines high."""

    DEFAULT_CSS = "BlockPicture { height: auto; width: 1fr; }"

    def __init__(self, path: Path, pixels: tuple[int, int], title: str = "") -> None:
        super().__init__()
        self.path = path
        self.pixels = (max(1, pixels[0]), max(1, pixels[1]))
        self.title = title
        self._painted: tuple[Size, list[Strip]] = (Size(0, 0), [])

    def show(self, path: Path, pixels: tuple[int, int], title: str) -> None:
        """Show another picture in the same place."""
        same = pixels == self.pixels
        self.path, self.pixels, self.title = path, (max(1, pixels[0]), max(1, pixels[1])), title
        self._painted = (Size(0, 0), [])
        self.refresh(layout=not same)

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
            self._painted = (size, paint_picture(self.path, size, self.title))
        strips = self._painted[1]
        strip = strips[y] if y < len(strips) else Strip([])
        return strip.adjust_cell_length(self.size.width)


def paint_picture(path: Path, size: Size, title: str) -> list[Strip]:
    """The rows of a picture; its title and path if it cannot be read."""
    from PIL import Image as Images
    from PIL import UnidentifiedImageError

    try:
        with Images.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            small = _shrunk(image.convert("RGB"), size.width * 2, size.height * 2)
    except (OSError, UnidentifiedImageError, ValueError, Images.DecompressionBombError):
        return [Strip([RichSegment(f"[{title or 'figure'}: {path}]")])]
    raw = small.tobytes()
    stride = 3 * small.width
    return [
        Strip([_cell(raw, 2 * row * stride + 6 * column, stride) for column in range(size.width)])
        for row in range(size.height)
    ]


def _shrunk(image: Image, wide: int, high: int) -> Image:
    """Fewer pixels, with thin lines thickened first: a plain mean would wash a plot out."""
    from PIL import ImageFilter
    from PIL.Image import Resampling

    kernel = round(min(image.width / wide, image.height / high) * 0.6) // 2 * 2 + 1
    if kernel >= 3:
        corner = image.getpixel((0, 0))
        is_light = isinstance(corner, tuple) and sum(corner[:3]) > 3 * LIGHT
        thicken = ImageFilter.MinFilter if is_light else ImageFilter.MaxFilter
        image = image.filter(thicken(min(kernel, 7)))
    return image.resize((wide, high), Resampling.LANCZOS)


def _cell(raw: bytes, place: int, stride: int) -> RichSegment:
    """The quarter block whose two colours come nearest to four pixels."""
    pixels = [
        (raw[at], raw[at + 1], raw[at + 2])
        for at in (place, place + 3, place + stride, place + stride + 3)
    ]
    light = [2 * red + 5 * green + blue for red, green, blue in pixels]
    middle = (max(light) + min(light)) / 2
    if max(light) - min(light) < 48:
        return RichSegment(" ", Style(bgcolor=_colour(pixels)))
    front = [place for place in range(4) if light[place] > middle]
    back = [place for place in range(4) if light[place] <= middle]
    glyph = QUARTERS[sum(1 << place for place in front)]
    style = Style(
        color=_colour([pixels[place] for place in front]),
        bgcolor=_colour([pixels[place] for place in back]),
    )
    return RichSegment(glyph, style)


def _colour(pixels: list[Pixel]) -> Color:
    count = len(pixels)
    red, green, blue = (sum(pixel[part] for pixel in pixels) // count for part in range(3))
    return Color.from_rgb(red, green, blue)
