"""The contributor's guide is followed to the letter in a copy: a new verb, and no more."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import shown_change

ROOT = Path(__file__).parents[2]
PART = "A new verb"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which the guide was followed."""
    tree = tmp_path_factory.mktemp("tree")
    unneeded = shutil.ignore_patterns("__pycache__", "shipped")
    for folder in ("studytui", "tests"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=unneeded)
    for folder in ("content", "snippets", "docs"):
        (tree / folder).symlink_to(ROOT / folder)
    shutil.copy(ROOT / "pyproject.toml", tree)
    (tree / "studytui" / "cli" / "marking.py").write_text(
        shown_change.listing(PART, "python"), encoding="utf-8"
    )
    shown_change.make(shown_change.listing(PART, "diff"), tree)
    return tree


def python(tree: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=tree,
        env={
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(tree),
            "STUDYTUI_HOME": str(tree / "home"),
        },
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_it_answers_and_is_told_with_the_others(tree: Path) -> None:
    assert python(tree, "-m", "studytui", "bookmarks") == (1, "No place is marked.\n")
    assert python(tree, "-m", "studytui", "bookmarks", "--json") == (1, "[]\n")
    code, told = python(tree, "-m", "studytui", "--help")
    assert code == 0
    assert "bookmarks" in told


def test_it_is_tried_as_every_verb_is(tree: Path) -> None:
    tests = ("tests/cli/test_plain.py", "tests/test_house.py")
    chosen = "bookmarks or every_verb or start_path or short"
    code, told = python(tree, "-m", "pytest", "-n", "0", "-k", chosen, *tests)
    assert code == 0, told
