"""One setting changed in the reader's own file: the rest of it stays as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.errors import SettingsError
from studytui.settings import Settings, load_settings
from studytui.study.settings_file import Scalar, change, settings_of_one_value, typed_value

SETTINGS = {setting.name: setting for setting in settings_of_one_value(Settings())}
OWN = """# my own
packs = []  # none

[review]
# few
new_per_day = 7  # a few
terms = true
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "config" / "settings.toml"
    file.parent.mkdir()
    file.write_text(OWN)
    return file


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("review.new_per_day", 5, "new_per_day = 5  # a few"),
        ("review.terms", False, "terms = false"),
        ("review.new_from", "all", 'new_from = "all"'),
        ("interface.theme", 'a "b" \\ #c', 'theme = "a \\"b\\" \\\\ #c"'),
        ("run.seconds", 30.0, "seconds = 30.0"),
    ],
)
def test_a_value_is_written_and_nothing_else_changes(
    path: Path, name: str, value: Scalar, line: str
) -> None:
    setting = SETTINGS[name]
    after = change(path, setting, value)
    assert load_settings(path) == after
    assert getattr(getattr(after, setting.table), setting.key) == value
    lines = path.read_text().splitlines()
    assert line in lines
    kept = [each for each in OWN.splitlines() if each and setting.key not in each]
    assert [each for each in lines if each in kept] == kept


def test_the_first_setting_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    change(path, SETTINGS["days.rollover_hour"], 5)
    assert path.read_text() == "[days]\nrollover_hour = 5\n"


@pytest.mark.parametrize(
    "text", ["review = {new_per_day = 7}\n", "[review]\nnew_per_day = +\\\n7\n"]
)
def test_what_cannot_be_changed_by_itself_is_left_as_it_is(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError):
        change(path, SETTINGS["review.new_per_day"], 5)
    assert path.read_text() == text


def test_a_value_out_of_bounds_is_refused(path: Path) -> None:
    with pytest.raises(SettingsError, match="must lie between"):
        change(path, SETTINGS["review.new_per_day"], -1)
    assert path.read_text() == OWN


def test_what_is_typed_is_of_the_settings_kind() -> None:
    assert typed_value(SETTINGS["review.terms"], "yes") is True
    assert typed_value(SETTINGS["run.seconds"], " 2.5 ") == 2.5
    with pytest.raises(SettingsError, match="is a whole number, not 'x'"):
        typed_value(SETTINGS["review.new_per_day"], "x")
