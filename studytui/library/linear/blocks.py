"""Blocks as lines of linear text, each paragraph on one line unless a width is asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import assert_never

from studytui.library import blocks as nodes
from studytui.library.article import Article
from studytui.library.layout.blocks import visible
from studytui.library.layout.flow import story_at
from studytui.library.layout.safe import clean
from studytui.library.layout.sheet import with_title
from studytui.library.linear.characters import undrawn
from studytui.library.linear.words import fragment_words, title_words, words
from studytui.maths import speech

Mark = Callable[[nodes.Block], str]
"""What stands before something that can be done: its number, where it has one."""

_DEEPEST = 24
_NOTES = {"note": "Note", "tip": "Tip", "warning": "Take care", "translator": "Translator's note"}


def article_lines(article: Article, width: int | None = None) -> Iterator[str]:
    """A whole article; what can be done in it stands there with the verb that does it."""
    return linear_lines(with_title(article), width, story=True)


def markdown_lines(markdown: str, width: int | None = None) -> Iterator[str]:
    """A piece of Markdown."""
    from studytui.library.parse.fragment import parse_fragment

    blocks, _, _ = parse_fragment(markdown)
    return linear_lines(blocks, width)


def linear_lines(
    blocks: nodes.Blocks, width: int | None = None, mark: Mark | None = None, *, story: bool = False
) -> Iterator[str]:
    """The lines of some blocks, a blank one between two of them.

    ``width`` breaks them between words. ``story``: it is told where the words written for
    studytui begin.
    """
    said = visible(blocks)
    begins = story_at(said) if story else -1
    first = True
    for index, block in enumerate(said):
        lines = [*_lines(block, mark or _verb, 0)]
        if index == begins:
            lines.insert(0, "From here on: written for studytui.")
        if not lines:
            continue
        if not first:
            yield ""
        first = False
        for line in lines:
            yield from _broken(line, width)


def _broken(line: str, width: int | None) -> Iterator[str]:
    if width is None or len(line) <= width:
        yield line
        return
    lead = line[: len(line) - len(line.lstrip())]
    yield from textwrap.wrap(
        line,
        width,
        subsequent_indent=lead,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def _lines(block: nodes.Block, mark: Mark, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        yield "(and more)"
        return
    match block:
        case nodes.Paragraph():
            yield _restored(block.origin) + words(block.children)
        case nodes.Heading():
            yield f"Heading {block.level}: {words(block.children)}"
        case nodes.MathBlock():
            label = f" {clean(block.label)}" if block.label else ""
            yield f"{_restored(block.origin)}Formula{label}: {speech(block.tex)}"
        case nodes.CodeBlock():
            yield from _listing(block)
        case nodes.ListBlock():
            yield from _list(block, mark, depth)
        case nodes.Table():
            yield from _table(block)
        case nodes.TermsBlock():
            yield f"Terms, {len(block.terms)}:"
            for term in block.terms:
                meaning = fragment_words(term.meaning)
                yield f"{title_words(term.english)}, {clean(term.chinese)}: {meaning}"
        case nodes.Quote():
            yield "Quotation:"
            yield from _inside(block.children, mark, depth)
            yield "End of the quotation."
        case nodes.Note():
            title = words(block.title) or _NOTES.get(block.kind, "Note")
            yield f"{title}:" if title[-1:].isalnum() else title
            yield from _inside(block.children, mark, depth)
            yield "End of the note."
        case nodes.Rule() | nodes.CheckBlock():
            return
        case nodes.Picture():
            told = title_words(block.alternative or block.title or "without a description")
            yield f"Picture: {told} (file {clean(block.source)})"
        case nodes.SnippetBlock() | nodes.DerivationBlock() | nodes.CardBlock():
            yield f"{mark(block)}{thing_words(block)}"
        case nodes.ExerciseBlock():
            yield f"{mark(block)}{thing_words(block)}"
            yield from markdown_lines(block.ask)
        case _:
            assert_never(block)


def thing_words(
    block: nodes.SnippetBlock | nodes.DerivationBlock | nodes.ExerciseBlock | nodes.CardBlock,
) -> str:
    """What can be done, in a few words: ``derivation: Why the first moment is divided``."""
    match block:
        case nodes.SnippetBlock():
            return f"snippet: {title_words(block.caption or block.name)}"
        case nodes.DerivationBlock(source):
            return f"derivation: {fragment_words(source.title)}"
        case nodes.ExerciseBlock():
            return f"exercise: {fragment_words(block.title)}"
        case nodes.CardBlock(card):
            return f"card: {title_words(card.headline)}"
        case _:
            assert_never(block)


def _verb(block: nodes.Block) -> str:
    """For who reads without doing: the command that does it."""
    match block:
        case nodes.SnippetBlock():
            return f"To run (studytui run {block.name}), "
        case nodes.DerivationBlock(source):
            return f"To derive (studytui derive {source.id}), "
        case nodes.ExerciseBlock():
            return f"To write (studytui exercise {block.id}), "
        case nodes.CardBlock():
            return "To answer (studytui review), "
        case _:
            return ""


def _restored(origin: nodes.Origin) -> str:
    return "(restored) " if origin is nodes.Origin.RESTORED else ""


def _inside(blocks: nodes.Blocks, mark: Mark, depth: int) -> Iterator[str]:
    for block in visible(blocks):
        yield from _lines(block, mark, depth + 1)


def _listing(block: nodes.CodeBlock) -> Iterator[str]:
    rows = undrawn(clean(block.code.rstrip("\n"))).split("\n")
    language = f" {clean(block.language)}," if block.language else ""
    yield f"Listing,{language} {len(rows)} line{'s' * (len(rows) != 1)}:"
    yield from rows
    yield "End of the listing."


def _list(block: nodes.ListBlock, mark: Mark, depth: int) -> Iterator[str]:
    for number, item in enumerate(block.items, block.start or 0):
        head = "- " if block.start is None else f"{number}. "
        for line in _inside(item, mark, depth):
            yield head + line
            head = ""


def _table(block: nodes.Table) -> Iterator[str]:
    header = [words(cell) for cell in block.header]
    rows = [[words(cell) for cell in row] for row in block.rows]
    yield from table_words(header, rows)


def table_words(
    header: list[str] | tuple[str, ...], rows: list[list[str]], title: str = ""
) -> Iterator[str]:
    """A table row by row, each cell with the name of its column.

    >>> print(*table_words(["n", "ms"], [["1", "0.3"]]), sep="\\n")
    Table, 2 columns, 1 row.
    Row 1. n: 1; ms: 0.3
    """
    columns = max(map(len, [header, *rows]), default=0)
    many = (f"{columns} column{'s' * (columns != 1)}", f"{len(rows)} row{'s' * (len(rows) != 1)}")
    yield f"Table{f' {title}' if title else ''}, {', '.join(many)}."
    for number, row in enumerate(rows, 1):
        names = [*header, *[""] * (len(row) - len(header))]
        cells = (
            f"{name}: {cell}" if name else cell
            for name, cell in zip(names, row, strict=False)
            if cell
        )
        yield f"Row {number}. {'; '.join(cells)}"
