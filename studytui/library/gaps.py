"""Gaps of a cloze, ``{{c1::hidden}}`` or ``{{c1::hidden::hint}}``."""

from __future__ import annotations

import re

GAP = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)


def numbers(text: str) -> tuple[int, ...]:
    """The numbers of the gaps, each once, from the least."""
    return tuple(sorted({int(match[1]) for match in GAP.finditer(text)}))


def filled(text: str) -> str:
    """The text with nothing hidden."""
    return GAP.sub(lambda match: match[2], text)
