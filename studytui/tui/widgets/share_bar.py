"""How much of something is done, as a bar of a few cells."""

from __future__ import annotations

from rich.segment import Segment as RichSegment

from studytui.tui.palette import Palette

FULL = "━"
EMPTY_WITHOUT_COLOUR = "·"
"""Without colours the rest must differ by its shape."""


def share_bar(share: float, cells: int, palette: Palette) -> list[RichSegment]:
    """The bar of a share between 0 and 1."""
    full = round(share * cells)
    empty = FULL if palette.colour else EMPTY_WITHOUT_COLOUR
    return [
        RichSegment(FULL * full, palette.style("bar.full")),
        RichSegment(empty * (cells - full), palette.style("bar.empty")),
    ]
