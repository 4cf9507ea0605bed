"""What became of the things that are verified."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one thing that can be verified.

    ``kind`` is derivation, card, claims or snippet. ``verdict`` is the prover's word for a step;
    ``computed`` for an answer; ``ran`` for a program; ``held`` for claims; else what went wrong.
    ``claims`` is how many claims of the prose held; ``kept`` tells that it was shown before, and
    that nothing it depends on has changed since.
    """

    kind: str
    name: str
    article: str
    verdict: str
    ok: bool
    path: Path
    line: int
    seconds: float
    why: str = ""
    claims: int = 0
    kept: bool = False
