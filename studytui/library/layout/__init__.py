"""Blocks laid out as lines of styled text, for the reader and for ``studytui read``. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studytui.library.layout.flow import Flow, Laid, lay_out
    from studytui.library.layout.layout_lines import Item, Line, Piece, Segment

__all__ = ["Flow", "Item", "Laid", "Line", "Piece", "Segment", "lay_out"]


def __getattr__(name: str) -> object:
    # The home screen needs lines and wrapping alone: what sets blocks is not imported for it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in ("Flow", "Laid", "lay_out"):
        from studytui.library.layout import flow

        return getattr(flow, name)
    from studytui.library.layout import layout_lines

    return getattr(layout_lines, name)
