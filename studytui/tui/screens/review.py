"""The review screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.screen import Screen

from studytui.tui.actions import bindings
from studytui.tui.palette import Palette
from studytui.tui.widgets.key_bar import KeyBar
from studytui.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from studytui.study.desk import Desk


class ReviewScreen(Screen[None]):
    """The review screen."""

    SCOPE = "review"
    BINDINGS = bindings(SCOPE)

    def __init__(self, desk: Desk, palette: Palette, track: str = "") -> None:
        super().__init__()
        self.desk = desk
        self.palette = palette
        self.track = track

    def compose(self) -> ComposeResult:
        """What the shell offers meanwhile."""
        verb = "review" if self.SCOPE == "review" else "stats"
        yield Lines([[("studytui ", "soft"), (verb, "strong")]], self.palette)
        yield KeyBar(self.palette, {}, (self.SCOPE, "everywhere"))

    def action_close(self) -> None:
        """Back."""
        self.dismiss()
