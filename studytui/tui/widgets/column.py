"""A column of widgets, with nothing of its own but its background."""

from __future__ import annotations

from textual.containers import Vertical

from studytui.tui.widgets.painted import Bare, Sized


class Column(Bare, Sized, Vertical):
    """Textual's vertical container, painted quickly; it has no border."""
