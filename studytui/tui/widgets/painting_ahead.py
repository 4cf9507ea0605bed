"""The next screens of a page are painted while nothing else is to be done: turning shows them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from time import perf_counter
from typing import TYPE_CHECKING

from textual.geometry import Region

from studytui.tui.widgets.painted import Kept, Painted
from studytui.tui.widgets.prose import Prose

if TYPE_CHECKING:
    from textual.widget import Widget

    from studytui.tui.widgets.mounting import Mounting

_SLICE = 0.004
"""Seconds that painting ahead may take at once: a key waits no longer."""
_LINES = 10
"""Lines of prose that are painted at once."""
_YOUNG = 1
"""The generation of objects up to which Python tidies up in the end."""


def paint_ahead(page: Mounting) -> bool:
    """Paint for some milliseconds what a page up or down would show. True if some remains.

    Python tidies up when it is done, for else it would do so while the next page is painted.
    """
    end = perf_counter() + _SLICE
    has_painted = False
    for widget, region in soon_seen(page):
        if not widget.is_painted(region):
            widget.render_lines(region)
            has_painted = True
            if perf_counter() > end:
                return True
    if has_painted:
        gc.collect(_YOUNG)
    return False


def soon_seen(page: Mounting) -> Iterator[tuple[Painted | Kept | Prose, Region]]:
    """What is shown, and what a page up or down would show: some lines at a time."""
    for part, first, last in page.near(page.size.height):
        if isinstance(part, Prose):
            for line in range(first, last, _LINES):
                yield part, Region(0, line, part.size.width, min(_LINES, last - line))
        else:
            for widget in _displayed(part):
                if isinstance(widget, Painted | Kept):
                    yield widget, widget.outer_size.region


def _displayed(widget: Widget) -> Iterator[Widget]:
    """A widget and all in it, but for what is hidden."""
    if widget.display:
        yield widget
        for child in widget.displayed_children:
            yield from _displayed(child)
