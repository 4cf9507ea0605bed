"""Where a card or a note of the reader's own was made: an article, a heading, the words there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in an article. It is found again by its words, whatever line they stand on by then.

    ``anchor`` is the nearest heading's; ``quote`` is the first words of what was chosen, or the
    head of a live block as its source has it, such as ``{card} adam-t1-step``.
    """

    article: str
    anchor: str = ""
    quote: str = ""

    @property
    def of(self) -> str:
        """``article#anchor``, as links are written."""
        return f"{self.article}#{self.anchor}" if self.anchor else self.article
