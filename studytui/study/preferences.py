"""Every setting as a row that can be looked at and changed, and the file that it is written to.

The file stays the reader's own: what is changed here changes one line of it, and its comments,
its order and its blank lines are kept. A value that the settings would refuse is never written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from studytui.errors import SettingsError
from studytui.settings import Settings, parse_settings

AT_ONCE = frozenset(("interface", "keys", "run", "review"))
"""Tables that count from the moment they are changed; the others do from the next start."""
TITLES = {
    "": "Packs",
    "days": "Study day",
    "memory": "Memory",
    "review": "Review",
    "interface": "Interface",
    "run": "Running",
    "derive": "Deriving",
    "keys": "Keys",
}
_ORDER = ("interface", "review", "run", "derive", "days", "memory", "")
_WORDS = {
    "interface.theme": "dark light colours appearance mode",
    "interface.images": "pictures figures plots graphics kitty sixel",
    "review.new_per_day": "limit daily cards",
    "review.reviews_per_day": "limit daily cards",
    "review.terms": "chinese english vocabulary glossary",
    "run.device": "gpu cuda mps cpu",
    "run.seconds": "timeout limit",
    "run.memory_mb": "ram limit",
    "days.rollover_hour": "midnight",
    "days.time_zone": "clock",
    "memory.desired_retention": "fsrs difficulty",
    "packs": "folders content decks",
}


@dataclass(frozen=True, slots=True)
class Preference:
    """One setting. ``table`` is empty for what stands above all tables of the file.

    ``choices`` are its possible values where they are few; ``words`` other names it is found by.
    """

    table: str
    key: str
    value: Any
    default: Any
    says: str
    unit: str = ""
    bounds: str = ""
    choices: tuple[str, ...] = ()
    words: str = ""

    @property
    def name(self) -> str:
        """The key with its table, as in ``review.new_per_day``."""
        return f"{self.table}.{self.key}".lstrip(".")

    @property
    def is_default(self) -> bool:
        """Whether it is as it comes."""
        return bool(self.value == self.default)

    @property
    def counts_at_once(self) -> bool:
        """Whether a change counts now, and not only from the next start."""
        return self.table in AT_ONCE

    @property
    def shown(self) -> str:
        """Its value as it is typed."""
        return as_typed(self.value)


def as_typed(value: object) -> str:
    """A value as it is typed and shown: lists with commas between, switches as yes and no."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case tuple():
            return ", ".join(map(as_typed, value))
        case Mapping():
            return ", ".join(f"{name} = {as_typed(item)}" for name, item in value.items())
        case _:
            return str(value)


def preferences(settings: Settings) -> Iterator[Preference]:
    """All settings in the order of the screen; without the keys, which the interface knows."""
    defaults = Settings()
    for table in _ORDER:
        section = getattr(settings, table) if table else settings
        original = getattr(defaults, table) if table else defaults
        for item in fields(section):
            rules = item.metadata
            if "says" not in rules or (not table and item.name == "keys"):
                continue
            value = getattr(section, item.name)
            bounds = "" if rules["low"] is None else f"{rules['low']:g} to {rules['high']:g}"
            name = f"{table}.{item.name}".lstrip(".")
            yield Preference(
                table,
                item.name,
                value,
                getattr(original, item.name),
                rules["says"],
                rules["unit"],
                bounds,
                ("yes", "no") if isinstance(value, bool) else rules["choices"],
                _WORDS.get(name, ""),
            )


def change(path: Path, preference: Preference, typed: str) -> Settings:
    """Write one setting as it was typed; the settings as they are then.

    Raises:
        SettingsError: The value will not do, or the file cannot be read or written; nothing was
            changed.
    """
    value = _value(preference, typed.strip())
    return _rewritten(path, lambda document: _put(document, preference, value))


def restore(path: Path, preference: Preference) -> Settings:
    """Take one setting out of the file, so that it is as it comes. Raises SettingsError."""
    return _rewritten(path, lambda document: _drop(document, preference))


def _value(preference: Preference, typed: str) -> object:
    match preference.default:
        case bool():
            if typed.casefold() not in ("yes", "no", "true", "false"):
                raise SettingsError(f"{preference.key} must be yes or no, not {typed!r}")
            return typed.casefold() in ("yes", "true")
        case int() | float():
            return _number(typed)
        case tuple():
            parts = [part.strip() for part in typed.split(",") if part.strip()]
            return parts if preference.name == "packs" else [_number(part) for part in parts]
        case Mapping():
            pairs = [part.partition("=") for part in typed.split(",") if part.strip()]
            return {name.strip(): _number(item) for name, _, item in pairs}
        case _:
            return typed


def _number(typed: str) -> int | float | str:
    """A number; what is none goes on as text, and the check of the settings tells."""
    for kind in (int, float):
        try:
            return kind(typed.strip())
        except ValueError:
            continue
    return typed


def _put(document: Any, preference: Preference, value: object) -> None:
    table = document
    if preference.table:
        import tomlkit

        table = document.setdefault(preference.table, tomlkit.table())
    table[preference.key] = value


def _drop(document: Any, preference: Preference) -> None:
    table = document.get(preference.table) if preference.table else document
    if table is not None and preference.key in table:
        del table[preference.key]


def _rewritten(path: Path, edit: Callable[[Any], None]) -> Settings:
    """Edit the file, if the settings can be read from what it says then."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        document = tomlkit.parse(text)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(
            f"the settings cannot be read: {error}", where=str(path), todo="Mend the file first"
        ) from error
    edit(document)
    changed = tomlkit.dumps(document)
    try:
        settings = parse_settings(changed, path)
    except SettingsError as error:
        # The line is of a text that nobody has seen.
        raise SettingsError(error.what, todo=error.todo) from error
    _replace(path, changed)
    return settings


def _replace(path: Path, text: str) -> None:
    """Put another text into a file, whole or not at all; a link stays a link."""
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, prefix=".settings-", delete=False
        ) as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        if target.exists():
            Path(new.name).chmod(target.stat().st_mode & 0o777)
        Path(new.name).replace(target)
    except OSError as error:
        raise SettingsError(f"the settings cannot be written: {error}", where=str(path)) from error
