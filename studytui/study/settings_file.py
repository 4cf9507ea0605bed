"""One setting changed in the reader's own file, whose other lines stay as they were written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from studytui.errors import SettingsError
from studytui.settings import Settings, load_settings, parse_settings

Scalar = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of one value: its table and key, what it says, and which values it takes."""

    table: str
    key: str
    value: Scalar
    says: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """``table.key``, as messages call it."""
        return f"{self.table}.{self.key}"


def settings_of_one_value(settings: Settings) -> Iterator[Setting]:
    """What can be changed one by one, in the order of the file; lists and tables are left out."""
    for section in fields(settings):
        inner = getattr(settings, section.name)
        for item in () if "says" in section.metadata else fields(inner):
            value, rules = getattr(inner, item.name), item.metadata
            if isinstance(value, bool | int | float | str):
                choices = () if isinstance(value, bool) else rules["choices"]
                bounds = (rules["low"], rules["high"], choices)
                yield Setting(section.name, item.name, value, rules["says"], rules["unit"], *bounds)


def typed_value(setting: Setting, typed: str) -> Scalar:
    """The value that was typed for a setting. Raises SettingsError when it is of another kind."""
    text = typed.strip()
    try:
        match setting.value:
            case bool():
                return {"true": True, "yes": True, "false": False, "no": False}[text.lower()]
            case int():
                return int(text)
            case float():
                return float(text)
            case str():
                return text
    except (ValueError, KeyError):
        pass
    kinds = {bool: "true or false", int: "a whole number", float: "a number"}
    raise SettingsError(f"{setting.name} is {kinds[type(setting.value)]}, not '{text}'")


def change(path: Path, setting: Setting, value: Scalar) -> Settings:
    """Write one value into the settings file; returns the settings as they are then.

    Raises:
        SettingsError: The value is not allowed, the file cannot be written, or it is written in a
            way in which a single value cannot be changed.
    """
    before = load_settings(path)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    wanted = _with(before, setting, value)
    changed = _edited(text, setting, _as_toml(value))
    after = parse_settings(changed, path)
    if after != wanted:
        raise SettingsError(
            f"{setting.name} cannot be changed by itself", where=str(path), todo="Edit the file"
        )
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(changed, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise SettingsError(
            f"the settings cannot be written: {error.strerror}", where=str(path)
        ) from error
    return after


def _with(settings: Settings, setting: Setting, value: Scalar) -> Settings:
    section: Any = getattr(settings, setting.table)
    changes: dict[str, Any] = {setting.table: replace(section, **{setting.key: value})}
    return replace(settings, **changes)


def _edited(text: str, setting: Setting, value: str) -> str:
    lines = text.splitlines()
    current = ""
    header = -1
    for number, line in enumerate(lines):
        table = re.match(r"\s*\[\s*([\w.-]+)\s*\]", line)
        if table:
            current = table[1]
            header = number if current == setting.table else header
        elif current in ("", setting.table):
            key = setting.key if current else re.escape(setting.name)
            assigned = re.match(rf"(\s*{key}\s*=\s*)", line)
            if assigned:
                lines[number] = f"{assigned[1]}{value}{_comment(line[assigned.end() :])}"
                return "\n".join(lines) + "\n"
    told = f"{setting.key} = {value}"
    if header >= 0:
        lines.insert(header + 1, told)
    else:
        lines += [*([""] if lines else []), f"[{setting.table}]", told]
    return "\n".join(lines) + "\n"


def _comment(rest: str) -> str:
    """The comment behind a value, where it is sure that it is one."""
    found = re.fullmatch(r"""(?:"[^"\\]*"|'[^']*'|[^"'#]*?)(\s*#.*)""", rest)
    return found[1] if found else ""


def _as_toml(value: Scalar) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case float():
            return repr(value)
        case int():
            return str(value)
