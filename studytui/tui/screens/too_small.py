"""What a terminal shows that is too small for anything else."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

LEAST = Size(40, 10)
"""Columns and lines below which no screen can be used; 80 x 24 is comfortable."""


class TooSmallScreen(Screen[None]):
    """Says so, and how large the terminal must be; goes away by itself."""

    DEFAULT_CSS = """
    TooSmallScreen { background: $background; align: center middle; }
    TooSmallScreen Static { width: 100%; text-align: center; }
    """

    def __init__(self, had_focus: Widget | None) -> None:
        super().__init__()
        self.had_focus = had_focus

    def give_back(self) -> None:
        """Go away; what had the focus has it again, though it was out of sight meanwhile."""
        self.app.pop_screen()
        if self.had_focus is not None and self.had_focus.is_attached:
            self.app.call_after_refresh(self.had_focus.focus, False)

    def compose(self) -> ComposeResult:
        """The message, in words that fit into 20 columns."""
        yield Static(
            f"studytui needs\n{LEAST.width} × {LEAST.height} cells;\nmake the terminal\nlarger",
            markup=False,
        )
