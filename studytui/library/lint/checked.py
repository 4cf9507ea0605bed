"""A pack with all its articles read, as the rules see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studytui.authoring.problems import Problem
from studytui.library.pack import Pack
from studytui.library.parse import Parsed


@dataclass(frozen=True, slots=True)
class Checked:
    """One pack; ``others`` are the articles of the packs before it, which it may link to and need.

    ``unreadable`` are the problems of the pack itself and of files that could not be read.
    """

    pack: Pack
    parsed: tuple[Parsed, ...]
    others: tuple[Parsed, ...] = ()
    unreadable: tuple[Problem, ...] = ()

    def find(self, id: str) -> Parsed | None:
        """An article by its id, of this pack or an earlier one."""
        for parsed in (*self.parsed, *self.others):
            if parsed.article.id == id:
                return parsed
        return None


Lint = Callable[[Checked], Iterator[Problem]]
"""A rule: yields what it finds wrong."""


def line_of_key(path: Path, key: str) -> int:
    """The line of a front matter's key, for problems that are found long after parsing."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, 1):
                if line.startswith(f"{key}:"):
                    return number
                if number > 1 and line.startswith("---"):
                    break
    except OSError:
        return 0
    return 0
