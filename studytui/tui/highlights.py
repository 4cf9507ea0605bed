"""What is marked in the article that is shown: one object, shared by the page and its prose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Marks:
    """Marks of the reader; the page owns them, prose paints them.

    ``link`` is (part, line of the part, first character, last character not in); ``item`` is
    (part, first line, last line); ``match`` is (part, block, number within the block); ``shift``
    is by how many cells wide blocks are moved to the left. ``taken`` are stretches that are being
    chosen, (part, line, first character, last not in); ``noted`` are the blocks, (part, block),
    beside which something of the reader's own belongs.
    """

    words: str = ""
    match: tuple[int, int, int] | None = None
    link: tuple[int, int, int, int] | None = None
    target: str = ""
    item: tuple[int, int, int] | None = None
    shift: int = 0
    taken: tuple[tuple[int, int, int, int], ...] = ()
    noted: frozenset[tuple[int, int]] = frozenset()

    @property
    def stamp(self) -> tuple[object, ...]:
        """Everything, to be compared: none of it is changed in its place."""
        return (
            *(self.words, self.match, self.link, self.target),
            *(self.item, self.shift, self.taken, self.noted),
        )
