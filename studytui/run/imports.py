"""What a script imports from the folder beside it, read from its syntax tree.

Finer than what a reader trusts, which is all that lies there: this says what a result depends on.
Where a script may import by other means than an import statement, that is everything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from studytui.authoring.python import syntax_tree

_OTHER_WAYS = frozenset(
    ("__import__", "importlib", "runpy", "exec", "eval", "open", "read_text", "glob", "subprocess")
)


def imported(source: str, home: Path) -> tuple[Path, ...]:
    """The files under ``home`` that a source and those it imports need, in the order of names."""
    found: dict[Path, None] = {}
    waiting = [*_needed(source, home)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = None
            if path.suffix == ".py":
                text = path.read_text(encoding="utf-8", errors="replace")
                waiting += _needed(text, home)
    return tuple(sorted(found))


def _needed(source: str, home: Path) -> Iterator[Path]:
    try:
        tree = syntax_tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # it cannot run, and so cannot import
    names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}
    modules = {name for node in ast.walk(tree) for name in _modules(node)}
    if (names | modules) & _OTHER_WAYS:
        yield from _files(home.rglob("*"))
        return
    for module in modules:
        head = home / module
        if head.is_dir():
            yield from _files(head.rglob("*"))
        yield from _files(home.glob(f"{module}.*"))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for path in paths if path.is_file() and "__pycache__" not in path.parts)


def _modules(node: ast.AST) -> Iterator[str]:
    """The first parts of the names that a statement imports; of a relative one, all that it may."""
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        if node.module:
            yield node.module.partition(".")[0]
        if node.level:
            yield from (alias.name for alias in node.names)
