"""The settings in lines: heard, and changed one by one in the reader's own file."""

from __future__ import annotations

from studytui.settings import load_settings
from studytui.study.desk import Desk
from studytui.study.plain.terminal import Terminal, choose
from studytui.study.preferences import Preference, change, preferences


def change_settings(desk: Desk, terminal: Terminal) -> None:
    """Let the reader change settings until they leave; they hold from the next start.

    Raises SettingsError when the file is broken, or a value is not allowed.
    """
    path = desk.directories.settings
    terminal.say(f"They are kept in {path}, and hold from the next start.")
    while True:
        known = list(preferences(load_settings(path)))
        chosen = choose(terminal, [_told(preference) for preference in known])
        if chosen is None:
            return
        preference = known[chosen]
        typed = _asked(terminal, preference)
        if typed:
            change(path, preference, typed)
            terminal.say(f"{preference.name} is {typed} now.")


def _told(preference: Preference) -> str:
    unit = f" {preference.unit}" if preference.unit and preference.shown else ""
    return f"{preference.name}: {preference.shown or 'not set'}{unit}. {preference.says}."


def _asked(terminal: Terminal, preference: Preference) -> str:
    if preference.choices:
        place = choose(terminal, preference.choices, back="leave it as it is")
        return "" if place is None else preference.choices[place]
    bounds = f", {preference.bounds}" if preference.bounds else ""
    unit = f" in {preference.unit}" if preference.unit else ""
    return terminal.ask(f"{preference.name}{unit}{bounds} (Enter: leave it as it is): ").strip()
