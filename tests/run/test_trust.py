from __future__ import annotations

import os
from pathlib import Path

import pytest

from studytui.run.signature import read_snippet
from studytui.run.trust import Fingerprint, TrustError, fingerprint, readable


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "main.py"


FILES = {
    "main.py": "import json, helper\nfrom _pack.deep import thing\ndef main(): import late\n",
    "helper.py": "from other import x",
    "other.py": "x = 1",
    "late.py": "",
    "_pack/__init__.py": "",
    "_pack/deep.py": "from . import near\nthing = 1",
    "_pack/near.py": "",
    "unused.py": "def main(): pass",
}


def mark(path: Path) -> Fingerprint:
    return fingerprint(read_snippet(path))


def test_all_that_can_be_imported_is_covered(tmp_path: Path) -> None:
    seen = mark(write(tmp_path, FILES))
    assert seen.files[0].name == "main.py"
    names = {path.relative_to(tmp_path).as_posix() for path in seen.files}
    assert names == set(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_change_of_any_of_them_is_another_fingerprint(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, FILES)
    before = mark(path)
    (tmp_path / name).write_text(FILES[name] + "\n# changed\n")
    assert mark(path).digest != before.digest


@pytest.mark.parametrize("name", ["socketserver.py", "numpy/__init__.py", "deep/er/x.py", "x.pyc"])
def test_a_file_that_appears_is_another_fingerprint(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, FILES)
    before = mark(path)
    write(tmp_path, {name: "print('unseen')"})
    assert mark(path).digest != before.digest


def test_links_change_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "pack", FILES)
    write(tmp_path / "elsewhere", {"far.py": "x = 1", "main.py": ""})
    (tmp_path / "pack" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "pack" / "circle").symlink_to(tmp_path / "pack")
    before = mark(path)
    assert tmp_path / "pack" / "linked" / "far.py" in before.files
    write(tmp_path / "elsewhere", {"far.py": "x = 2"})
    assert mark(path).digest != before.digest


def test_other_files_do_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path, FILES)
    before = mark(path)
    write(tmp_path, {"data.csv": "1,2"})
    os.mkfifo(tmp_path / "pipe.py")
    assert mark(path) == before


def test_bytecode_that_would_run_in_place_of_the_source_counts(tmp_path: Path) -> None:
    path = write(tmp_path, FILES)
    before = mark(path)
    write(tmp_path, {"__pycache__/helper.cpython-311.pyc": "forged"})
    assert mark(path).digest != before.digest
    write(tmp_path, {"_pack/__pycache__/near.cpython-312.pyc": "forged"})
    assert len(mark(path).files) == len(before.files) + 2


def test_contents_cannot_be_moved_between_files(tmp_path: Path) -> None:
    one = mark(write(tmp_path / "1", {"main.py": "import a\ndef main(): pass", "a.py": "xy"}))
    two = mark(write(tmp_path / "2", {"main.py": "import a\ndef main(): pass", "a.py": "x"}))
    assert one.digest != two.digest


def test_a_snippet_that_has_just_changed_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, {"main.py": "import a\ndef main(): pass", "a.py": "def ("})
    snippet = read_snippet(path)
    path.write_text("def main(): import os")
    with pytest.raises(TrustError, match="changed"):
        fingerprint(snippet)


def test_code_is_shown_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes("x = 1  # \x1b[2K\u202e\xff\n".encode())
    assert readable(path) == "x = 1  # \\x1b[2K\\x202eÿ\n"
    (tmp_path / "a.so").write_bytes(b"\x7fELF")
    assert readable(tmp_path / "a.so") == "(4 bytes that are not text)"
