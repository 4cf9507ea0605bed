"""A snippet as its source tells it: read from the syntax tree, never imported.

A snippet is a script with a function ``main`` whose parameters carry types, run by Typer. Beyond
that it may declare, as constants of the module:

``LAUNCH = "torchrun"``
    It is made of ranks, each a process of its own, and is started by ``torchrun``.
``RANKS = 4``
    How many ranks when nothing else is asked for (2 without it).
"""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

from studytui.authoring.python import syntax_tree
from studytui.errors import StudyError
from studytui.run.annotations import read_parameters
from studytui.run.exercise import Exercise, read_exercise
from studytui.run.parameters import Parameter

MAXIMUM_BYTES = 1_000_000


class SnippetError(StudyError):
    """A file that cannot be run as a snippet."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """What is known of a snippet without running it. ``digest`` is the SHA-256 of its bytes.

    ``ranks`` is 0 for a script of one process; else it is started by torchrun with so many.
    ``home`` is the folder that its imports are looked up in first: for an edited copy, the
    original's.
    """

    name: str
    path: Path
    summary: str
    parameters: tuple[Parameter, ...]
    digest: str
    ranks: int = 0
    exercise: Exercise | None = None
    source: str = ""
    home: Path = Path()

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, with dashes or underscores."""
        wanted = name.replace("-", "_")
        return next((each for each in self.parameters if each.name == wanted), None)


def read_snippet(path: Path, name: str = "", home: Path | None = None) -> Snippet:
    """Read the file. ``name`` is ``track/stem``, by default from the path.

    Raises :class:`SnippetError`, with ``file:line``, on a file that is not a snippet.
    """
    path = path.absolute()
    raw = _bytes(path)
    source = _decoded(raw, path)
    try:
        tree = syntax_tree(source, str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = getattr(error, "msg", None) or str(error) or type(error).__name__
        raise SnippetError(
            f"this is not Python: {reason}", where=f"{path}:{line}", todo="Mend the line."
        ) from error
    main = _main(tree, path)
    return Snippet(
        name=name or f"{path.parent.name}/{path.stem}",
        path=path,
        summary=(ast.get_docstring(tree) or "").strip().partition("\n\n")[0].replace("\n", " "),
        parameters=read_parameters(tree, main, path),
        digest=hashlib.sha256(raw).hexdigest(),
        ranks=_ranks(tree, path),
        exercise=read_exercise(source, tree, path),
        source=source,
        home=home or path.parent,
    )


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise SnippetError.of_system(error, "the snippet cannot be read", path) from error
    if len(raw) > MAXIMUM_BYTES:
        raise SnippetError(f"more than {MAXIMUM_BYTES:,} bytes", where=str(path))
    return raw


def _decoded(raw: bytes, path: Path) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SnippetError(
            "this is not UTF-8 text", where=f"{path}:{line}", todo="Save the file as UTF-8."
        ) from error


def _main(tree: ast.Module, path: Path) -> ast.FunctionDef:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "main":
            return node
        if isinstance(node, ast.AsyncFunctionDef) and node.name == "main":
            raise SnippetError("main must not be async", where=f"{path}:{node.lineno}")
    raise SnippetError(
        "there is no function main",
        where=f"{path}:1",
        todo="Write `def main(...)` with typed parameters, and `typer.run(main)` at the end.",
    )


def _ranks(tree: ast.Module, path: Path) -> int:
    constants = {
        target.id: node
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in ("LAUNCH", "RANKS")
    }
    launch = constants.get("LAUNCH")
    if launch is None:
        return 0
    if not (isinstance(launch.value, ast.Constant) and launch.value.value == "torchrun"):
        raise SnippetError('LAUNCH can only be "torchrun"', where=f"{path}:{launch.lineno}")
    ranks = constants.get("RANKS")
    if ranks is None:
        return 2
    value = ranks.value.value if isinstance(ranks.value, ast.Constant) else None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 64:
        raise SnippetError("RANKS is a number from 1 to 64", where=f"{path}:{ranks.lineno}")
    return value
