from __future__ import annotations

import os
from pathlib import Path

import pytest

from studytui.library.pack import PackError, article_files, load_pack, read_pack, shipped_pack
from tests.library.writing import write_pack


def test_the_shipped_pack_is_sound() -> None:
    pack = shipped_pack()
    assert pack.shipped
    assert len(pack.tracks) == 8
    assert pack.requires is not None


def test_snippets_lie_inside_or_beside(tmp_path: Path) -> None:
    root = write_pack(tmp_path / "mine", {})
    assert load_pack(root).snippet("a/b") == root / "snippets" / "a" / "b.py"
    (tmp_path / "snippets").mkdir()
    assert load_pack(root).snippets == tmp_path / "snippets"
    (root / "snippets").mkdir()
    assert load_pack(root).snippets == root / "snippets"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("id = ", "not TOML"),
        ('title = "x"', "the pack has no id"),
        ('id = "x"', "the pack has no title"),
        ('id = "X Y"\ntitle = "x"', "is not an id"),
        ('id = "x"\ntitle = "x"\ntracs = []', "unknown key 'tracs'"),
        ('id = "x"\ntitle = "x"\ntracks = 3', "tracks is not a list"),
        ('id = "x"\ntitle = "x"\n[[tracks]]\nid = "a"', "a track without id and title"),
        ('id = "x"\ntitle = "x"\n[requires]\nterms = 3', "requires.terms is not two numbers"),
        ('id = "x"\ntitle = "x"\n[requires]\ncard = 3', "unknown key 'card' in requires"),
    ],
)
def test_a_broken_pack_says_what_is_broken(tmp_path: Path, toml: str, told: str) -> None:
    (tmp_path / "pack.toml").write_text(toml)
    with pytest.raises(PackError, match=told) as caught:
        load_pack(tmp_path)
    assert "pack.toml" in caught.value.where


def test_no_folder_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no such folder"):
        load_pack(tmp_path / "nowhere")
    with pytest.raises(PackError, match="not a pack"):
        load_pack(tmp_path)


def test_all_problems_are_told(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("one = 1\ntwo = 2\n")
    _, problems = read_pack(tmp_path)
    assert len(problems) >= 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_pipes_are_not_opened(tmp_path: Path) -> None:
    root = write_pack(tmp_path / "mine", {"notes/one": ""})
    os.mkfifo(root / "notes" / "two.md")
    assert [entry.name for entry in article_files(root)] == ["one.md"]
    (root / "pack.toml").unlink()
    os.mkfifo(root / "pack.toml")
    with pytest.raises(PackError, match="not a file"):
        load_pack(root)
