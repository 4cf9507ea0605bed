"""A piece of Markdown that is not an article: the text of a card, a hint, a title."""

from __future__ import annotations

from pathlib import Path

from studytui.authoring.problems import Problem, Report
from studytui.library.blocks import Blocks, Inlines
from studytui.library.parse.blocks import read_blocks
from studytui.library.parse.context import Context, LinkUse
from studytui.library.parse.inlines import read_text
from studytui.library.source import clean


def parse_fragment(
    text: str, path: Path = Path(), line: int = 1
) -> tuple[Blocks, tuple[Problem, ...], tuple[LinkUse, ...]]:
    """The blocks of ``text``, with what is wrong and the links, as if it began at ``line``.

    Directives that the reader acts on do not belong in it and are told.
    """
    context = _context(text, path, line)
    context.inside = "the text of a card"
    return (
        read_blocks("\n".join(context.lines[line - 1 :]), context),
        context.report.problems(),
        tuple(context.links),
    )


def parse_inlines(text: str) -> Inlines:
    """The inlines of a title, an option or another line, whatever may be wrong with them."""
    context = _context(text, Path(), 1)
    return read_text("\n".join(context.lines), 1, context)


def _context(text: str, path: Path, line: int) -> Context:
    report = Report(path)
    # Blank lines before it, so that whoever looks up a line by its number finds it.
    lines = [""] * (line - 1) + clean(text, report).split("\n")
    return Context(
        article=path.stem, report=report, lines=lines, offset=line - 1, read_blocks=read_blocks
    )
