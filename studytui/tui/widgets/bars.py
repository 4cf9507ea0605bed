"""Bars that come and go at the edge of a screen: where one types, chooses or filters for a moment.

A widget that is taken away stays among its siblings until Textual has turned to it. A bar may be
wanted anew before that: so none of them has an id, which must not be given twice, and one that is
on its way out is never given the focus.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.widget import Widget

from studytui.tui.widget_lifecycle import is_gone

Bar = TypeVar("Bar", bound=Widget)


def bar_of(parent: Widget, kind: type[Bar]) -> Bar | None:
    """The bar of a kind that stands there and stays."""
    return next((bar for bar in parent.query(kind) if not is_gone(bar)), None)


def open_bar(
    parent: Widget, kind: type[Bar], make: Callable[[], Bar], before: Widget | None = None
) -> Bar:
    """Give the focus to the bar of a kind, made if there is none."""
    bar = bar_of(parent, kind)
    if bar is None:
        bar = make()
        parent.mount(bar, before=before)
    bar.focus()
    return bar
