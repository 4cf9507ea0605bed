"""A form for the parameters of a snippet, made from its signature."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Checkbox, Input, Select, Static

from studytui.run.parameters import Parameter, ParameterError, check
from studytui.run.stepping import NUMERIC
from studytui.tui.actions import bindings
from studytui.tui.messages import FormDone, NumberMoved, ValuesMoved
from studytui.tui.widgets.number_field import NumberField
from studytui.tui.widgets.one_line import OneLine


class Switch(Checkbox):
    """A box that is empty when it is off: colour alone would not say so everywhere."""

    def __init__(self, value: bool, identity: str) -> None:
        super().__init__(value=value, id=identity, compact=True)
        self._mark()

    def watch_value(self) -> None:
        """Empty or filled."""
        self._mark()
        super().watch_value()

    def _mark(self) -> None:
        self.BUTTON_INNER = "X" if self.value else " "


class ParameterForm(Vertical):
    """A row a parameter. Enter runs, escape closes; a value that will not do is told at once."""

    SCOPE = "form"
    TAKES_LETTERS = True
    BINDINGS = bindings(SCOPE)
    DEFAULT_CSS = """
    ParameterForm { height: auto; margin: 1 0; }
    ParameterForm .row { height: auto; }
    ParameterForm #form-note { height: auto; color: $faint; }
    ParameterForm .name { width: 18; height: auto; }
    ParameterForm .told { width: 1fr; height: auto; padding: 0 1; color: $faint; }
    ParameterForm .told.wrong { color: $error; }
    ParameterForm Input, ParameterForm Select { width: 20; }
    ParameterForm Checkbox { width: 20; padding: 0; background: transparent; border: none; }
    """

    def __init__(self, parameters: Sequence[Parameter], values: dict[str, str]) -> None:
        super().__init__()
        self.parameters = {parameter.name: parameter for parameter in parameters}
        self.values = values

    def compose(self) -> ComposeResult:
        """The rows."""
        for name, parameter in self.parameters.items():
            with Horizontal(classes="row"):
                yield Static(name, classes="name", markup=False)
                yield self._field(parameter)
                yield Static(_explained(parameter), classes="told", id=f"told-{name}", markup=False)
        yield Static("", id="form-note", markup=False)

    def _field(self, parameter: Parameter) -> Input | Select[str] | Checkbox:
        value = self.values.get(parameter.name, parameter.default or "")
        identity = f"field-{parameter.name}"
        if parameter.kind == "switch":
            return Switch(value == "true", identity)
        if parameter.kind == "choice" and value in parameter.choices:
            options = [(choice, choice) for choice in parameter.choices]
            return Select(options, value=value, allow_blank=False, id=identity, compact=True)
        if parameter.kind in NUMERIC:
            return NumberField(parameter, value, identity)
        return OneLine(value, id=identity, compact=True)

    def _move(self, identity: str | None, value: str) -> None:
        """A value was switched or chosen: that is a move, unless it only says what it was."""
        name = (identity or "").removeprefix("field-")
        parameter = self.parameters[name]
        before = self.values.get(name, parameter.default or "")
        self._set(identity, value)
        if value != before:
            self.post_message(ValuesMoved())

    def on_number_moved(self, message: NumberMoved) -> None:
        """A number was moved."""
        message.stop()
        self._set(f"field-{message.name}", message.value)
        self.post_message(ValuesMoved())

    def _set(self, identity: str | None, value: str) -> None:
        name = (identity or "").removeprefix("field-")
        parameter = self.parameters[name]
        told = self.query_one(f"#told-{name}", Static)
        try:
            if value or not parameter.optional:
                check(parameter, value)
        except ParameterError as error:
            told.update(error.todo or error.what)
            told.add_class("wrong")
        else:
            told.update(_explained(parameter))
            told.remove_class("wrong")
        self.values[name] = value

    def on_input_changed(self, event: Input.Changed) -> None:
        """A value was typed."""
        event.stop()
        self._set(event.input.id, event.value)

    def on_select_changed(self, event: Select.Changed) -> None:
        """Another choice."""
        event.stop()
        self._move(event.select.id, str(event.value))

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        """Switched."""
        event.stop()
        self._move(event.checkbox.id, str(event.value).lower())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field runs."""
        event.stop()
        self.action_run()

    def action_run(self) -> None:
        """Run with these values."""
        self.post_message(FormDone(run=True))

    def say(self, line: str) -> None:
        """Say under the rows what moving a value does."""
        self.query_one("#form-note", Static).update(line)

    def action_hold(self) -> None:
        """Keep the present run, to compare the next one with it."""
        panel = self.parent
        if panel is not None:
            self.run_worker(getattr(panel, "action_hold")())  # noqa: B009 - the panel's own

    def action_close(self) -> None:
        """Close the form; the values stay."""
        self.post_message(FormDone(run=False))


def _explained(parameter: Parameter) -> str:
    return " · ".join(part for part in (parameter.help, parameter.range) if part)
