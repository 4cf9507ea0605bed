"""The blocks of an article run in one namespace, and what they claim is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.run.child.claims import run_blocks
from studytui.run.claims import RECORDS_FILE, Record, program, read_records


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def records(folder: Path, *blocks: tuple[int, str]) -> list[Record]:
    run_blocks("/notes/one.md", blocks)
    return list(read_records(folder))


def test_values_of_every_kind(folder: Path) -> None:
    code = """import fractions
says("1", 1, 2.5, fractions.Fraction(1, 4))
says("2", [1, (2, 3)], {"a": 4}, range(2))
says("3", np.arange(3.0))
says("4", np.float32(0.5))
"""
    found = records(folder, (10, code))
    assert [(each.kind, each.line) for each in found] == [
        ("says", line) for line in (11, 12, 13, 14)
    ]
    assert [each.values for each in found] == [
        (1, 2.5, 0.25),
        (1, 2, 3, 4, 0, 1),
        (0.0, 1.0, 2.0),
        (0.5,),
    ]


@pytest.mark.parametrize("value", ["True", "None", "'3.2'", "object()", "1j"])
def test_what_is_no_number(folder: Path, value: str) -> None:
    (found,) = records(folder, (10, f"says('3.2', {value})"))
    assert not found.holds
    assert "is no number" in found.computed


def test_values_without_end(folder: Path) -> None:
    (found,) = records(folder, (10, "import itertools\nsays('1', itertools.count())"))
    assert (found.holds, "more than" in found.computed) == (False, True)


def test_shows_looks_at_what_is_printed(folder: Path) -> None:
    good, bad = records(folder, (5, "shows('a  b', ['a b'])\nshows('c', ['a b'])"))
    assert (good.holds, good.computed) == (True, "")
    assert (bad.holds, bad.computed) == (False, "['a b']")


def test_an_assertion_that_fails_tells_both_sides_and_the_rest_still_runs(folder: Path) -> None:
    first, second, third, fourth = records(
        folder, (20, "x = 2\nassert x == 3\nassert x == 2"), (30, "1 / 0\nsays('2', x)")
    )
    assert (first.kind, first.line) == ("error", 21)
    assert first.computed == "assert x == 3: AssertionError: left 2, right 3"
    assert (second.kind, second.line) == ("assert", 22)
    assert (third.line, third.computed) == (30, "1 / 0: ZeroDivisionError: division by zero")
    assert (fourth.line, fourth.values) == (31, (2,))


def test_what_an_assertion_compared_does_not_live_on(folder: Path) -> None:
    code = """import weakref
class Thing: pass
thing = Thing()
seen = weakref.ref(thing)
assert thing == thing
assert thing != thing
del thing
assert seen() is None
"""
    assert [each.holds for each in records(folder, (10, code))] == [True, False, True]


def test_lines_inside_a_loop_and_a_function(folder: Path) -> None:
    code = "def claim(row):\n    says(*row)\n\nfor row in [('1', 1), ('2', 2)]:\n    claim(row)\n"
    assert [each.line for each in records(folder, (40, code))] == [41, 41]


def test_the_program_is_a_snippet(tmp_path: Path) -> None:
    from studytui.run.signature import read_snippet

    path = tmp_path / "checks.py"
    path.write_text(program(Path("/notes/on'e.md"), [(3, 'says("1", "\\n")')]))
    assert read_snippet(path).parameters == ()


@pytest.mark.parametrize("line", ["no json", "[1]", '["says", "x", [], [], "", true]', '{"a": 1}'])
def test_what_was_not_written_by_us_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / RECORDS_FILE).write_text(f"{line}\n")
    with pytest.raises(StudyError, match="cannot be read"):
        read_records(tmp_path)


def test_what_fails_because_of_a_failure_is_not_told_again(folder: Path) -> None:
    code = "import gone as g\nx = g.f()\nfor y in x:\n    pass\nassert y == x\nz\nsays('1', 1)"
    found = records(folder, (10, code))
    assert [(each.kind, each.line) for each in found] == [
        ("error", 10),
        ("error", 15),
        ("says", 16),
    ]
