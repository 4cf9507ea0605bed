"""The line at the lower edge while words are being chosen; keys move the choice."""

from __future__ import annotations

from studytui.tui.actions import bindings
from studytui.tui.messages import PickClosed, PickMoved, PickTaken
from studytui.tui.palette import Palette
from studytui.tui.widgets.text_lines import Lines, Styled


class PickBar(Lines, can_focus=True):
    """Has the focus while the reader chooses a sentence, a formula or a listing."""

    SCOPE = "pick"
    BINDINGS = bindings(SCOPE)

    def __init__(self, palette: Palette, what: str) -> None:
        super().__init__([_told(what)], palette)

    def ask(self, what: str) -> None:
        """Say what is made of the words."""
        self.show([_told(what)])

    def action_move(self, by: int) -> None:
        """Another one."""
        self.post_message(PickMoved(by))

    def action_more(self, by: int) -> None:
        """More, or less."""
        self.post_message(PickMoved(by, more=True))

    def action_take(self) -> None:
        """This."""
        self.post_message(PickTaken())

    def action_close(self) -> None:
        """Nothing."""
        self.post_message(PickClosed())


def _told(what: str) -> Styled:
    told = [("Choose what the ", "soft"), (what, "strong"), (" is made of: ", "soft")]
    return [*told, ("↓ ↑", "key"), (" another sentence or formula", "soft")]
