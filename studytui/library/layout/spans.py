"""Inlines flattened to spans of one style."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studytui.library.blocks import (
    Break,
    Code,
    Emphasis,
    Inlines,
    Link,
    Math,
    Origin,
    Restored,
    Strike,
    Strong,
    Text,
)
from studytui.library.layout.layout_lines import NO_BREAK, Span
from studytui.library.layout.safe import cells, clean
from studytui.maths import inline as inline_formula

UNBROKEN = 28
"""A formula of at most so many cells is kept on one line."""

_BLANKS = re.compile(r"[ \n]+")
_NOT_AT_RELATION = re.compile(r" (?![=<>≤≥≈≡∝∼→←⇒⇔∈])")
_DEEPEST = 40


def spans(inlines: Inlines, style: str = "", link: str = "", depth: int = 0) -> Iterator[Span]:
    """The spans of some inlines. Spaces that may not be broken at are no-break spaces."""
    if depth > _DEEPEST:
        return
    for inline in inlines:
        match inline:
            case Text():
                yield Span(_BLANKS.sub(" ", clean(inline.text)), style, link)
            case Math():
                restored = " restored" if inline.origin is Origin.RESTORED else ""
                yield Span(_formula(inline.tex), f"{style} math{restored}".strip(), link)
            case Code():
                yield Span(_BLANKS.sub(" ", clean(inline.text)), f"{style} code".strip(), link)
            case Break():
                yield Span("\n")
            case Link():
                inner = f"{style} link".strip()
                yield from spans(inline.children, inner, inline.target, depth + 1)
            case Strong() | Emphasis() | Strike() | Restored():
                name = type(inline).__name__.lower()
                yield from spans(inline.children, f"{style} {name}".strip(), link, depth + 1)


def plain(inlines: Inlines) -> str:
    """The words alone."""
    return "".join(span.text for span in spans(inlines)).replace(NO_BREAK, " ")


def _formula(tex: str) -> str:
    text = _BLANKS.sub(" ", clean(inline_formula(tex)))
    if cells(text) <= UNBROKEN:
        return text.replace(" ", NO_BREAK)
    return _NOT_AT_RELATION.sub(NO_BREAK, text)
