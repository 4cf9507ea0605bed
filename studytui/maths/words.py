"""A formula in words."""

from __future__ import annotations

from functools import lru_cache

from studytui.maths.plain import harmless
from studytui.maths.tree import spoken

LONGEST = 4000
"""Characters that a listener is spared beyond."""


@lru_cache(maxsize=1024)
def speech(tex: str) -> str:
    """What a screen reader says in English; the TeX itself where it is not understood."""
    words = " ".join(harmless(spoken(tex) or tex).split()).replace("to the ⊤", "transpose")
    return words if len(words) <= LONGEST else words[:LONGEST] + " …"
