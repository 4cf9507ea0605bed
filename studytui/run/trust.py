"""What a reader is asked to trust: a snippet's source, with all of its pack that it imports.

Trust is given to the SHA-256 of exactly these files; when one of them changes, it is asked again.
What code imports by other means than an import statement cannot be seen here; that it does so can
be seen in the code.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studytui.errors import StudyError
from studytui.run.signature import Snippet

CODE = (".py", ".so", ".pyd", ".pyc")
FILES_LIMIT = 1000


class TrustError(StudyError):
    """A snippet that may not run, or that cannot be judged."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The ``digest`` over ``files``: the snippet's own first, then those it imports."""

    digest: str
    files: tuple[Path, ...]


def fingerprint(snippet: Snippet) -> Fingerprint:
    """Of the snippet as it stands on the disk. Raises :class:`TrustError` when it changed."""
    found: dict[Path, bytes] = {}
    waiting = [snippet.path]
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found[path] = _content(path)
        if len(found) > FILES_LIMIT:
            raise TrustError(f"it imports more than {FILES_LIMIT} files", where=str(snippet.path))
        if path.suffix == ".py":
            waiting += sorted(_imported(found[path], path, snippet.home))
    total = hashlib.sha256()
    for path, raw in found.items():
        name = path.name if path == snippet.path else _relative(path, snippet.home)
        total.update(f"{len(name)}:{name}:{len(raw)}:".encode() + raw)
    if hashlib.sha256(found[snippet.path]).hexdigest() != snippet.digest:
        raise TrustError("the snippet has changed just now", where=str(snippet.path))
    return Fingerprint(total.hexdigest(), tuple(found))


def _relative(path: Path, home: Path) -> str:
    return path.relative_to(home).as_posix()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TrustError(f"it cannot be read: {error.strerror}", where=str(path)) from error


def _imported(raw: bytes, path: Path, home: Path) -> Iterator[Path]:
    """The files of the pack that a source names in import statements, wherever they stand."""
    try:
        tree = ast.parse(raw)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise TrustError("it imports a file that is not Python", where=str(path)) from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files(home, alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            parts = node.module.split(".") if node.module else []
            start = home
            if node.level:
                levels = path.parents
                start = levels[min(node.level, len(levels)) - 1]
                if not start.is_relative_to(home):
                    continue
                if not parts:
                    yield from _files(start, [])
            for alias in node.names:
                yield from _files(start, [*parts, alias.name])


def _files(start: Path, parts: list[str]) -> Iterator[Path]:
    """The files that an import of ``parts`` under ``start`` runs: a folder counts as a whole."""
    folder = start
    for part in parts:
        if not part.isidentifier():
            return
        for place in (folder, folder / "__pycache__"):
            named = (path for path in place.glob(f"{part}.*") if path.suffix in CODE)
            yield from (path for path in named if path.is_file())
        folder = folder / part
        if not folder.is_dir():
            return
        yield from (path for path in folder.rglob("*") if path.suffix in CODE and path.is_file())


def readable(path: Path) -> str:
    """The code for a person's eyes: what a terminal would act on is shown as it is written."""
    raw = _content(path)
    if path.suffix != ".py":
        return f"({len(raw):,} bytes that are not text)"
    text = raw.decode("utf-8", "replace")
    return "".join(
        character if character.isprintable() or character in "\n\t" else f"\\x{ord(character):02x}"
        for character in text
    )
