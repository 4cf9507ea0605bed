"""What the reader can set, read from one TOML file; every field has a default and a check.

The file need not exist. A key that is not known here is refused with its line and the nearest
known one: a misspelt setting that is silently ignored is worse than an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import Any, TypeVar, cast

from studytui.errors import SettingsError

Value = TypeVar("Value")
LONGEST_DEEP = 900.0
"""Seconds counted at most for a derivation or an exercise."""


def _setting(
    default: Value,
    says: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    count: int | None = None,
) -> Value:
    """A field with its documentation and the bounds that its value (or each item) must keep."""
    metadata = {
        "says": says,
        "unit": unit,
        "low": low,
        "high": high,
        "choices": choices,
        "count": count,
    }
    if isinstance(default, dict):
        return cast(Value, field(default_factory=dict, metadata=metadata))
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class DaySettings:
    """When a study day begins."""

    rollover_hour: int = _setting(
        4, "The local hour at which a study day begins", unit="hour", low=0, high=23
    )
    time_zone: str = _setting("", "IANA name such as Europe/Berlin; empty: the computer's own")


@dataclass(frozen=True, slots=True)
class MemorySettings:
    """How cards are scheduled."""

    desired_retention: float = _setting(
        0.9, "Probability of recall at which a card is due", unit="probability", low=0.7, high=0.99
    )
    deep_retention: float = _setting(
        0.8, "The same of derivations and exercises", unit="probability", low=0.7, high=0.99
    )
    retention: Mapping[str, float] = _setting(
        {}, "Desired retention of single tracks", unit="probability", low=0.7, high=0.99
    )
    learning_steps: tuple[float, ...] = _setting(
        (1.0, 10.0), "Waits of a new card within a day", unit="minutes", low=0.1, high=1439
    )
    relearning_steps: tuple[float, ...] = _setting(
        (10.0,), "Waits of a forgotten card within a day", unit="minutes", low=0.1, high=1439
    )
    maximum_interval: int = _setting(
        36500, "Longest wait of any card", unit="days", low=1, high=36500
    )
    fuzz: bool = _setting(True, "Move due days a little, so that cards learnt together part")
    load_spread: bool = _setting(
        True, "Within the fuzz range prefer days with few cards due; needs fuzz"
    )
    parameters: tuple[float, ...] = _setting(
        (), "The 21 parameters of FSRS-6; empty: the published defaults", count=21
    )
    leech_threshold: int = _setting(
        8, "Lapses after which a card counts as a leech; 0: never", unit="lapses", low=0, high=999
    )
    leech_action: str = _setting("tag", "What happens to a leech", choices=("tag", "suspend"))


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """What a day of review looks like."""

    new_per_day: int = _setting(20, "New cards a study day", unit="cards", low=0, high=9999)
    new_per_track: Mapping[str, float] = _setting(
        {}, "New cards a study day of single tracks", unit="cards", low=0, high=9999
    )
    new_from: str = _setting(
        "read",
        "Whence new cards come: from sections that were read (and decks of your own), from all"
        " articles that were begun, or from all",
        choices=("read", "begun", "all"),
    )
    terms: bool = _setting(False, "Also ask the terms of articles, Chinese and English, both ways")
    reviews_per_day: int = _setting(
        200, "Reviews of known cards a study day", unit="cards", low=0, high=99999
    )
    bury_siblings: bool = _setting(
        True, "Show one card of a note a day: other gaps and directions wait"
    )
    answer_seconds: int = _setting(
        60, "Longest time counted for one card", unit="seconds", low=5, high=3600
    )
    learn_ahead: int = _setting(
        20,
        "Show a learning card this early when nothing else is due",
        unit="minutes",
        low=0,
        high=1439,
    )

    def counted(self, seconds: float, *, deep: bool = False) -> int:
        """Milliseconds that count for a card, or a derivation or exercise, that took so long."""
        longest = LONGEST_DEEP if deep else self.answer_seconds
        return round(1000 * min(max(seconds, 0.0), longest))


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What a day of study is put together from."""

    minutes: int = _setting(
        25,
        "Minutes a day that you give; 0: no plan, home lists the articles",
        unit="minutes",
        low=0,
        high=600,
    )
    goal: tuple[str, ...] = _setting(
        (), "Tracks and articles that you want, by id, with what they need; empty: all"
    )
    review_share: float = _setting(
        0.5, "Share of a day that recall may take", unit="of the day", low=0.2, high=0.8
    )
    deep_a_day: int = _setting(
        2, "Due derivations and exercises a day at most", unit="pieces", low=1, high=20
    )


@dataclass(frozen=True, slots=True)
class InterfaceSettings:
    """How the interface looks."""

    theme: str = _setting(
        "auto",
        "The colours; auto: follow the terminal's light or dark",
        choices=("auto", "light", "dark"),
    )
    images: str = _setting(
        "auto",
        "How figures are drawn",
        choices=("auto", "kitty", "sixel", "charts", "blocks", "none"),
    )


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a running snippet may use."""

    device: str = _setting("auto", "Where snippets run", choices=("auto", "cpu", "cuda", "mps"))
    seconds: float = _setting(600.0, "Time limit of a run", unit="seconds", low=1, high=604800)
    memory_mb: int = _setting(
        8192, "Memory limit of a run on the host", unit="MB", low=256, high=4194304
    )
    output_mb: int = _setting(
        16, "How much printed text of a run is kept", unit="MB", low=1, high=1024
    )


@dataclass(frozen=True, slots=True)
class DeriveSettings:
    """What a check of a line may use."""

    seconds: float = _setting(2.0, "Time limit of one check", unit="seconds", low=0.1, high=60)
    memory_mb: int = _setting(1024, "Memory limit of the prover", unit="MB", low=256, high=65536)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. ``Settings()`` is every default."""

    packs: tuple[str, ...] = _setting((), "Folders of further packs; ~ is the home folder")
    keys: Mapping[str, str] = _setting({}, 'Action id to keys, as in "review.undo" = "u,ctrl+z"')
    days: DaySettings = DaySettings()
    memory: MemorySettings = MemorySettings()
    review: ReviewSettings = ReviewSettings()
    plan: PlanSettings = PlanSettings()
    interface: InterfaceSettings = InterfaceSettings()
    run: RunSettings = RunSettings()
    derive: DeriveSettings = DeriveSettings()

    def retention_of(self, track: str, *, deep: bool = False) -> float:
        """Desired retention of a track's cards, its own if it has one, or of what is deep."""
        if deep:
            return self.memory.deep_retention
        return self.memory.retention.get(track, self.memory.desired_retention)

    def pack_folders(self) -> tuple[Path, ...]:
        """``packs`` as paths, ``~`` expanded."""
        return tuple(Path(folder).expanduser() for folder in self.packs)


def load_settings(path: Path) -> Settings:
    """Read the settings file; every default if there is none.

    Raises:
        SettingsError: The file cannot be read, is not TOML, or a key or a value is not known.
            Its ``where`` is ``file:line``.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"the settings cannot be read: {error}",
            where=str(path),
            todo="Mend the file, or move it away to use the defaults",
        ) from error
    return parse_settings(text, path)


def parse_settings(text: str, path: Path) -> Settings:
    """The settings in a file's text; errors name its ``path``. Raises SettingsError."""
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"not TOML: {error}", where=str(path)) from error
    return _Reader(path, text).read(document)


class _Reader:
    """Turns a TOML document into settings, and knows where each key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()

    def read(self, document: dict[str, Any]) -> Settings:
        settings = Settings()
        changes: dict[str, Any] = {}
        known = {item.name: item for item in fields(settings)}
        for key, value in document.items():
            self._refuse_unknown("", key, known)
            default = getattr(settings, key)
            if "says" in known[key].metadata:
                changes[key] = self._value("", key, value, default, known[key].metadata)
            elif isinstance(value, dict):
                changes[key] = self._section(key, value, default)
            else:
                raise self._error("", key, f"{key} is a table: write [{key}]")
        result = replace_fields(settings, **changes)
        self._check_time_zone(result.days.time_zone)
        return result

    def _section(self, table: str, values: dict[str, Any], section: Any) -> Any:
        known = {item.name: item for item in fields(section)}
        changes = {}
        for key, value in values.items():
            self._refuse_unknown(table, key, known)
            changes[key] = self._value(
                table, key, value, getattr(section, key), known[key].metadata
            )
        return replace_fields(section, **changes)

    def _value(
        self, table: str, key: str, value: Any, default: Any, rules: Mapping[str, Any]
    ) -> Any:
        if isinstance(default, Mapping):
            if not isinstance(value, dict):
                raise self._error(table, key, f"{key} must be a table of names")
            item_default: Any = "" if rules["low"] is None else 0.0
            inner = f"{table}.{key}".lstrip(".")
            return {
                name: self._scalar(inner, name, item, item_default, rules)
                for name, item in value.items()
            }
        if isinstance(default, tuple):
            if not isinstance(value, list):
                raise self._error(table, key, f"{key} must be a list, as in {key} = []")
            if rules["count"] is not None and len(value) not in (0, rules["count"]):
                raise self._error(table, key, f"{key} needs {rules['count']} numbers")
            item_default = "" if rules["count"] is None and rules["low"] is None else 0.0
            return tuple(self._scalar(table, key, item, item_default, rules) for item in value)
        return self._scalar(table, key, value, default, rules)

    def _scalar(
        self, table: str, key: str, value: Any, default: Any, rules: Mapping[str, Any]
    ) -> Any:
        wanted = type(default)
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is not wanted:
            names = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
            raise self._error(table, key, f"{key} must be {names[wanted]}, not {value!r}")
        low, high, choices = rules["low"], rules["high"], rules["choices"]
        if low is not None and not low <= value <= high:
            unit = f" {rules['unit']}" if rules["unit"] else ""
            raise self._error(
                table, key, f"{key} must lie between {low:g} and {high:g}{unit}, not {value:g}"
            )
        if choices and value not in choices:
            raise self._error(table, key, f"{key} must be one of {', '.join(choices)}")
        return value

    def _refuse_unknown(self, table: str, key: str, known: Mapping[str, Any]) -> None:
        if key in known:
            return
        from difflib import get_close_matches

        near = get_close_matches(key, list(known), n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(known))}"
        raise self._error(table, key, f"unknown setting {f'{table}.{key}'.lstrip('.')}", hint)

    def _check_time_zone(self, name: str) -> None:
        if not name:
            return
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self._error(
                "days", "time_zone", f"unknown time zone {name!r}", "As in Asia/Tokyo"
            ) from error

    def _error(self, table: str, key: str, what: str, todo: str = "") -> SettingsError:
        line = self._line_of(table, key)
        return SettingsError(
            what, where=f"{self.path}:{line}" if line else str(self.path), todo=todo
        )

    def _line_of(self, table: str, key: str) -> int:
        """The line of ``key`` in ``table``, or of the table itself; 0 when written otherwise."""
        current, nearest = "", 0
        for number, line in enumerate(self.lines, 1):
            stripped = line.strip()
            if stripped.startswith("["):
                current = stripped.strip("[]").split("]")[0].strip()
                if current in (table, key, f"{table}.{key}".lstrip(".")):
                    nearest = nearest or number
                continue
            name = stripped.split("=")[0].strip().strip("\"'")
            if name in (key, f"{table}.{key}") and current in (table, ""):
                return number
        return nearest


def template() -> str:
    """A settings file with every key, its meaning, unit and default.

    Explanations begin with ``# ``; a key is set by taking away the ``#`` before it.
    """
    return "\n".join(_template_lines()) + "\n"


def _template_lines() -> Iterator[str]:
    settings = Settings()
    for item in fields(settings):
        value = getattr(settings, item.name)
        if "says" in item.metadata:
            yield from _described(item.name, value, item.metadata)
    for item in fields(settings):
        section = getattr(settings, item.name)
        if "says" in item.metadata:
            continue
        yield from ("", f"# {section.__doc__}", f"[{item.name}]")
        for inner in fields(section):
            yield from _described(inner.name, getattr(section, inner.name), inner.metadata)


def _described(name: str, value: Any, rules: Mapping[str, Any]) -> Iterator[str]:
    unit = f" ({rules['unit']})" if rules["unit"] else ""
    yield f"# {rules['says']}{unit}."
    yield f"#{name} = {_as_toml(value)}"


def _as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_as_toml(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{}"
    return f"{value:g}" if isinstance(value, float) else str(value)
