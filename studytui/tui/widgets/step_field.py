"""The field for the next line of a derivation, with what was typed before."""

from __future__ import annotations

from textual import events

from studytui.tui.actions import bindings
from studytui.tui.messages import AnswerGiven, LinesWait
from studytui.tui.widgets.one_line import OneLine, lines_of_paste


class StepField(OneLine):
    """Enter checks; the arrows bring earlier lines back; pasted lines come one by one."""

    SCOPE = "step"
    TAKES_LETTERS = True
    BINDINGS = bindings(SCOPE)
    DEFAULT_CSS = "StepField { background: $raised; border: none; padding: 0 1; margin: 1 0 0 0; }"

    def __init__(self) -> None:
        super().__init__(placeholder="the next line", compact=True, select_on_focus=False)
        self.past: tuple[str, ...] = ()
        self.waiting: tuple[str, ...] = ()
        self._place = 0

    def _on_paste(self, event: events.Paste) -> None:
        """The first line goes into the field; each other one comes when that before it is kept."""
        first, *others = lines_of_paste(event.text) or [""]
        event.stop()
        event.prevent_default()
        self.replace(first, *self.selection)
        if others:
            self.waiting = tuple(others)
            self.post_message(LinesWait(len(others)))

    def follow(self) -> None:
        """The line in the field is kept: the next pasted one, or an empty field."""
        self.value, self.waiting = next(iter(self.waiting), ""), self.waiting[1:]
        self.cursor_position = len(self.value)

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
