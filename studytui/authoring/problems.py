"""What is wrong with content: collected, never only the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in which line (1-based; 0 is the file as a whole), and what to do."""

    path: Path
    line: int
    what: str
    todo: str = ""

    @property
    def where(self) -> str:
        """The place as editors understand it: ``file:line``."""
        return f"{self.path}:{self.line}" if self.line else str(self.path)

    def __str__(self) -> str:
        advice = f" ({self.todo})" if self.todo else ""
        return f"{self.where}: {self.what}{advice}"


class Report:
    """Gathers the problems of one file while it is read. Long floods are cut off, and told."""

    LIMIT = 200

    def __init__(self, path: Path) -> None:
        self.path = path
        self._found: list[Problem] = []
        self._dropped = 0

    def add(self, line: int, what: str, todo: str = "") -> None:
        """Note a problem."""
        if len(self._found) >= self.LIMIT:
            self._dropped += 1
            return
        self._found.append(Problem(self.path, line, what, todo))

    def problems(self) -> tuple[Problem, ...]:
        """All that was noted, in the order of lines, each once."""
        found = sorted(dict.fromkeys(self._found), key=lambda problem: problem.line)
        if self._dropped:
            found.append(Problem(self.path, 0, f"{self._dropped} more problems are not listed"))
        return tuple(found)


def suggest(word: str, known: Sequence[str]) -> str:
    """Advice for a misspelt word: the nearest known one, else all of them."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    return f"known: {', '.join(known)}" if known else ""


def shown(text: str, limit: int = 60) -> str:
    """Text from outside, quoted and cut so that it fits into a message."""
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= limit else f"'{line[: limit - 1]}…'"
