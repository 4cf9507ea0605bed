"""Anki's gaps, ``{{c1::hidden::hint}}``: nested ones and those of several cards too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

_OPENS = re.compile(r"\{\{c(\d{1,3}(?:,\d{1,3})*)::")
_TOKEN = re.compile(rf"{_OPENS.pattern}|\}}\}}")


@dataclass(frozen=True, slots=True)
class Gap:
    """What is hidden from the cards ``numbers``: texts and gaps, and perhaps a hint."""

    numbers: tuple[int, ...]
    parts: tuple[str | Gap, ...]

    @property
    def shown(self) -> str:
        """What is hidden, without hint and without the gaps in it."""
        return _shown(self.parts).split("::")[0]

    @property
    def hint(self) -> str:
        """The hint, or an empty text."""
        return _shown(self.parts).partition("::")[2]


@dataclass(frozen=True, slots=True)
class ClozeText:
    """A text with gaps, as written and as read."""

    source: str
    parts: tuple[str | Gap, ...]

    @property
    def numbers(self) -> frozenset[int]:
        """The cards of the text."""
        return frozenset(chain.from_iterable(gap.numbers for gap in _gaps(self.parts)))

    @property
    def is_plain(self) -> bool:
        """Whether no gap stands in another or belongs to several cards."""
        gaps = list(_gaps(self.parts))
        top = sum(isinstance(part, Gap) for part in self.parts)
        return top == len(gaps) and all(len(gap.numbers) == 1 for gap in gaps)

    def alone(self, number: int) -> str:
        """The text with the gaps of one card only, as its first."""
        return "".join(_alone(part, number) for part in self.parts)


def read_clozes(source: str) -> ClozeText | None:
    """The gaps of a text; None where it has none. What is not closed is text."""
    stack: list[tuple[tuple[int, ...], list[str | Gap], str]] = [((), [], "")]
    place = 0
    for token in _TOKEN.finditer(source):
        stack[-1][1].append(source[place : token.start()])
        place = token.end()
        if token[1]:
            numbers = tuple(sorted(set(map(int, token[1].split(",")))))
            stack.append((numbers, [], token[0]))
        elif len(stack) > 1:
            numbers, parts, _ = stack.pop()
            stack[-1][1].append(Gap(numbers, tuple(parts)))
        else:
            stack[-1][1].append(token[0])
    stack[-1][1].append(source[place:])
    while len(stack) > 1:
        _, parts, opening = stack.pop()
        stack[-1][1].extend((opening, *parts))
    read = ClozeText(source, tuple(stack[0][1]))
    return read if read.numbers else None


def _gaps(parts: tuple[str | Gap, ...]) -> list[Gap]:
    found: list[Gap] = []
    for part in parts:
        if isinstance(part, Gap):
            found += (part, *_gaps(part.parts))
    return found


def _shown(parts: tuple[str | Gap, ...]) -> str:
    return "".join(part.shown if isinstance(part, Gap) else part for part in parts)


def _alone(part: str | Gap, number: int) -> str:
    if isinstance(part, str):
        return part
    if number in part.numbers:
        hint = f"::{part.hint}" if part.hint else ""
        return f"{{{{c1::{part.shown}{hint}}}}}"
    # The hint belongs to the gap that is not asked here.
    inner = "".join(_alone(each, number) for each in part.parts)
    return inner.split("::")[0] if part.hint and "{{c1::" not in inner else inner
