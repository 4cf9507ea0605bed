from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study import questions
from studytui.study.desk import Desk
from studytui.study.running import Workbench
from studytui.study.verifying import Finding, Verifier
from tests.library.writing import notes

NUMBER = """```{card} c-number
kind: number
ask: "What is {{n}}?"
answer: "%s"
fresh: {n: {integers: [0, 3]}}
```
"""
OUTPUT = "```{card} c-output\nkind: output\ncode: |\n  %s\n```\n"
DERIVATION = """```{derivation} d-sum
title: T
symbols: {x: real}
given: '(x + 1)^2'
goal: 'x^2 + 2*x + 1'
steps:
  - to: 'x^2 + x + x + 1'
  - to: '%s'
```
"""


def findings(root: Path, *names: str, trusted: bool = True, in_use: bool = False) -> list[Finding]:
    home = root.parent / "home"
    where = Directories(home / "data", home / "config", home / "cache")
    with Desk(where, Settings(packs=(str(root),) if in_use else ())) as desk:
        return list(Verifier(desk, [root], names, trusted=trusted).findings(lambda text: None))


def test_answers_are_computed_at_the_ends_of_what_can_be_drawn(tmp_path: Path) -> None:
    (good,) = findings(notes(tmp_path / "good", one=NUMBER % "n + 1"))
    assert (good.ok, good.verdict, good.line) == (True, "computed", 6)
    (bad,) = findings(notes(tmp_path / "bad", one=NUMBER % "1/(3 - n)"))
    assert not bad.ok
    assert "n = 3" in bad.why


def test_programs_are_run_and_must_repeat(tmp_path: Path) -> None:
    (good,) = findings(notes(tmp_path / "good", one=OUTPUT % "print(1 + 1)"))
    assert (good.ok, good.verdict) == (True, "ran")
    (bad,) = findings(notes(tmp_path / "bad", one=OUTPUT % "import time; print(time.time_ns())"))
    assert (bad.ok, bad.why) == (False, "it does not print the same twice")


def test_code_of_others_runs_only_when_trusted(tmp_path: Path) -> None:
    (finding,) = findings(notes(tmp_path / "mine", one=OUTPUT % "print(1)"), trusted=False)
    assert (finding.ok, finding.verdict) == (False, "untrusted")


def test_what_was_trusted_as_it_stands_needs_no_flag(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="```{snippet} notes/a\n```\n\n" + OUTPUT % "print(1)")
    script = root / "snippets" / "notes" / "a.py"
    script.parent.mkdir(parents=True)
    script.write_text("def main() -> None:\n    print(1)\n")
    home = tmp_path / "home"
    where = Directories(home / "data", home / "config", home / "cache")
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert not any(finding.ok for finding in findings(root, trusted=False))
    with Desk(where, Settings(packs=(str(root),))) as desk:
        desk.library.refresh()
        bench = Workbench(desk, lambda: now)
        seen = bench.untrusted(bench.find("notes/a"))
        assert seen is not None
        bench.trust(bench.find("notes/a"), seen)
        questions.trust(desk, questions.question_of(desk, "c-output"), now)
    assert [finding.verdict for finding in findings(root, trusted=False)] == ["ran", "ran"]
    script.write_text("def main() -> None:\n    print(2)\n")
    (elsewhere,) = (finding for finding in findings(root, trusted=False) if not finding.ok)
    assert "studytui trust" not in elsewhere.why  # which would not find it
    found = findings(root, trusted=False, in_use=True)
    changed, card = sorted(found, key=lambda finding: finding.ok)
    assert (changed.verdict, card.verdict) == ("untrusted", "ran")
    assert "studytui trust notes/a" in changed.why


def test_every_step_of_a_derivation_is_proved(tmp_path: Path) -> None:
    good = findings(notes(tmp_path / "good", one=DERIVATION % "x^2 + 2*x + 1"))
    assert [finding.verdict for finding in good] == ["proved"] * len(good)
    assert {finding.line for finding in good} >= {12, 13}
    bad = findings(notes(tmp_path / "bad", one=DERIVATION % "x^2 + 2*x - 1"))
    assert "refuted" in [finding.verdict for finding in bad]
    assert not all(finding.ok for finding in bad)


def test_snippets_are_run(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="```{snippet} notes/a\n```\n\n```{snippet} notes/b\n```\n")
    folder = root / "snippets" / "notes"
    folder.mkdir(parents=True)
    end = '\n\nif __name__ == "__main__":\n    import typer\n\n    typer.run(main)\n'
    (folder / "a.py").write_text("def main() -> None:\n    print(1)\n" + end)
    (folder / "b.py").write_text("def main() -> None:\n    raise ValueError('no')\n" + end)
    good, bad = findings(root)
    assert (good.ok, good.verdict) == (True, "ran")
    assert (bad.ok, bad.why) == (False, "ValueError: no")


def test_the_solution_of_an_exercise_passes_its_check(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one="```{snippet} notes/a\n```\n")
    folder = root / "snippets" / "notes"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text(
        "def half(x):\n    # exercise: halve it\n    # solution\n    return x / 2\n    # end\n\n"
        "def check():\n    assert half(4) == 3\n\ndef main() -> None:\n    print(half(4))\n"
    )
    ran, checked = findings(root)
    assert ran.ok
    assert (checked.ok, checked.name) == (False, "notes/a exercise")


def test_only_what_is_named(tmp_path: Path) -> None:
    root = notes(tmp_path / "mine", one=NUMBER % "n", two=OUTPUT % "print(1)")
    assert [finding.name for finding in findings(root, "two")] == ["c-output"]
    assert [finding.name for finding in findings(root, "c-number")] == ["c-number"]
    with pytest.raises(StudyError, match="nothing to verify called 'three'"):
        findings(root, "one", "three")


def test_a_broken_pack_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no such folder"):
        findings(tmp_path / "nowhere")
