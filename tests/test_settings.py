"""The settings file: defaults, every check, and errors that name the line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from studytui.errors import SettingsError
from studytui.settings import Settings, load_settings, template


def _load(folder: Path, text: str) -> Settings:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()


def test_values_are_read(tmp_path: Path) -> None:
    settings = _load(
        tmp_path,
        'packs = ["~/mine"]\n[days]\nrollover_hour = 2\ntime_zone = "Asia/Tokyo"\n'
        "[memory]\nlearning_steps = [1, 5.5]\n[memory.retention]\nattention = 0.95\n"
        '[keys]\n"review.undo" = "z"\n',
    )
    assert settings.pack_folders() == (Path("~/mine").expanduser(),)
    assert settings.days.rollover_hour == 2
    assert settings.memory.learning_steps == (1.0, 5.5)
    assert settings.retention_of("attention") == 0.95
    assert settings.retention_of("systems") == 0.9
    assert settings.keys == {"review.undo": "z"}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[memory]\n\ndesird_retention = 0.9\n", 3, "unknown setting memory.desird_retention"),
        ("[memry]\n", 1, "unknown setting memry"),
        ("[days]\nrollover_hour = 24\n", 2, "between 0 and 23 hour"),
        ("[days]\nrollover_hour = true\n", 2, "a whole number"),
        ('[days]\ntime_zone = "Mars/Olympus"\n', 2, "unknown time zone"),
        ('[memory]\nleech_action = "burn"\n', 2, "one of tag, suspend"),
        ("[memory]\nparameters = [1.0]\n", 2, "needs 21 numbers"),
        ("[memory]\nretention = 0.9\n", 2, "table of names"),
        ("[memory.retention]\nattention = 0.2\n", 2, "between 0.7 and 0.99"),
        ("[memory]\nlearning_steps = 3\n", 2, "must be a list"),
        ("memory = 3\n", 1, "write [memory]"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(SettingsError) as caught:
        _load(tmp_path, text)
    assert what in caught.value.what
    assert caught.value.where.endswith(f"settings.toml:{line}")


def test_a_misspelt_key_gets_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Did you mean desired_retention"):
        _load(tmp_path, "[memory]\ndesird_retention = 0.9\n")


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not TOML"):
        _load(tmp_path, "a = = 3")


def test_the_template_has_every_key_with_its_default(tmp_path: Path) -> None:
    assert _load(tmp_path, template()) == Settings()
    uncommented = re.sub(r"^#(?! )", "", template(), flags=re.MULTILINE)
    assert _load(tmp_path, uncommented) == Settings()
    written = tomllib.loads(uncommented)
    for section in fields(Settings()):
        inner = getattr(Settings(), section.name)
        if is_dataclass(inner):
            assert set(written[section.name]) == {item.name for item in fields(inner)}
