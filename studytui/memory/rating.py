"""The four grades of a review."""

from __future__ import annotations

from enum import IntEnum


class Rating(IntEnum):
    """How well a card was recalled; the number is what journals and Anki keep.

    >>> Rating(1).name, Rating.GOOD > Rating.AGAIN
    ('AGAIN', True)
    """

    AGAIN = 1
    """Forgotten."""
    HARD = 2
    """Known with trouble."""
    GOOD = 3
    """Known."""
    EASY = 4
    """Known at once."""
