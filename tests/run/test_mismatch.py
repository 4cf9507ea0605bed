"""The failing case of an exercise: told in small numbers, whatever the learner's code has made."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import numpy as np
import pytest

from studytui.run.child.values import side_by_side, small
from studytui.run.events import Failed, Mismatch, Value, from_json, to_json
from studytui.run.exercise import with_draft
from studytui.run.runner import Runner
from studytui.run.side_by_side import lines_of
from studytui.run.signature import Snippet, read_snippet

SOURCE = dedent('''
    """Two exercises."""
    def double(x):
        """Twice x."""
        # exercise: double x
        # solution
        return x + x
        # end

    def half(x):
        # exercise: halve x
        # solution
        return x / 2
        # end

    def check_double(seed=0):
        for n in range(seed, seed + 4):
            case = {"x": n}
            came = double(**case)
            should = 2 * n
            assert came == should, f"twice {n}"

    def check_half():
        assert half(3) == 1.5, "half of 3"

    def main(n: int = 2):
        print(double(n))
''').lstrip()


def texts(values: tuple[Value, ...]) -> list[list[list[str]]]:
    return [[[text + "*" * marked for text, marked in row] for row in v.rows] for v in values]


def drafted(folder: Path, body: str, function: str = "double") -> Snippet:
    """The snippet with ``body`` as the learner's function."""
    path = folder / "two.py"
    path.write_text(SOURCE, encoding="utf-8")
    exercise = read_snippet(path).exercise
    assert exercise is not None
    definition = exercise.definition(function)
    assert definition is not None
    draft = f"def {function}(x):\n{indent(dedent(body).strip(), '    ')}\n"
    path.write_text(with_draft(SOURCE, definition, draft), encoding="utf-8")
    return read_snippet(path)


def judged(runner: Runner, folder: Path, body: str, **named: Any) -> tuple[Mismatch, Failed]:
    events = list(runner.start(drafted(folder, body), check=("check_double",), **named).events())
    (mismatch,) = (event for event in events if isinstance(event, Mismatch))
    (failed,) = (event for event in events if isinstance(event, Failed))
    return mismatch, failed


def test_only_the_gap_of_the_function_that_is_asked_is_open(tmp_path: Path) -> None:
    path = tmp_path / "two.py"
    path.write_text(SOURCE, encoding="utf-8")
    exercise = read_snippet(path).exercise
    assert exercise is not None
    assert exercise.checks == ("check_double", "check_half")
    double, half = exercise.definitions
    assert (double.check, half.check) == ("check_double", "check_half")
    assert double.draft.startswith('def double(x):\n    """Twice x."""\n    # Your turn: double x')
    assert "x + x" not in double.draft
    assert "half" not in double.draft
    assert double.solved.endswith("    return x + x")
    opened = with_draft(SOURCE, double, double.draft)
    assert "x + x" not in opened
    assert "return x / 2" in opened
    assert with_draft(SOURCE, half, half.solved).count("\n# end") == 0


def test_the_first_failing_case_comes_with_its_numbers_and_lines(
    runner: Runner, tmp_path: Path
) -> None:
    told, failed = judged(runner, tmp_path, "return x * x")
    assert told.message == "twice 1"
    assert texts(told.case) == [[["1"]]]
    assert told.case[0].name == "x"
    assert (texts(told.came), texts(told.should)) == ([[["1*"]]], [[["2*"]]])
    assert [line for _, line in told.code] == ['assert came == should, f"twice {n}"']
    assert failed.kind == "AssertionError"


def test_a_check_draws_from_each_seed(runner: Runner, tmp_path: Path) -> None:
    told, _ = judged(runner, tmp_path, "return 2 * x if x < 5 else 0", seeds=(0, 1, 7))
    assert told.message == "twice 7"


def test_an_error_inside_the_learners_function_has_its_own_line(
    runner: Runner, tmp_path: Path
) -> None:
    told, failed = judged(runner, tmp_path, "y = x - 1\nreturn 1 / y if x else 0")
    assert told.message == "ZeroDivisionError: division by zero"
    assert texts(told.case) == [[["1"]]]
    assert (told.came, told.should) == ((), ())
    assert told.code[-1] == (failed.line, "return 1 / y if x else 0")


def test_an_assertion_of_the_learners_own_is_not_the_checks(runner: Runner, tmp_path: Path) -> None:
    told, _ = judged(runner, tmp_path, "assert x < 1\nreturn 2 * x")
    assert told.message == "AssertionError: "
    assert (told.came, told.should) == ((), ())


def test_what_a_value_would_do_to_a_terminal_is_reduced(runner: Runner, tmp_path: Path) -> None:
    told, failed = judged(
        runner,
        tmp_path,
        r"""
        class Bad:
            def __repr__(self):
                return "\x1b]0;title\x07" + 10**6 * "x"
        return Bad()
        """,
    )
    assert "\x1b" not in to_json(told) + to_json(failed)
    assert "\\u001b" not in to_json(told)
    assert len(to_json(told)) < 3000


def test_a_repr_that_does_not_end_is_not_waited_for(runner: Runner, tmp_path: Path) -> None:
    told, _ = judged(
        runner,
        tmp_path,
        """
        class Endless:
            def __repr__(self):
                while True:
                    pass
        return Endless()
        """,
    )
    assert told.message == "twice 0"
    assert texts(told.case) == [[["0"]]]


@pytest.mark.parametrize(
    ("came", "should", "left", "right"),
    [
        (1, 2, [[["1*"]]], [[["2*"]]]),
        (0.1 + 0.2, 0.3, [[["0.30000000000000004*"]]], [[["0.29999999999999999*"]]]),
        (1.00001, 1.0, [[["1.00001*"]]], [[["1.0*"]]]),
        (float("nan"), 1.0, [[["nan*"]]], [[["1.0*"]]]),
        ([1, 2, 3], [1, 5, 3], [[["1", "2*", "3"]]], [[["1", "5*", "3"]]]),
        ("a\nb", "a\nc", [[["a"], ["b*"]]], [[["a"], ["c*"]]]),
        (None, 3, [[["None*"]]], [[["3*"]]]),
        ({"m": 1, "l": 2}, {"m": 1, "l": 3}, [[["1"]], [["2*"]]], [[["1"]], [["3*"]]]),
        ((1, "x"), (2, "x"), [[["1*"]], [["x"]]], [[["2*"]], [["x"]]]),
    ],
)
def test_places_that_differ_are_marked(
    came: Any, should: Any, left: list[Any], right: list[Any]
) -> None:
    one, other = side_by_side(came, should)
    assert (texts(one), texts(other)) == (left, right)


def test_an_array_is_cut_in_the_middle_and_shows_where_it_differs() -> None:
    should = np.zeros((30, 40))
    came = should.copy()
    came[17, 21] = 1
    (one,), (other,) = side_by_side(came, should)
    assert one.note == other.note == "float64, 30 x 40"
    assert sum(text == "1.0" and marked for row in one.rows for text, marked in row) == 1
    assert max(map(len, one.rows)) <= 12
    assert len(one.rows) <= 12
    assert (small(np.zeros((3, 0)))[0].note) == "float64, empty, 3 x 0"
    assert small(np.zeros(100_000))[0].note == "float64, 100000"


def test_other_shapes_are_told() -> None:
    (one,), (other,) = side_by_side(np.zeros(3), np.zeros((3, 1)))
    assert (one.note, other.note) == ("float64, 3", "float64, 3 x 1")


class Hostile:
    """Whatever is asked of it raises."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("no")


def test_a_value_that_raises_is_told_as_such() -> None:
    (one,), _ = side_by_side(Hostile(), 1)
    assert one.rows[0][0][0].startswith("<")


def test_the_lines_go_side_by_side_where_there_is_room() -> None:
    one, other = side_by_side([1.0, 2.5], [1.0, 2.0])
    told = Mismatch("wrong", small({"n": 2}), one, other)
    wide = ["".join(text for text, _ in line).rstrip() for line in lines_of(told, 60)]
    assert wide == ["for n = 2", "", "came          should be", "1.0  2.5*     1.0  2.0*"]
    narrow = ["".join(text for text, _ in line).rstrip() for line in lines_of(told, 18)]
    assert narrow[2:] == ["came", "1.0  2.5*", "should be", "1.0  2.0*"]
    assert all(len(line) <= 18 for line in narrow)


def test_an_event_of_another_make_is_refused() -> None:
    fields = json.loads(to_json(Mismatch("m", small(1), small(1), small(2), ((3, "x"),))))
    assert isinstance(from_json(json.dumps(fields)), Mismatch)
    for name, value in (("case", [{"name": "x"}]), ("code", [[1]]), ("came", 3)):
        with pytest.raises(ValueError, match=r"."):
            from_json(json.dumps(fields | {name: value}))


def test_no_error_message_steers_a_terminal(runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "hostile.py"
    path.write_text('def main():\n    raise ValueError("\\x1b]0;title\\x07")\nmain()\n')
    events = list(runner.start(read_snippet(path)).events())
    (failed,) = (event for event in events if isinstance(event, Failed))
    assert "\x1b" not in failed.message + failed.traceback
    assert "\x1b" not in events[-1].why  # type: ignore[union-attr]
