"""The contributor's guide is followed to the letter in a copy: a new function, and a new law."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from studytui.derive.functions import table
from tests import shown_change

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "contributing.md"
ASKED = """
from studytui.derive.process.prover import Prover
with Prover(seconds=10) as prover:
    for a, b, domain in (
        ("swish(x)", "x/(1 + exp(-x))", "real"),
        ("diff(silu(x), x)", "sigmoid(x)*(1 + x*(1 - sigmoid(x)))", "real"),
        ("digamma(x + 2)", "digamma(x) + 1/x + 1/(x + 1)", "positive"),
        ("swish(x)", "x/(1 + exp(x))", "real"),
        ("digamma(x + 2)", "digamma(x) + 1/x + 1/(x + 2)", "positive"),
    ):
        print(prover.equal(a, b, {"x": domain}).verdict.value)
"""


def python(tree: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=tree,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(tree)},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which the guide was followed."""
    tree = tmp_path_factory.mktemp("tree")
    unneeded = shutil.ignore_patterns("__pycache__", "shipped")
    for folder in ("studytui", "tests/derive"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=unneeded)
    for name in ("__init__.py", "examples.py"):
        shutil.copy(ROOT / "tests" / name, tree / "tests")
    shutil.copy(ROOT / "pyproject.toml", tree)
    part = GUIDE.read_text(encoding="utf-8").partition("## A new function")[2]
    for found in re.finditer(r"^```diff\n(.*?)^```$", part, re.DOTALL | re.MULTILINE):
        shown_change.make(found[1], tree)
    authoring = (ROOT / "content" / "AUTHORING.md").read_text(encoding="utf-8")
    printed = python(tree, "-c", "from studytui.derive.functions import table; print(table())")
    (tree / "content").mkdir()
    text = authoring.replace(table(), printed.rstrip("\n"))
    (tree / "content" / "AUTHORING.md").write_text(text, encoding="utf-8")
    return tree


def test_a_new_function_touches_its_room_and_a_law_is_a_method(tree: Path) -> None:
    changed = {
        str(path.relative_to(tree))
        for path in (tree / "studytui").rglob("*.py")
        if path.read_bytes() != (ROOT / path.relative_to(tree)).read_bytes()
    }
    assert changed == {
        "studytui/derive/functions/neural.py",
        "studytui/derive/field/functions.py",
    }


def test_it_is_read_computed_differentiated_and_proved(tree: Path) -> None:
    verdicts = python(tree, "-c", ASKED).split()
    assert verdicts == ["proved"] * 3 + ["refuted"] * 2


def test_it_is_asked_every_question(tree: Path) -> None:
    tests = "tests/derive/functions/test_functions.py"
    chosen = "swish or digamma or authors"
    python(tree, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", tests, "-k", chosen)
