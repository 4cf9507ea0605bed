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
_RELATIONS = frozenset("=<>≤≥≠≪≫≈≃≅≡≜∝∼→←↔↦⇒⇔⟹⟺∈∉⊂⊆⊃⊇")
_LOW = re.compile(r"(?<=[^\W_])(_)(?=[\w(])")
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
                tone = f"{style} math{restored}".strip()
                yield from (
                    Span(text, f"{tone} low".strip() if mark else tone, link)
                    for text, mark in _marked(_formula(inline.tex))
                )
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
    return "".join(_kept_together(text))


def _marked(formula: str) -> Iterator[tuple[str, bool]]:
    """A formula in parts, and whether each is only the mark of a script.

    Few letters have a lowered form in Unicode: the others stand after a mark, which is faint, so
    that ``J_f`` reads as J with an f.
    """
    for place, part in enumerate(_LOW.split(formula)):
        if part:
            yield part, place % 2 == 1


def _kept_together(text: str) -> Iterator[str]:
    """A formula that may be broken before its relations, and nowhere in brackets."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        may_break = depth <= 0 and text[place + 1 : place + 2] in _RELATIONS
        yield NO_BREAK if character == " " and not may_break else character
