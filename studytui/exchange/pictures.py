"""Pictures of cards on their way out: the files behind the addresses in a note's HTML."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

_SOURCE = re.compile(r'(<img\b[^>]*?\ssrc=")([^"]*)(")')


class PictureFiles:
    """The pictures of a package: files by the name that its notes call them by."""

    def __init__(self) -> None:
        self.files: dict[str, Path] = {}

    def embedded(self, fields: Sequence[str], folder: Path) -> tuple[str, ...]:
        """The fields of a note of an article in ``folder``, with names that Anki knows.

        What is no file in that folder stays as it is.
        """

        def renamed(match: re.Match[str]) -> str:
            path = (folder / unquote(html.unescape(match[2]))).resolve()
            if not path.is_relative_to(folder.resolve()) or not path.is_file():
                return match[0]
            return f"{match[1]}{html.escape(self._name(path))}{match[3]}"

        return tuple(_SOURCE.sub(renamed, field) for field in fields)

    def _name(self, path: Path) -> str:
        """The file's own name, unless another picture has it: Anki keeps all in one folder."""
        name = path.name
        if self.files.get(name, path) != path:
            name = f"{hashlib.sha256(str(path).encode()).hexdigest()[:8]}-{name}"
        self.files[name] = path
        return name
