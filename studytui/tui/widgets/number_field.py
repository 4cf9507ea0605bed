"""A number that is typed, or moved by keys while all of it is selected."""

from __future__ import annotations

from textual import events

from studytui.run.parameters import Parameter
from studytui.run.stepping import stepped
from studytui.tui.actions import bindings
from studytui.tui.messages import NumberMoved
from studytui.tui.widgets.one_line import OneLine

_SIGNS = {"minus": -1, "plus": 1}


class NumberField(OneLine):
    """As it gets the focus all of it is selected: the arrows move the number, letters replace it.

    Once something was typed the arrows move the cursor, as in any field.
    """

    SCOPE = "number"
    TAKES_LETTERS = True
    BINDINGS = bindings(SCOPE)

    def __init__(self, parameter: Parameter, value: str, identity: str) -> None:
        super().__init__(value, id=identity, compact=True)
        self.parameter = parameter

    @property
    def is_moving(self) -> bool:
        """Whether the arrows move the number."""
        start, end = sorted(self.selection)
        return (start, end) == (0, len(self.value))

    async def _on_key(self, event: events.Key) -> None:
        """A sign moves the number too, where it cannot begin another one."""
        by = _SIGNS.get(event.key, 0)
        if by and self.is_moving and not (by < 0 and self._may_be_negative):
            event.stop()
            event.prevent_default()
            self._move(by)

    @property
    def _may_be_negative(self) -> bool:
        return self.parameter.minimum is None or self.parameter.minimum < 0

    def action_move(self, by: int) -> None:
        """Move the number; in the middle of typing, the cursor."""
        if self.is_moving:
            self._move(by)
        elif by < 0:
            self.action_cursor_left(select=abs(by) > 1)
        else:
            self.action_cursor_right(select=abs(by) > 1)

    def _move(self, by: int) -> None:
        moved = stepped(self.parameter, self.value, by)
        if moved != self.value:
            self.value = moved
            self.post_message(NumberMoved(self.parameter.name, moved))
        self.select_all()
