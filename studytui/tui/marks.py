"""What is marked in the article that is shown: one object, shared by the page and its prose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Marks:
    """Marks of the reader; the page owns them, prose paints them.

    ``link`` is (part, line of the part, first character, last character not in); ``item`` is
    (part, first line, last line); ``match`` is (part, block, number within the block); ``shift``
    is by how many cells wide blocks are moved to the left.
    """

    words: str = ""
    match: tuple[int, int, int] | None = None
    link: tuple[int, int, int, int] | None = None
    target: str = ""
    item: tuple[int, int, int] | None = None
    shift: int = 0
