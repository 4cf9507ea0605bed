"""Fields that answers are typed into. While one has the focus, letters are text, not keys."""

from __future__ import annotations

from studytui.tui.actions import bindings
from studytui.tui.messages import AnswerGiven
from studytui.tui.widgets.function_keys import PlainTextArea
from studytui.tui.widgets.one_line import OneLine


class AnswerLine(OneLine):
    """One line: a word, a number, a formula."""

    SCOPE = "line"
    TAKES_LETTERS = True
    BINDINGS = bindings(SCOPE)

    def __init__(self, invitation: str) -> None:
        super().__init__(placeholder=invitation, compact=True, select_on_focus=False)

    def action_give(self) -> None:
        """This is the answer."""
        self.post_message(AnswerGiven())


class AnswerText(PlainTextArea):
    """Several lines: what a program prints."""

    SCOPE = "text"
    TAKES_LETTERS = True
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__(
            show_line_numbers=False, compact=True, placeholder="what it prints, line by line"
        )

    def action_give(self) -> None:
        """This is the answer."""
        self.post_message(AnswerGiven())
