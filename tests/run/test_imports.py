from __future__ import annotations

from pathlib import Path

import pytest

from studytui.run.imports import imported


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, source in {
        "a.py": "import b\n",
        "b.py": "from c.d import e\nimport a\n",
        "c/__init__.py": "",
        "c/d.py": "e = 1\n",
        "other.py": "",
        "broken.py": "import (\n",
        "data.csv": "1\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import os, torch\n", []),
        ("import a\n", ["a.py", "b.py", "c/__init__.py", "c/d.py"]),
        ("def f():\n    from c import d\n", ["c/__init__.py", "c/d.py"]),
        ("from . import other\n", ["other.py"]),
        ("import broken\n", ["broken.py"]),
        ("import (\n", []),
    ],
)
def test_import_statements_are_followed(home: Path, source: str, names: list[str]) -> None:
    assert [path.relative_to(home).as_posix() for path in imported(source, home)] == names


@pytest.mark.parametrize(
    "source", ["import importlib\n", "__import__('a')\n", "open('data.csv')\n", "import runpy\n"]
)
def test_what_may_read_anything_depends_on_everything(home: Path, source: str) -> None:
    assert len(imported(source, home)) == 7
