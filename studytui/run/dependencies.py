"""What a snippet is made of: its source and the helpers that it imports from beside it.

By the digest of these an output is known to be stale. It is no measure of trust: see ``trust``.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

from studytui.authoring.python import syntax_tree
from studytui.run.signature import Snippet

MOST_FILES = 1000


def code_digest(snippet: Snippet) -> str:
    """SHA-256 of the source and its helpers; the source's own where it has none.

    Helpers that cannot be read or parsed count as empty: a run will say what is wrong with them.
    """
    helpers = sorted(_helpers(snippet))
    if not helpers:
        return snippet.digest
    total = hashlib.sha256(snippet.digest.encode())
    for path in helpers:
        raw = _content(path)
        name = path.relative_to(snippet.home).as_posix()
        total.update(f"{len(name)}:{name}:{len(raw)}:".encode() + raw)
    return total.hexdigest()


def _helpers(snippet: Snippet) -> set[Path]:
    found: set[Path] = set()
    waiting = list(_imported(snippet.source.encode(), snippet.home / "_", snippet.home))
    while waiting and len(found) < MOST_FILES:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imported(_content(path), path, snippet.home)
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""


def _imported(raw: bytes, path: Path, home: Path) -> Iterator[Path]:
    """The sources beside a snippet that one names in import statements, wherever they stand."""
    try:
        tree = syntax_tree(raw)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files(home, alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            parts = node.module.split(".") if node.module else []
            levels = path.parents
            start = levels[min(node.level, len(levels)) - 1] if node.level else home
            if start.is_relative_to(home):
                for alias in node.names:
                    yield from _files(start, [*parts, alias.name])


def _files(start: Path, parts: list[str]) -> Iterator[Path]:
    """The sources that an import of ``parts`` under ``start`` runs."""
    folder = start
    for part in parts:
        for path in (folder / f"{part}.py", folder / part / "__init__.py"):
            if path.is_file():
                yield path
        folder = folder / part
