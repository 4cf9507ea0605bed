"""The reader's own copies of snippets: made, compared with the original, and given up.

A copy remembers which original it was made from (by digest, in a file beside it), so that a change
of the original is noticed. What is given up goes to a file beside it, once, and is not lost.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from studytui.errors import StudyError
from studytui.run.outputs import snippet_folder
from studytui.run.signature import Snippet, read_snippet

ORIGIN = ".origin"
"""Ends the file beside a copy that has the digest of what it was made of."""


class EditError(StudyError):
    """A copy that cannot be made, read or given up."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The reader's copy of a snippet. ``outdated``: the original has changed since it was made."""

    path: Path
    snippet: Snippet
    outdated: bool


class Edits:
    """All copies, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Where the copy of the snippet ``name`` is, or would be."""
        return snippet_folder(self._folder, name).with_suffix(".py")

    def find(self, original: Snippet) -> Copy | None:
        """The reader's copy. Raises SnippetError, with its line, when it is broken."""
        path = self.path(original.name)
        if not path.is_file():
            return None
        copy = read_snippet(path, original.name, original.home)
        return Copy(path, copy, self._origin(path) != original.digest)

    def make(self, original: Snippet) -> Path:
        """The copy's file; made when there is none: of an exercise, with its gaps open."""
        path = self.path(original.name)
        if not path.exists():
            source = original.exercise.copy if original.exercise else original.source
            self.write(original, source)
        return path

    def write(self, original: Snippet, source: str) -> Path:
        """Save ``source`` as the copy; the old one stands until the new one is whole."""
        path = self.path(original.name)
        fresh = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(source, encoding="utf-8")
            if not path.exists():
                self._origin_file(path).write_text(original.digest, encoding="ascii")
            fresh.replace(path)
        except OSError as error:
            raise EditError.of_system(error, "the copy cannot be saved", path) from error
        return path

    def difference(self, original: Snippet) -> str:
        """A unified diff from what the copy was made of; empty when there is none.

        Of an exercise that is the source with its gaps open: the solution is not told.
        """
        path = self.path(original.name)
        try:
            source = path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise EditError.of_system(error, "the copy cannot be read", path) from error
        made_of = original.exercise.copy if original.exercise else original.source
        return "".join(
            line if line.endswith("\n") else line + "\n"
            for line in difflib.unified_diff(
                made_of.splitlines(keepends=True),
                source.splitlines(keepends=True),
                f"{original.name}.py",
                f"{original.name}.py (yours)",
            )
        )

    def give_up(self, original: Snippet) -> Path | None:
        """Back to the original. Returns where the copy was put aside; None when there was none."""
        path = self.path(original.name)
        aside = path.with_suffix(".py.old")
        try:
            path.replace(aside)
            self._origin_file(path).unlink(missing_ok=True)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise EditError.of_system(error, "the copy cannot be put aside", path) from error
        return aside

    def _origin_file(self, path: Path) -> Path:
        return path.with_suffix(ORIGIN)

    def _origin(self, path: Path) -> str:
        try:
            return self._origin_file(path).read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return ""
