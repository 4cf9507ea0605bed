"""No colour at all where the reader asked for none (NO_COLOR)."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter


@lru_cache(maxsize=2048)
def _plain(style: Style) -> Style:
    return style.without_color


class NoColour(LineFilter):
    """Leaves bold, underline and reverse, and takes every colour away."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without colours."""
        return [
            Segment(text, _plain(style) if style else style, control)
            for text, style, control in segments
        ]
