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
task stands there instead; ``check()`` says whether what they wrote is right. A file with several
exercises has a ``check_<function>()`` for each, or one ``check()`` for all. A check that takes a
``seed`` draws its random cases from it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path

from studytui.errors import StudyError

START, SOLUTION, END = "# exercise:", "# solution", "# end"
YOURS = "# Your turn:"
"""What the start's marker becomes in the learner's copy."""


class ExerciseError(StudyError):
    """Markers of an exercise that do not fit together."""


SEEDS = 3
"""Seeds that a reader can meet, from 0: with each of them the author's solution is verified."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap. Lines count from 1: of the task's marker, of the solution's, and of the end's.

    ``owner`` is the function or class at the top of the file that it stands in, if any.
    """

    task: str
    start: int
    solution: int
    end: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A function or class that is an exercise, by itself.

    ``first`` and ``last`` are its lines in the file, decorators and the end's marker included.
    ``draft`` is what the learner begins with, ``solved`` the same with the author's solution, whose
    lines in it (from 1) are the ``solution``. ``check`` is the name of the function that judges it.
    """

    name: str
    first: int
    last: int
    draft: str
    solved: str
    check: str
    solution: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Exercise:
    """The gaps of a snippet, and the learner's first copy of it.

    ``checks`` are the functions that judge it, in the order of the file; each definition with a
    gap can be worked alone.
    """

    gaps: tuple[Gap, ...]
    copy: str
    solution: tuple[str, ...]
    checks: tuple[str, ...]
    definitions: tuple[Definition, ...] = ()

    def definition(self, name: str) -> Definition | None:
        """The function or class ``name``, if it has a gap."""
        return next((each for each in self.definitions if each.name == name), None)


def with_draft(source: str, definition: Definition, draft: str) -> str:
    """The file with the learner's ``draft`` in place of the definition."""
    lines = source.split("\n")
    return "\n".join(
        [*lines[: definition.first - 1], draft.rstrip("\n"), *lines[definition.last :]]
    )


def read_exercise(source: str, tree: ast.Module, path: Path) -> Exercise | None:
    """The exercise of a source, None when it has no gap. Raises :class:`ExerciseError`."""
    lines = source.split("\n")
    gaps = _gaps(lines, path)
    if not gaps:
        return None
    owners = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    gaps = tuple(replace(gap, owner=_owner(gap, owners)) for gap in gaps)
    there = [n.name for n in owners if isinstance(n, ast.FunctionDef)]
    checks = {gap: _check_of(gap, there) for gap in gaps}
    for gap, check in checks.items():
        if not check:
            own = f" or check_{gap.owner}()" if gap.owner else ""
            raise ExerciseError(
                f"an exercise needs a function check(){own}",
                where=f"{path}:{gap.start}",
                todo="Write check(): it asserts what a right answer does.",
            )
    definitions = []
    for node in owners:
        inside = tuple(gap for gap in gaps if gap.owner == node.name)
        if inside:
            definitions.append(_definition(node, lines, inside, checks[inside[0]]))
    return Exercise(
        gaps=gaps,
        copy=_copy(lines, gaps),
        solution=tuple("\n".join(lines[gap.solution : gap.end - 1]) for gap in gaps),
        checks=tuple(name for name in there if name in checks.values()),
        definitions=tuple(definitions),
    )


def _owner(gap: Gap, nodes: list[ast.FunctionDef | ast.ClassDef]) -> str:
    # The end's marker is a comment: it may stand after the last statement of the function.
    inside = (
        node.name
        for node in nodes
        if node.lineno < gap.start and gap.solution < (node.end_lineno or node.lineno)
    )
    return next(inside, "")


def _check_of(gap: Gap, there: list[str]) -> str:
    own = f"check_{gap.owner}"
    return own if gap.owner and own in there else "check" if "check" in there else ""


def _definition(
    node: ast.FunctionDef | ast.ClassDef, lines: list[str], gaps: tuple[Gap, ...], check: str
) -> Definition:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    last = max([node.end_lineno or node.lineno, *(gap.end for gap in gaps)])
    own = lines[first - 1 : last]
    moved = tuple(
        Gap(gap.task, gap.start - first + 1, gap.solution - first + 1, gap.end - first + 1)
        for gap in gaps
    )
    markers = {line for gap in moved for line in (gap.solution, gap.end)}
    kept = [number for number in range(1, len(own) + 1) if number not in markers]
    inside = {line for gap in moved for line in range(gap.solution + 1, gap.end)}
    return Definition(
        node.name,
        first,
        last,
        _copy(own, moved),
        "\n".join(own[number - 1] for number in kept),
        check,
        tuple(place for place, number in enumerate(kept, 1) if number in inside),
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
