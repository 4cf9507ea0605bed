"""The settings in lines: heard, and changed one by one in the reader's own file."""

from __future__ import annotations

from studytui.settings import load_settings
from studytui.study.desk import Desk
from studytui.study.plain.terminal import Terminal, choose
from studytui.study.settings_file import (
    Setting,
    change,
    settings_of_one_value,
    typed_value,
)


def change_settings(desk: Desk, terminal: Terminal) -> None:
    """Let the reader change settings until they leave; they hold from the next start.

    Raises SettingsError when the file is broken, or a value is not allowed.
    """
    path = desk.directories.settings
    terminal.say(f"They are kept in {path}, and hold from the next start.")
    while True:
        known = list(settings_of_one_value(load_settings(path)))
        chosen = choose(terminal, [_told(setting) for setting in known])
        if chosen is None:
            return
        setting = known[chosen]
        typed = _asked(terminal, setting)
        if typed:
            change(path, setting, typed_value(setting, typed))
            terminal.say(f"{setting.name} is {typed} now.")


def _told(setting: Setting) -> str:
    value = str(setting.value).lower() if isinstance(setting.value, bool) else setting.value
    unit = f" {setting.unit}" if setting.unit else ""
    empty = "not set" if value == "" else f"{value}{unit}"
    return f"{setting.name}: {empty}. {setting.says}."


def _asked(terminal: Terminal, setting: Setting) -> str:
    choices = ("true", "false") if isinstance(setting.value, bool) else setting.choices
    if choices:
        place = choose(terminal, choices, back="leave it as it is")
        return "" if place is None else choices[place]
    bounds = f", {setting.low:g} to {setting.high:g}" if setting.low is not None else ""
    unit = f" in {setting.unit}" if setting.unit else ""
    return terminal.ask(f"{setting.name}{unit}{bounds} (Enter: leave it as it is): ").strip()
