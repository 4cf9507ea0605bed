"""The contributor's guide is followed to the letter in a copy: a new kind of card, and no more."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import shown_change

ROOT = Path(__file__).parents[2]
PART = "A new kind of card"
ROOM = "studytui/cards/statement.py"

ARTICLE = """---
id: zebras
title: Zebras
track: animals
---

Zebras are striped.

```{card} zebra-stripes
kind: statement
statement: A zebra has stripes.
holds: true
why: So has a tiger.
```
"""

ANSWERED_BY_KEYS = """
import asyncio, sys
from pathlib import Path
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.desk import Desk
from studytui.tui.shell import StudyApp
from studytui.tui.screens.review import ReviewScreen
from tests.asked import EVERY_CARD
from tests.tui.waiting import until

async def answered(desk):
    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 24)) as pilot:
        app.start_review("animals")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.shown)
        view = app.screen.view
        await until(pilot, lambda: view.question and view.query("Choices:focus"))
        await pilot.press("1", "enter")
        await until(pilot, lambda: view.is_open)
        print(view.assessment.says)

pack, home = map(Path, sys.argv[1:])
where = Directories(home / "data", home / "config", home / "cache")
with Desk(where, Settings(packs=(str(pack),), review=EVERY_CARD)) as desk:
    desk.library.refresh()
    asyncio.run(answered(desk))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which the guide was followed."""
    tree = tmp_path_factory.mktemp("tree")
    unneeded = shutil.ignore_patterns("__pycache__", "shipped")
    for folder in ("studytui", "tests", "content"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=unneeded)
    (tree / "snippets").symlink_to(ROOT / "snippets")
    shutil.copy(ROOT / "pyproject.toml", tree)
    (tree / ROOM).write_text(shown_change.listing(PART, "python"), encoding="utf-8")
    shown_change.make(shown_change.listing(PART, "diff"), tree)
    authoring = tree / "content" / "AUTHORING.md"
    text = authoring.read_text(encoding="utf-8")
    before, heading, after = text.partition("### Exercise\n")
    assert heading
    authoring.write_text(
        f"{before}{shown_change.listing(PART, 'markdown')}\n{heading}{after}", encoding="utf-8"
    )
    pack = tree / "pack"
    (pack / "animals").mkdir(parents=True)
    (pack / "pack.toml").write_text(
        'id = "zoo"\ntitle = "Zoo"\n[[tracks]]\nid = "animals"\ntitle = "Animals"\n'
    )
    (pack / "animals" / "zebras.md").write_text(ARTICLE)
    (tree / "home" / "config").mkdir(parents=True)
    (tree / "home" / "config" / "settings.toml").write_text(
        f'packs = ["{pack}"]\n[review]\nnew_from = "all"\n'
    )
    return tree


def python(tree: Path, *arguments: str, typed: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        input=typed,
        capture_output=True,
        text=True,
        cwd=tree,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "STUDYTUI_HOME": str(tree / "home")},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def differing(one: Path, other: Path) -> set[str]:
    """The files of ``other`` that are not, or not so, in ``one``."""
    found = filecmp.dircmp(one, other, ignore=["__pycache__", "shipped"])
    names = {*found.right_only, *found.diff_files}
    for name in found.common_dirs:
        names |= {f"{name}/{inner}" for inner in differing(one / name, other / name)}
    return names


def test_a_new_kind_touches_two_files_beside_its_own(tree: Path) -> None:
    changed = {
        f"{folder}/{name}"
        for folder in ("studytui", "content", "tests")
        for name in differing(ROOT / folder, tree / folder)
    }
    assert changed == {ROOM, "studytui/cards/kinds.py", "content/AUTHORING.md"}


def test_it_is_checked_drawn_found_and_exported(tree: Path) -> None:
    assert python(tree, "-m", "studytui", "check", "pack") == "no problems\n"
    assert "A zebra has stripes." in python(tree, "-m", "studytui", "preview", "zebra-stripes")
    assert "zebra-stripes" in python(tree, "-m", "studytui", "search", "stripes")
    assert "A zebra has stripes." in python(tree, "-m", "studytui", "read", "zebras")
    python(tree, "-m", "studytui", "export", "zoo.apkg", "--only", "animals")
    python(tree, "-m", "studytui", "verify", "--pack", "pack")


def test_it_is_reviewed_in_the_shell_and_in_the_interface(tree: Path) -> None:
    pack, home = str(tree / "pack"), str(tree / "home of keys")
    assert "Right." in python(tree, "-c", ANSWERED_BY_KEYS, pack, home)
    said = python(tree, "-m", "studytui", "review", "--track", "animals", typed="2\n1\n")
    assert "It is the other way round." in said


def test_the_guide_for_authors_still_holds(tree: Path) -> None:
    python(
        tree,
        "-m",
        "pytest",
        "-n",
        "0",
        "tests/library/test_authoring.py",
        "tests/cards/test_kinds.py",
    )
