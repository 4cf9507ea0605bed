"""One-line inputs at the lower edge: the filter of home and the find bar of the reader."""

from __future__ import annotations

from textual.widgets import Input

from studytui.tui.actions import bindings
from studytui.tui.messages import FilterChanged, FilterClosed, FindChanged, FindClosed, FindMoved
from studytui.tui.widgets.one_line import OneLine


class FilterBar(OneLine):
    """Letters that choose articles."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words, placeholder="title or track", compact=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Other letters."""
        event.stop()
        self.post_message(FilterChanged(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Back to the list."""
        event.stop()
        self.post_message(FilterClosed())


class FindBar(OneLine):
    """Words to find in the article."""

    SCOPE = "find"
    BINDINGS = bindings(SCOPE)

    def __init__(self, words: str = "") -> None:
        super().__init__(words, placeholder="find in this article", compact=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Other words."""
        event.stop()
        self.post_message(FindChanged(event.value))

    def action_match(self, by: int) -> None:
        """To another match."""
        self.post_message(FindMoved(by))

    def action_close(self) -> None:
        """Back to the text."""
        self.post_message(FindClosed())
