"""What held is not done again, until something that it depends on has changed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.desk import Desk
from studytui.study.verifying import Finding, Verifier, keeping
from tests.library.writing import notes

pytestmark = pytest.mark.xdist_group("keeping")

BODY = """It is 42.

```{check}
from helper import answer
says("42", answer())
```

```{card} c-number
kind: number
ask: "What?"
answer: "1 + 1"
```

```{derivation} d-sum
title: T
symbols: {x: real}
given: '(x + 1)^2'
goal: 'x^2 + 2*x + 1'
steps:
  - to: 'x^2 + 2*x + 1'
```

```{snippet} notes/a
```
"""
END = '\n\nif __name__ == "__main__":\n    main()\n'


def write(folder: Path) -> Path:
    root = notes(folder / "mine", one=BODY)
    snippets = root / "snippets" / "notes"
    snippets.mkdir(parents=True)
    (snippets / "helper.py").write_text("def answer():\n    return 42\n")
    (snippets / "a.py").write_text(f"import helper\n\ndef main() -> None:\n    pass\n{END}")
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path)


def findings(root: Path, **named: bool) -> list[Finding]:
    """By one worker, for each starts a prover; that two work at once is shown in test_pool."""
    home = root.parent / "home"
    where = Directories(home / "data", home / "config", home / "cache")
    with Desk(where, Settings()) as desk:
        verifier = Verifier(desk, [root], trusted=True, workers=1, **named)  # type: ignore[arg-type]
        return list(verifier.findings(lambda text: None))


def kept_in(root: Path) -> Path:
    return root.parent / "home" / "data" / "verified.jsonl"


def done_anew(root: Path, **named: bool) -> set[str]:
    """The kinds of what was not kept; everything holds."""
    found = findings(root, **named)
    assert all(finding.ok for finding in found), found
    return {finding.kind for finding in found if not finding.kept}


ALL = {"claims", "card", "derivation", "snippet"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Finding], Path]:
    """What the first verification found, and the file that it left."""
    root = write(tmp_path_factory.mktemp("first"))
    return findings(root), kept_in(root)


@pytest.fixture
def kept(root: Path, first: tuple[list[Finding], Path]) -> list[Finding]:
    """The same pack after a first verification, whose findings these were."""
    found, file = first
    kept_in(root).parent.mkdir(parents=True)
    shutil.copyfile(file, kept_in(root))
    return found


def test_unchanged_content_is_kept_and_told_the_same(root: Path, kept: list[Finding]) -> None:
    second = findings(root)
    assert {finding.kind for finding in kept} == ALL
    assert not any(finding.kept for finding in kept)
    assert all(finding.kept for finding in second)

    def told(found: list[Finding]) -> list[tuple[object, ...]]:
        return [(f.kind, f.name, f.verdict, f.line, f.why, f.claims) for f in found]

    assert told(kept) == told(second)
    assert done_anew(root, again=True) == ALL


def test_a_new_line_above_moves_what_is_kept(root: Path, kept: list[Finding]) -> None:
    path = root / "notes" / "one.md"
    path.write_text(path.read_text().replace("It is 42.", "It is 42.\n\nAnd more."))
    second = findings(root)
    moved = {finding.name: finding.line for finding in second if finding.kept}
    assert set(moved) == {f.name for f in kept if f.kind != "claims"}
    assert all(moved[f.name] == f.line + 2 for f in kept if f.kind != "claims")


@pytest.mark.parametrize(
    ("name", "old", "new", "kinds"),
    [
        ("notes/one.md", "1 + 1", "1 + 2", {"claims", "card"}),
        ("notes/one.md", "title: T", "title: U", {"claims", "derivation"}),
        ("notes/one.md", "It is", "It was", {"claims"}),
        ("snippets/notes/a.py", "pass", "print(1)", {"snippet"}),
        ("snippets/notes/helper.py", "return 42", "return 42.0", {"claims", "snippet"}),
    ],
)
@pytest.mark.usefixtures("kept")
def test_what_depends_on_a_change_is_done_anew(
    root: Path, name: str, old: str, new: str, kinds: set[str]
) -> None:
    path = root / name
    path.write_text(path.read_text().replace(old, new))
    assert done_anew(root) == kinds
    assert done_anew(root) == set()


@pytest.mark.usefixtures("kept")
def test_other_versions_are_done_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeping.judges.cache_clear()
    monkeypatch.setattr(keeping, "installed", lambda: "torch==9.9")
    assert done_anew(root) == ALL
    keeping.judges.cache_clear()


def test_what_fails_is_never_kept(root: Path) -> None:
    path = root / "notes" / "one.md"
    path.write_text(path.read_text().replace('"42", answer()', '"42", 41'))
    for _ in range(2):
        bad = [finding for finding in findings(root) if finding.kind == "claims"]
        assert [finding.ok for finding in bad] == [False]


DAMAGES = {
    "empty": "",
    "no JSON": "no json",
    "no findings": '["x", 3]',
    "deep": "[" * 100_000,
    "no key": '[["a"]]',
}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_line_takes_no_other_with_it(root: Path, damage: str) -> None:
    file = kept_in(root)
    file.write_text(f"{damage}\n{file.read_text()}")
    assert done_anew(root) == set()


@pytest.mark.usefixtures("kept")
def test_a_damaged_file_is_no_more_than_a_forgotten_one(root: Path) -> None:
    file = kept_in(root)
    text = file.read_text()
    file.write_text("\n".join(DAMAGES.values()))
    assert done_anew(root) == ALL
    file.write_text(text.replace('"ran"', '["ran"').replace('"proved", ', ""))
    assert done_anew(root) == {"derivation", "snippet"}


@pytest.mark.usefixtures("kept")
def test_code_that_is_no_longer_trusted_is_not_kept(root: Path) -> None:
    home = root.parent / "home"
    where = Directories(home / "data", home / "config", home / "cache")
    with Desk(where, Settings()) as desk:
        found = list(Verifier(desk, [root]).findings(lambda text: None))
    assert {f.kind for f in found if f.verdict == "untrusted"} == {"claims", "snippet"}


def test_nothing_stays_in_the_temporary_folder(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = root / "snippets" / "notes" / "a.py"
    leaves = "import tempfile\n    tempfile.mkdtemp(); open(tempfile.mktemp(), 'w').close()"
    script.write_text(script.read_text().replace("pass", leaves))
    empty = tmp_path / "temporary"
    empty.mkdir()
    monkeypatch.setenv("TMPDIR", str(empty))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert done_anew(root) == ALL
    assert list(empty.iterdir()) == []
    assert not (root.parent / "home" / "data" / "outputs").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT of this kind")
def test_who_interrupts_leaves_nothing_behind_either(root: Path, tmp_path: Path) -> None:
    script = root / "snippets" / "notes" / "a.py"
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    waits = f"open({str(begun)!r}, 'w').close(); import time; time.sleep(600)"
    script.write_text(script.read_text().replace("pass", waits))
    empty = tmp_path / "temporary"
    empty.mkdir()
    verify = subprocess.Popen(
        [sys.executable, "-m", "studytui", "verify", "--trust", "--pack", str(root)],
        env={**os.environ, "STUDYTUI_HOME": str(tmp_path / "home"), "TMPDIR": str(empty)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    begun.read_bytes()  # until the snippet has opened it, too
    verify.send_signal(signal.SIGINT)
    _, said = verify.communicate()
    assert verify.returncode == 130
    assert "stopped: at" in said
    assert list(empty.iterdir()) == []
