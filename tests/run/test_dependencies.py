"""An output is stale when its snippet or one of its helpers has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.run.dependencies import code_digest
from studytui.run.signature import read_snippet
from tests.run.test_trust import FILES, write


def digest(path: Path) -> str:
    return code_digest(read_snippet(path))


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_helper_that_changed_makes_it_stale(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, FILES)
    before = digest(path)
    (tmp_path / name).write_text(FILES[name] + "\n# changed\n")
    assert (digest(path) != before) is (name != "unused.py")


def test_a_snippet_without_helpers_is_its_source(tmp_path: Path) -> None:
    path = write(tmp_path, {"main.py": "import json\ndef main(): pass"})
    assert digest(path) == read_snippet(path).digest


def test_a_broken_helper_is_no_error(tmp_path: Path) -> None:
    digest(write(tmp_path, {"main.py": "import a\ndef main(): pass", "a.py": "def ("}))
