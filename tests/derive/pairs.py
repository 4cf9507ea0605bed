"""The corpus: pairs of expressions with what is true of them, as a person wrote them down."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.examples import chance

FOLDER = Path(__file__).parent / "corpus"


@dataclass(frozen=True, slots=True)
class Pair:
    topic: str
    line: int
    same: bool
    a: str
    b: str
    syntax: str
    assumptions: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.topic}:{self.line}"


def corpus(topics: tuple[str, ...] = ()) -> tuple[Pair, ...]:
    files = sorted(FOLDER.glob("*.md"))
    return tuple(
        pair for file in files if not topics or file.stem in topics for pair in _read(file)
    )


def sample(pairs: Sequence[Pair], most: int) -> tuple[Pair, ...]:
    """At most so many of some pairs, by chance and in their order: the same in every run of the
    suite, others for each number of ``STUDYTUI_FUZZ``; all where ``CORPUS=whole`` is set."""
    if len(pairs) <= most or os.environ.get("CORPUS") == "whole":
        return tuple(pairs)
    chosen = random.Random(chance(15)).sample(range(len(pairs)), most)
    return tuple(pairs[place] for place in sorted(chosen))


def _read(file: Path) -> Iterator[Pair]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        word, _, rest = line.partition(" ")
        if word not in ("same", "other"):
            continue
        sides, *assumed = (part.strip() for part in rest.split(";"))
        syntax = "latex" if sides.startswith("latex:") else "ascii"
        a, b = (side.strip() for side in sides.removeprefix("latex:").split(" ~ "))
        pairs = (text.split(":", 1) for text in assumed)
        assumptions = tuple((name.strip(), domain.strip()) for name, domain in pairs)
        yield Pair(file.stem, number, word == "same", a, b, syntax, assumptions)
