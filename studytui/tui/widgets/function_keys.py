"""Function keys mean in a field of several lines what they mean around it."""

from __future__ import annotations

from textual.actions import SkipAction
from textual.widgets import TextArea


class PlainTextArea(TextArea):
    """Textual's own fields select by f6 and f7; here these make a card and a note everywhere."""

    def action_select_line(self) -> None:
        """Leave the key to what is around the field."""
        raise SkipAction

    def action_select_all(self) -> None:
        """Leave the key to what is around the field."""
        raise SkipAction
