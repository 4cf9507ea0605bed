"""Full-text search over articles, cards, derivations and terms, English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from studytui import maths
from studytui.library.pack import Pack
from studytui.store.index import Index
from studytui.store.index_search import CLOSE, OPEN, FoundRow

_MATCH = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}?")
_FORMULA = re.compile(r"\$([^$]+)\$")
_WRITTEN = re.compile(rf"\\([!-/:-@\[-`{{-~])|{_FORMULA.pattern}")
"""An escape or a formula, in what is indexed as its author wrote it: Markdown."""
_AS_WRITTEN = frozenset(("card", "exercise"))

Excerpt = tuple[tuple[str, bool], ...]
"""Pieces of text, each with whether it is what was searched for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was found.

    ``kind`` is text, card, derivation, exercise or term; ``id`` is its own,
    for text the article's. ``heading`` is the path of headings; ``line`` is in the article's file.
    """

    article: str
    title: str
    track: str
    kind: str
    id: str
    anchor: str
    line: int
    heading: Excerpt
    excerpt: Excerpt

    @property
    def snippet(self) -> str:
        """The excerpt as plain text."""
        return "".join(text for text, _ in self.excerpt)


def search(
    index: Index,
    packs: Sequence[Pack],
    words: str,
    track: str = "",
    limit: int = 20,
    spoken: bool = False,
) -> tuple[Hit, ...]:
    """The best passages for ``words``, best first. All words must be there, the last may be begun.

    Nothing that can be typed is an error: what has no words finds nothing. ``spoken``: formulas are
    said in words.
    """
    rows = index.search(words, [str(pack.root) for pack in packs], track, limit)
    return tuple(_hit(row, spoken) for row in rows)


def _hit(row: FoundRow, spoken: bool) -> Hit:
    return Hit(
        article=row.article,
        title=row.title,
        track=row.track,
        kind=row.kind,
        id=row.id,
        anchor=row.anchor,
        line=row.line,
        heading=_pieces(_typeset(row.heading, spoken)),
        excerpt=_pieces(_excerpt(row.kind, " ".join(row.excerpt.split()), spoken)),
    )


def _excerpt(kind: str, text: str, spoken: bool) -> str:
    if kind not in _AS_WRITTEN:
        return _typeset(text, spoken)
    return _WRITTEN.sub(lambda match: match[1] or _formula(match[2], spoken), text)


def _typeset(text: str, spoken: bool) -> str:
    """Whole formulas on their line; one that was found by a name in it is marked as a whole."""
    return _FORMULA.sub(lambda match: _formula(match[1], spoken), text)


@lru_cache(maxsize=1_000)
def _formula(marked: str, spoken: bool) -> str:
    tex = marked.replace(OPEN, "").replace(CLOSE, "")
    line = maths.speech(tex) if spoken else maths.inline(tex)
    return line if tex == marked else f"{OPEN}{line}{CLOSE}"


def _pieces(text: str) -> Excerpt:
    pieces: list[tuple[str, bool]] = []
    position = 0
    for match in _MATCH.finditer(text):
        if match.start() > position:
            pieces.append((text[position : match.start()], False))
        if match[1]:
            pieces.append((match[1], True))
        position = match.end()
    if position < len(text):
        pieces.append((text[position:], False))
    return tuple(pieces)
