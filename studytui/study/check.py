"""What only the other parts can tell of content: grammar of maths, answers, and snippets.

The library's own rules see the text; these see whether it can be worked with. Nothing is proved and
nothing is run here: that is :mod:`studytui.study.verifying`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from studytui import paths
from studytui.authoring.problems import Problem, shown
from studytui.authoring.python import syntax_tree
from studytui.cards.card import unusable
from studytui.derive.expr.normal_form import same_shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.steps.lines import read_line, read_setting
from studytui.derive.steps.rules import claims_of
from studytui.derive.steps.source import DerivationSource
from studytui.derive.steps.vacuity import alike, vacuities
from studytui.errors import StudyError
from studytui.library.lint import Checked, lint, read_all
from studytui.library.lint.claims import unclaimed_in
from studytui.library.lint.pack import RULES
from studytui.library.pack import PACK_FILE
from studytui.library.parse import Parsed
from studytui.run.arguments import check_all
from studytui.run.signature import Snippet, read_snippet
from studytui.study.targets import Target


def check(
    roots: Sequence[Path],
    progress: Callable[[int, int], None] | None = None,
    *,
    before: Sequence[Parsed] = (),
) -> tuple[Problem, ...]:
    """Everything that is wrong with the packs in ``roots``, each also held against the earlier.

    ``before`` are articles of packs that are not checked, but may be linked to and needed.
    """
    problems: list[Problem] = []
    packs: dict[str, Path] = {}
    for root in roots:
        checked = read_all(root, before, progress)
        first = packs.setdefault(checked.pack.id, root)
        if first != root:
            what = f"the pack's id '{checked.pack.id}' is that of {first} too"
            problems.append(Problem(checked.pack.root / PACK_FILE, 0, what, "Rename one of them"))
        problems += lint(checked, (*RULES, derivations, vacuous, cards, snippets, exercises))
        before = (*before, *checked.parsed)
    return tuple(problems)


def check_targets(
    targets: Sequence[Target], progress: Callable[[int, int], None] | None = None
) -> tuple[Problem, ...]:
    """What is wrong with what was named; articles of the shipped pack may be linked to."""
    roots = tuple(dict.fromkeys(target.root for target in targets))
    shipped = paths.shipped_content().absolute()
    before = () if shipped in roots else read_all(shipped, progress=progress).parsed
    problems = check(roots, progress, before=before)
    whole = {target.root for target in targets if target.file is None}
    files = {target.file for target in targets}
    return tuple(
        problem
        for problem in problems
        if problem.path in files or any(problem.path.is_relative_to(root) for root in whole)
    )


def unclaimed(targets: Sequence[Target]) -> tuple[Problem, ...]:
    """Every number and every name of an API that nothing claims, in what was named."""
    found: list[Problem] = []
    for target in targets:
        checked = read_all(target.root)
        for parsed in checked.parsed:
            if target.file in (None, parsed.article.path):
                found += unclaimed_in(parsed, checked.pack)
    return tuple(dict.fromkeys(found))


def derivations(checked: Checked) -> Iterator[Problem]:
    """Derivations whose symbols, lines or rules cannot be read."""
    for parsed in checked.parsed:
        for source in parsed.article.derivations:
            path = parsed.article.path
            for line, what, error in _unreadable(source):
                yield _problem(path, line, f"{what} of '{source.id}'", error)


def _unreadable(source: DerivationSource) -> Iterator[tuple[int, str, StudyError]]:
    try:
        setting = read_setting(source)
    except StudyError as error:
        yield source.line, "the setting", error
        return
    before = setting.given
    for number, step in enumerate(source.steps, 1):
        try:
            after = read_line(step.to, setting.symbols, before)
        except StudyError as error:
            yield step.line, f"step {number} {shown(step.to)}", error
            continue
        try:
            claims_of(step.by, before, after, setting)
        except StudyError as error:
            yield step.line, f"the rule {shown(step.by)} of step {number}", error
        before = after
    last, goal = source.steps[-1], source.goal
    # A line that goes on with a sign of its own reaches the goal by way of those before it.
    goes_on = last.to.lstrip().startswith(("=", "<", ">", "!"))
    if (
        before is not setting.given
        and not goes_on
        and not same_shape(before.node, setting.goal.node)
    ):
        unlike = StudyError(f"it is not the goal {shown(goal)}", todo=f"Add a last step to: {goal}")
        yield last.line, f"the last step {shown(last.to)}", unlike


def vacuous(checked: Checked) -> Iterator[Problem]:
    """Derivations that can be read, and prove nothing."""
    for parsed in checked.parsed:
        for source in parsed.article.derivations:
            with suppress(ExpressionError):  # told by the rule above
                for found in vacuities(source):
                    yield Problem(parsed.article.path, found.line, found.what, found.todo)
        for found, _ in alike(parsed.article.derivations):
            yield Problem(parsed.article.path, found.line, found.what, found.todo)


def cards(checked: Checked) -> Iterator[Problem]:
    """Cards whose answer cannot be read, or has no value for numbers that can be drawn."""
    for parsed in checked.parsed:
        for card in parsed.article.cards:
            for flaw in card.flaws():
                yield Problem(parsed.article.path, card.line, flaw.what, flaw.todo)


def snippets(checked: Checked) -> Iterator[Problem]:
    """Scripts that cannot be read as snippets, and parameters that they do not take."""
    for parsed in checked.parsed:
        for block in parsed.article.snippets:
            path = checked.pack.snippet(block.name)
            if not path.is_file():
                continue
            try:
                check_all(read_snippet(path, block.name), dict(block.parameters))
            except StudyError as error:
                where = f" ({error.where})" if error.where else ""
                problem = _problem(
                    parsed.article.path, block.line, f"the snippet {block.name}{where}", error
                )
                yield problem


def exercises(checked: Checked) -> Iterator[Problem]:
    """Exercises whose snippet has no such function or class, or no gap in it."""
    for parsed in checked.parsed:
        for block in parsed.article.exercises:
            path = checked.pack.snippet(block.snippet)
            if not path.is_file():
                continue
            try:
                missing = _missing_gap(read_snippet(path, block.snippet), block.function)
            except StudyError as error:
                where = f" ({error.where})" if error.where else ""
                what = f"the snippet {block.snippet}{where}"
                yield _problem(parsed.article.path, block.line, what, error)
                continue
            if missing:
                what = f"{block.snippet} {missing}"
                todo = "Write # exercise: …, # solution and # end inside it"
                yield Problem(parsed.article.path, block.line, what, todo)


def _missing_gap(snippet: Snippet, name: str) -> str:
    """What a snippet lacks to be an exercise in the function or class ``name``; empty: nothing."""
    if snippet.exercise is not None and snippet.exercise.definition(name) is not None:
        return ""
    there = (
        node.name
        for node in syntax_tree(snippet.source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    )
    return f"has no gap in {name}" if name in there else f"has no function or class {name}"


def _problem(path: Path, line: int, what: str, error: StudyError) -> Problem:
    flaw = unusable(what, error)
    return Problem(path, line, flaw.what, flaw.todo)
