from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studytui.library import scaffold
from studytui.library.lint import lint, read_all
from studytui.library.pack import PackError, load_pack


def test_a_new_pack_passes_its_own_check(tmp_path: Path) -> None:
    written = scaffold.new_pack(tmp_path / "mine")
    assert all(path.is_file() for path in written)
    assert lint(read_all(tmp_path / "mine")) == ()


def test_articles_and_tracks_are_added(tmp_path: Path) -> None:
    root = tmp_path / "mine"
    scaffold.new_pack(root)
    scaffold.new_article(root, "deep/second-one")
    scaffold.new_snippet(root, "deep/extra")
    assert [track.id for track in load_pack(root).tracks] == ["notes", "deep"]
    assert lint(read_all(root)) == ()


def test_a_new_snippet_runs_alone(tmp_path: Path) -> None:
    scaffold.new_pack(tmp_path / "mine")
    (path,) = scaffold.new_snippet(tmp_path / "mine", "notes/add_up")
    done = subprocess.run(
        [sys.executable, str(path), "--n", "9"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "added up: 45, by formula: 45\n"


def test_nothing_is_written_over(tmp_path: Path) -> None:
    root = tmp_path / "mine"
    scaffold.new_pack(root)
    with pytest.raises(scaffold.ScaffoldError, match="something already"):
        scaffold.new_pack(root)
    with pytest.raises(scaffold.ScaffoldError, match="there already"):
        scaffold.new_article(root, "notes/first-steps")
    with pytest.raises(scaffold.ScaffoldError, match="there already"):
        scaffold.new_snippet(root, "notes/first_steps")


@pytest.mark.parametrize("name", ["noslash", "a/b/c", "../up/x", "A/b", "a/B", "/a"])
def test_names_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    root = tmp_path / "mine"
    scaffold.new_pack(root)
    before = sorted(tmp_path.rglob("*"))
    for make in (scaffold.new_article, scaffold.new_snippet):
        with pytest.raises(scaffold.ScaffoldError):
            make(root, name)
    assert sorted(tmp_path.rglob("*")) == before


def test_the_pack_that_one_is_in(tmp_path: Path) -> None:
    scaffold.new_pack(tmp_path / "mine")
    assert scaffold.find_pack(tmp_path / "mine" / "notes") == tmp_path / "mine"
    with pytest.raises(scaffold.ScaffoldError, match="not inside a pack"):
        scaffold.find_pack(tmp_path)
    with pytest.raises(PackError):
        scaffold.new_article(tmp_path, "a/b")
