from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from studytui.run.edits import EditError, Edits
from studytui.run.exercise import ExerciseError
from studytui.run.signature import Snippet, SnippetError, read_snippet
from tests.run.conftest import Bench, ended, printed

SOURCE = dedent('''
    """Double a number."""
    def double(x):
        # exercise: double x
        # Think of a sum.
        # solution
        return x + x
        # end

    def check():
        assert double(3) == 6, "double(3) is 6"

    def main(n: int = 2):
        print(double(n))
''').lstrip()


def write(folder: Path, source: str = SOURCE) -> Snippet:
    path = folder / "double.py"
    path.write_text(source, encoding="utf-8")
    return read_snippet(path, "basics/double")


def test_the_copy_has_the_gap_and_not_the_solution(tmp_path: Path) -> None:
    exercise = write(tmp_path).exercise
    assert exercise is not None
    assert [gap.task for gap in exercise.gaps] == ["double x"]
    assert exercise.solution == ("    return x + x",)
    assert "x + x" not in exercise.copy
    assert "    raise NotImplementedError('double x')\n\ndef check" in exercise.copy
    assert "    # Your turn: double x\n    # Think of a sum.\n" in exercise.copy


def test_code_that_is_given_stays(tmp_path: Path) -> None:
    source = SOURCE.replace("    # Think of a sum.", "    y = x")
    exercise = write(tmp_path, source).exercise
    assert exercise is not None
    assert "    y = x\n\ndef check" in exercise.copy
    assert "NotImplementedError" not in exercise.copy


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("def check", "def verify", 3, "needs a function check"),
        ("    # end\n", "", 3, "no end"),
        ("    # solution\n", "", 6, "no solution"),
        ("    # exercise: double x\n", "", 4, "belongs to no exercise"),
        ("    # Think of a sum.", "    # exercise: more", 4, "inside another"),
    ],
)
def test_markers_that_do_not_fit(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(ExerciseError, match=what) as told:
        write(tmp_path, SOURCE.replace(old, new))
    assert told.value.where.endswith(f":{line}")


def test_the_check_judges_the_solution_and_the_copy(bench: Bench, tmp_path: Path) -> None:
    snippet = write(tmp_path)
    events = list(bench.runner.start(snippet, check=("check",)).events())
    assert printed(events) == "The check passed.\n"
    edits = Edits(tmp_path / "edits")
    edits.make(snippet)
    copy = edits.find(snippet)
    assert copy is not None
    events = list(bench.runner.start(copy.snippet, check=("check",)).events())
    assert ended(events).why == "NotImplementedError: double x"
    wrong = copy.path.read_text().replace("raise NotImplementedError('double x')", "return x * 3")
    edits.write(snippet, wrong)
    copy = edits.find(snippet)
    assert copy is not None
    events = list(bench.runner.start(copy.snippet, check=("check",)).events())
    assert ended(events).why == "AssertionError: double(3) is 6"


def test_a_copy_is_compared_and_given_up(tmp_path: Path) -> None:
    snippet = write(tmp_path, "def main(n: int = 1):\n    print(n)\n")
    edits = Edits(tmp_path / "edits")
    assert edits.find(snippet) is None
    assert edits.difference(snippet) == ""
    assert edits.give_up(snippet) is None
    path = edits.make(snippet)
    assert edits.difference(snippet) == ""
    path.write_text("def main(n: int = 1):\n    print(n + 1)\n")
    copy = edits.find(snippet)
    assert copy is not None
    assert not copy.outdated
    assert (copy.snippet.name, copy.snippet.home) == (snippet.name, snippet.home)
    assert "-    print(n)\n+    print(n + 1)\n" in edits.difference(snippet)
    aside = edits.give_up(snippet)
    assert aside is not None
    assert "n + 1" in aside.read_text()
    assert edits.find(snippet) is None


def test_a_change_of_the_original_is_noticed(tmp_path: Path) -> None:
    edits = Edits(tmp_path / "edits")
    edits.make(write(tmp_path))
    copy = edits.find(write(tmp_path, SOURCE + "# more\n"))
    assert copy is not None
    assert copy.outdated


def test_a_broken_copy_is_told_and_stays(tmp_path: Path) -> None:
    snippet = write(tmp_path)
    edits = Edits(tmp_path / "edits")
    edits.write(snippet, "def main(")
    with pytest.raises(SnippetError, match="not Python"):
        edits.find(snippet)
    assert "+def main(" in edits.difference(snippet)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "edits").write_text("a file where the folder should be")
    with pytest.raises(EditError, match="cannot be saved"):
        Edits(tmp_path / "edits").make(write(tmp_path))


def test_the_difference_of_an_exercise_does_not_tell_its_solution(tmp_path: Path) -> None:
    snippet = write(tmp_path)
    edits = Edits(tmp_path / "edits")
    path = edits.make(snippet)
    assert edits.difference(snippet) == ""
    path.write_text(path.read_text("utf-8").replace("raise NotImplementedError", "return 2 or"))
    assert "+    return 2 or" in edits.difference(snippet)
    assert "x + x" not in edits.difference(snippet)
