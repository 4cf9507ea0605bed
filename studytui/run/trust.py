"""What a reader is asked to trust: a snippet's source, with all that can be imported beside it.

Trust is given to the SHA-256 of exactly these files; when one of them changes, or another appears,
it is asked again. Which of them an import would run does not matter, nor whose import it is: a
library looks for modules too that it can do without.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studytui.errors import StudyError
from studytui.run.signature import Snippet

CODE = (".py", ".so", ".pyd", ".pyc")
FILES_LIMIT = 1000
LARGEST_FILE = 256 * 2**20


class TrustError(StudyError):
    """A snippet that may not run, or that cannot be judged."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The ``digest`` over ``files``: the snippet's own first, then what lies beside it."""

    digest: str
    files: tuple[Path, ...]

    def listing(self) -> str:
        """All the code for a person's eyes, file by file."""
        return "\n".join(f"# {path}\n{readable(path)}" for path in self.files)


def fingerprint(snippet: Snippet) -> Fingerprint:
    """Of the snippet as it stands on the disk. Raises :class:`TrustError` when it changed."""
    found = {snippet.path: _content(snippet.path)}
    for path in importable(snippet.home):
        found.setdefault(path, _content(path))
        if len(found) > FILES_LIMIT:
            raise TrustError(f"more than {FILES_LIMIT} files beside it", where=str(snippet.path))
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
        if path.stat().st_size > LARGEST_FILE:
            raise TrustError("too large to be looked at", where=str(path))
        return path.read_bytes()
    except OSError as error:
        raise TrustError.of_system(error, "it cannot be read", path) from error


def importable(home: Path) -> Iterator[Path]:
    """All files under ``home`` that an import can run, links and what they lead to included."""
    seen: set[str] = set()
    for folder, folders, names in os.walk(home, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in CODE and path.is_file():
                yield path


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
