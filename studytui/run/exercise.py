"""Exercises: a gap that the learner fills, a solution that is hidden, and a check.

In the source of the snippet::

    def merge(m1, l1, m2, l2):
        # exercise: merge the running sums of two blocks
        # The maximum comes first.
        # solution
        m = max(m1, m2)
        return m, l1 * exp(m1 - m) + l2 * exp(m2 - m)
        # end

    def check():
        assert merge(0.0, 1.0, 0.0, 2.0) == (0.0, 3.0)

The file runs as it stands. In the learner's copy the solution is gone, and an error that names the
task stands there instead; ``check()`` says whether what they wrote is right.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from studytui.errors import StudyError

START, SOLUTION, END = "# exercise:", "# solution", "# end"
YOURS = "# Your turn:"
"""What the start's marker becomes in the learner's copy."""


class ExerciseError(StudyError):
    """Markers of an exercise that do not fit together."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap. Lines count from 1: of the task's marker, of the solution's, and of the end's."""

    task: str
    start: int
    solution: int
    end: int


@dataclass(frozen=True, slots=True)
class Exercise:
    """The gaps of a snippet, and the learner's first copy of it."""

    gaps: tuple[Gap, ...]
    copy: str
    solution: tuple[str, ...]


def read_exercise(source: str, tree: ast.Module, path: Path) -> Exercise | None:
    """The exercise of a source, None when it has no gap. Raises :class:`ExerciseError`."""
    lines = source.split("\n")
    gaps = _gaps(lines, path)
    if not gaps:
        return None
    if not any(isinstance(node, ast.FunctionDef) and node.name == "check" for node in tree.body):
        raise ExerciseError(
            "an exercise needs a function check()",
            where=f"{path}:{gaps[0].start}",
            todo="Write check(): it asserts what a right answer does.",
        )
    return Exercise(
        gaps=gaps,
        copy=_copy(lines, gaps),
        solution=tuple("\n".join(lines[gap.solution : gap.end - 1]) for gap in gaps),
    )


def _copy(lines: list[str], gaps: tuple[Gap, ...]) -> str:
    kept: list[str] = []
    after = 0
    for gap in gaps:
        shown = lines[gap.start : gap.solution - 1]
        marker = lines[gap.start - 1]
        indent = marker[: len(marker) - len(marker.lstrip())]
        kept += [*lines[after : gap.start - 1], f"{indent}{YOURS} {gap.task}", *shown]
        if indent and not any(line.strip() and line.strip()[0] != "#" for line in shown):
            kept.append(f"{indent}raise NotImplementedError({gap.task!r})")
        after = gap.end
    return "\n".join(kept + lines[after:])


def _gaps(lines: list[str], path: Path) -> tuple[Gap, ...]:
    gaps: list[Gap] = []
    start = solution = 0
    task = ""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        where = f"{path}:{number}"
        if text.startswith(START):
            if start:
                raise ExerciseError("an exercise begins inside another", where=where)
            start, task = number, text.removeprefix(START).strip()
        elif text == SOLUTION:
            if not start or solution:
                raise ExerciseError("this solution belongs to no exercise", where=where)
            solution = number
        elif text == END and start:
            if not solution:
                raise ExerciseError("this exercise has no solution", where=where)
            gaps.append(Gap(task, start, solution, number))
            start = solution = 0
    if start:
        raise ExerciseError(
            "this exercise has no end", where=f"{path}:{start}", todo="Write `# end` after it."
        )
    return tuple(gaps)
