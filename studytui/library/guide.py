"""The user's guide: Markdown that comes with studytui, in the order of its first page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from studytui.errors import StudyError
from studytui.paths import shipped_guide

CONTENTS, TOUR = "README.md", "tour.md"


@dataclass(frozen=True, slots=True)
class Chapter:
    """``name`` is what one types for it."""

    name: str
    title: str
    path: Path


def chapters() -> tuple[Chapter, ...]:
    """The chapters, the first to be read first."""
    folder = shipped_guide()
    contents = (folder / CONTENTS).read_text(encoding="utf-8")
    return tuple(
        Chapter(name, title, folder / f"{name}.md")
        for title, name in re.findall(r"(?m)^\d+\. \[(.+)\]\(([a-z-]+)\.md\)$", contents)
    )


def chapter(name: str) -> Chapter:
    """The chapter whose name, or the beginning of it, was typed.

    Raises:
        StudyError: There is no such chapter, or more than one.
    """
    found = [each for each in chapters() if each.name.startswith(name)]
    if len(found) != 1:
        names = ", ".join(each.name for each in found or chapters())
        raise StudyError(
            f"there is no chapter {name!r}" if not found else f"{name!r} could be several chapters",
            todo=f"Name one of: {names}",
        )
    return found[0]
