"""A formula in words."""

from __future__ import annotations

from functools import lru_cache

from studytui.maths.plain import harmless
from studytui.maths.tree import spoken


@lru_cache(maxsize=1024)
def speech(tex: str) -> str:
    """What a screen reader says in English; the TeX itself where it is not understood."""
    return harmless(spoken(tex) or tex)
