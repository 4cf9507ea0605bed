"""How far an article has come with the reader."""

from __future__ import annotations

from enum import IntEnum


class Standing(IntEnum):
    """Where an article is in its life with the reader."""

    NEW = 0
    BEGUN = 1
    READ = 2
    WORKED = 3
    """All of it was met, and came back once on a later day: what needs it may begin."""
    OWNED = 4
