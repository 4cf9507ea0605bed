"""Blocks laid out as lines of styled text, for the reader and for ``studytui read``. Pure."""

from studytui.library.layout.flow import Flow, Laid, lay_out
from studytui.library.layout.lines import Item, Line, Piece, Segment

__all__ = ["Flow", "Item", "Laid", "Line", "Piece", "Segment", "lay_out"]
