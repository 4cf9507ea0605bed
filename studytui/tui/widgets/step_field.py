"""The field for the next line of a derivation, with what was typed before."""

from __future__ import annotations

from textual.widgets import Input

from studytui.tui.actions import bindings
from studytui.tui.messages import AnswerGiven


class StepField(Input):
    """Enter checks; the arrows bring earlier lines back."""

    SCOPE = "step"
    TAKES_LETTERS = True
    BINDINGS = bindings(SCOPE)
    DEFAULT_CSS = "StepField { background: $raised; border: none; padding: 0 1; margin: 1 0 0 0; }"

    def __init__(self) -> None:
        super().__init__(placeholder="the next line", compact=True)
        self.past: tuple[str, ...] = ()
        self._place = 0

    def action_give(self) -> None:
        """Check this line."""
        self._place = 0
        self.post_message(AnswerGiven())

    def action_recall(self, by: int) -> None:
        """An earlier or a later line."""
        self._place = min(0, max(-len(self.past), self._place + by))
        self.value = self.past[self._place] if self._place else ""
        self.cursor_position = len(self.value)

    def action_help_me(self) -> None:
        """A hint from the bench."""
        self._bench("hint")

    def action_show_me(self) -> None:
        """The next line from the bench."""
        self._bench("show_line")

    def _bench(self, what: str) -> None:
        bench = self.parent
        if bench is not None:
            getattr(bench, f"action_{what}")()
