"""All rules over a pack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from studytui.authoring.problems import Problem
from studytui.library.lint.checked import Checked, Lint
from studytui.library.lint.claims import claims
from studytui.library.lint.complete import complete
from studytui.library.lint.files import files
from studytui.library.lint.ids import ids
from studytui.library.lint.links import links
from studytui.library.lint.live import live
from studytui.library.lint.maths import typesetting
from studytui.library.lint.needs import needs
from studytui.library.lint.raw import raw
from studytui.library.lint.shadows import shadows
from studytui.library.pack import article_files, read_pack
from studytui.library.parse import Parsed, parse_file

RULES: tuple[Lint, ...] = (
    ids,
    needs,
    links,
    files,
    live,
    typesetting,
    complete,
    claims,
    shadows,
    raw,
)


def read_all(
    root: Path,
    others: Sequence[Parsed] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """The pack in a folder with every article of it read anew, whatever state it is in."""
    pack, problems = read_pack(root)
    parsed: list[Parsed] = []
    unreadable = list(problems)
    try:
        paths = [Path(file.path) for file in article_files(pack.root)]
    except OSError as error:
        if not problems:
            unreadable.append(Problem(pack.root, 0, f"cannot be read: {error.strerror}"))
        paths = []
    for done, path in enumerate(paths, 1):
        try:
            parsed.append(parse_file(path))
        except OSError as error:
            unreadable.append(Problem(path, 0, f"cannot be read: {error.strerror}"))
        if progress is not None:
            progress(done, len(paths))
    return Checked(pack, tuple(parsed), tuple(others), tuple(unreadable))


def lint(checked: Checked, rules: Iterable[Lint] = RULES) -> tuple[Problem, ...]:
    """Every problem of a pack, by file and line."""
    found = [*checked.unreadable]
    for parsed in checked.parsed:
        found += parsed.problems
    for rule in rules:
        found += rule(checked)
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda problem: (str(problem.path), problem.line)))
