"""The field for a line that a snippet asks for."""

from __future__ import annotations

from studytui.tui.actions import bindings
from studytui.tui.messages import LineTyped
from studytui.tui.widgets.one_line import OneLine


class TypedLine(OneLine):
    """Enter gives the line; who has none to give ends the snippet's input."""

    SCOPE = "typed"
    TAKES_LETTERS = True
    BINDINGS = bindings(SCOPE)
    DEFAULT_CSS = "TypedLine { background: $raised; border: none; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__(placeholder="the snippet waits for a line", compact=True)

    def action_give(self) -> None:
        """Give this line."""
        self.post_message(LineTyped(self.value))

    def action_hang_up(self) -> None:
        """There will be no line."""
        self.post_message(LineTyped(None))
