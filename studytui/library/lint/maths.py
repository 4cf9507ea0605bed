"""Every formula can be set: none falls back to its TeX."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from studytui import maths
from studytui.authoring.problems import Problem, shown
from studytui.library.blocks import Blocks, Inlines, Math, MathBlock
from studytui.library.lint.checked import Checked
from studytui.library.lint.texts import pieces
from studytui.library.walker import inlines_of, walk


def formulas(blocks: Blocks) -> Iterator[tuple[int, str]]:
    """The TeX of every formula, with its line."""
    for block in walk(blocks):
        if isinstance(block, MathBlock):
            yield block.line, block.tex
        for inlines in inlines_of(block):
            for tex in _inline(inlines):
                yield block.line, tex


def _inline(inlines: Inlines) -> Iterator[str]:
    for inline in inlines:
        if isinstance(inline, Math):
            yield inline.tex
        elif children := getattr(inline, "children", ()):
            yield from _inline(children)


@cache
def _problems(tex: str) -> tuple[str, ...]:
    formula = maths.display(tex)
    if formula.complete and not formula.problems:
        return ()
    return tuple(formula.problems) or ("it falls back to its TeX",)


def typesetting(checked: Checked) -> Iterator[Problem]:
    """Formulas that the typesetter cannot set whole."""
    for parsed in checked.parsed:
        article = parsed.article
        found = list(formulas(article.blocks))
        for piece in pieces(article):
            found += [(piece.line, tex) for _, tex in formulas(piece.blocks)]
        for line, tex in dict.fromkeys(found):
            for problem in _problems(tex):
                what = f"the formula {shown(tex)} cannot be set: {problem}"
                yield Problem(article.path, line, what, "Mend it, or write it another way")
