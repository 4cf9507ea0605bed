"""How a number of things is told: one is told in the singular."""

from __future__ import annotations


def many(count: int, noun: str) -> str:
    """``1 card``, ``2 cards``, ``1,000 entries``; of several words the last one changes."""
    return f"{count:,} {noun if count == 1 else _plural(noun)}"


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "sh", "ch", "x")) else f"{noun}s"
