"""Settings that are looked at and changed: the reader's file stays the reader's."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.errors import SettingsError
from studytui.settings import Settings, load_settings
from studytui.study.preferences import TITLES, Preference, change, preferences, restore

FILE = """# Mine.
packs = ["~/notes"]  # my own

[review]
# Few, on weekdays.
new_per_day = 7  # not more

[keys]
"review.undo" = "z"
"""


def named(settings: Settings, name: str) -> Preference:
    return next(each for each in preferences(settings) if each.name == name)


def test_one_line_changes_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(FILE, encoding="utf-8")
    settings = load_settings(path)
    after = change(path, named(settings, "review.new_per_day"), "12")
    assert after.review.new_per_day == 12
    assert path.read_text("utf-8") == FILE.replace("new_per_day = 7", "new_per_day = 12")
    change(path, named(after, "interface.theme"), "light")
    assert load_settings(path).interface.theme == "light"
    assert path.read_text("utf-8").startswith(FILE.replace("= 7", "= 12").rstrip())


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("review.new_per_day", "many", "must be a whole number"),
        ("review.new_per_day", "-1", "between 0 and 9999 cards"),
        ("run.device", "tpu", "one of auto, cpu, cuda, mps"),
        ("memory.fuzz", "perhaps", "must be yes or no"),
        ("memory.parameters", "1, 2", "needs 21 numbers"),
        ("days.time_zone", "Mars/North", "unknown time zone"),
        ("interface.theme", "pink", "one of auto, light, dark"),
        ("memory.retention", "maths = 2", "between 0.7 and 0.99"),
    ],
)
def test_what_will_not_do_is_told_and_not_written(
    tmp_path: Path, name: str, typed: str, told: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(FILE, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        change(path, named(load_settings(path), name), typed)
    assert path.read_text("utf-8") == FILE


def test_each_setting_can_be_written_as_it_is_shown_and_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    for each in preferences(Settings()):
        assert change(path, each, each.shown) == Settings(), each.name
        assert each.is_default
        assert each.table in TITLES
        assert restore(path, each) == Settings()
    assert [path.name] == [file.name for file in path.parent.iterdir()]


def test_a_table_written_in_one_line_is_changed_in_place(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("review = {new_per_day = 7} # short\n", encoding="utf-8")
    change(path, named(load_settings(path), "review.new_per_day"), "5")
    assert path.read_text("utf-8") == "review = {new_per_day = 5} # short\n"


def test_a_file_that_is_broken_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("packs = [", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be read"):
        change(path, named(Settings(), "review.terms"), "yes")
    assert path.read_text("utf-8") == "packs = ["


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    real, path = tmp_path / "dotfiles.toml", tmp_path / "settings.toml"
    real.write_text("", encoding="utf-8")
    path.symlink_to(real)
    change(path, named(Settings(), "review.terms"), "yes")
    assert path.is_symlink()
    assert load_settings(real).review.terms
