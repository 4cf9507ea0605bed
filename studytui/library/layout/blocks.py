"""One block laid out: which rule sets which kind of block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from studytui.library import blocks as nodes
from studytui.library.layout.formula import formula
from studytui.library.layout.layout_lines import Item, Line, Piece, Segment, Span, indented, stacked
from studytui.library.layout.listing import listing
from studytui.library.layout.safe import cells
from studytui.library.layout.spans import spans
from studytui.library.layout.tables import table, terms
from studytui.library.layout.title import titled
from studytui.library.layout.wrap import wrap

NARROWEST = 16
"""Blocks in lists and quotations are not squeezed below so many cells."""
_DEEPEST = 24
_BULLETS = ("•", "◦", "▪")
_NOTES = {"note": "Note", "tip": "Tip", "warning": "Take care", "translator": "Translator's note"}


def lay_block(block: nodes.Block, width: int, depth: int = 0) -> Piece:
    """The lines of a block at most ``width`` cells wide; only what may scroll can be wider."""
    match block:
        case nodes.Paragraph():
            return _words(block.children, width, block.origin)
        case nodes.Heading():
            return _heading(block, width)
        case nodes.MathBlock():
            restored = "restored" if block.origin is nodes.Origin.RESTORED else ""
            return formula(block.tex, width, block.label, block.line, restored)
        case nodes.CodeBlock():
            return listing(block.code, block.language, width, block.line)
        case nodes.ListBlock():
            return _list(block, width, depth)
        case nodes.Table():
            return table(block, width)
        case nodes.TermsBlock():
            return terms(block, width)
        case nodes.Quote():
            bar = Segment("▎ ", "quote.bar")
            return indented(lay_blocks(block.children, width - 2, depth + 1), bar, bar)
        case nodes.Note():
            return _note(block, width, depth)
        case nodes.Rule():
            third = max(1, width // 3)
            left = (width - third) // 2
            return Piece((Line((Segment(" " * left), Segment("─" * third, "rule")), width),))
        case nodes.Picture():
            return _framed("▦", block.alternative or block.title or "picture", block.source, width)
        case nodes.SnippetBlock():
            return _framed("▶", block.caption or block.name, f"studytui run {block.name}", width)
        case nodes.DerivationBlock(source):
            return _framed("∴", source.title, f"studytui derive {source.id}", width)
        case nodes.ExerciseBlock():
            return _exercise(block, width, depth)
        case nodes.CardBlock(card):
            return _framed("?", card.headline, f"card {card.id}", width)
        case nodes.CheckBlock():
            return Piece(())
        case _:
            assert_never(block)


def visible(blocks: nodes.Blocks) -> nodes.Blocks:
    """The blocks that a reader sees."""
    return tuple(block for block in blocks if not isinstance(block, nodes.CheckBlock))


def lay_blocks(blocks: nodes.Blocks, width: int, depth: int = 0) -> Piece:
    """Blocks one below the other, with the white space that belongs between them."""
    if depth > _DEEPEST:
        return Piece((Line((Segment("…", "faint"),)),))
    width = max(NARROWEST, width)

    def placed() -> Iterator[tuple[int, Piece]]:
        before: nodes.Block | None = None
        for block in visible(blocks):
            yield space_before(block, before), lay_block(block, width, depth)
            before = block

    return stacked(placed())


def space_before(block: nodes.Block, before: nodes.Block | None) -> int:
    """How many blank lines stand between two blocks."""
    if before is None:
        return 0
    if (
        isinstance(block, nodes.Heading)
        and block.level <= 2
        and not isinstance(before, nodes.Heading)
    ):
        return 2
    return 1


def _words(inlines: nodes.Inlines, width: int, origin: nodes.Origin) -> Piece:
    style = "restored" if origin is nodes.Origin.RESTORED else ""
    return Piece(tuple(wrap(spans(inlines, style), width)))


def _heading(block: nodes.Heading, width: int) -> Piece:
    lines = wrap(spans(block.children, f"heading.{block.level}"), width)
    if block.level == 1:
        lines.append(Line((Segment("━" * width, "heading.rule"),), width))
    return Piece(tuple(lines))


def _list(block: nodes.ListBlock, width: int, depth: int) -> Piece:
    last = (block.start or 0) + len(block.items) - 1
    indent = 2 if block.start is None else len(str(last)) + 2
    if width - indent < NARROWEST:
        indent = min(indent, 2)
    loose = any(
        sum(not isinstance(inner, nodes.ListBlock) for inner in item) > 1 for item in block.items
    )

    def placed() -> Iterator[tuple[int, Piece]]:
        for number, item in enumerate(block.items):
            if block.start is None:
                mark = _BULLETS[depth % len(_BULLETS)]
            else:
                mark = f"{block.start + number}."
            head = Segment(f"{mark:<{indent}}"[: max(indent, len(mark) + 1)], "marker")
            inner = _tight(item, width - indent, depth) if not loose else None
            inner = inner or lay_blocks(item, width - indent, depth + 1)
            if not inner.lines:
                inner = Piece((Line(),))
            yield int(loose and number > 0), indented(inner, head, Segment(" " * indent))

    return stacked(placed())


def _tight(item: nodes.Blocks, width: int, depth: int) -> Piece | None:
    """A list item of words and further lists stands without blank lines."""
    if depth >= _DEEPEST:
        return None
    width = max(NARROWEST, width)
    return stacked((0, lay_block(block, width, depth + 1)) for block in visible(item))


def _note(block: nodes.Note, width: int, depth: int) -> Piece:
    kind = block.kind if block.kind in _NOTES else "note"
    bar = Segment("▌ ", f"note.{kind}")
    title = list(spans(block.title, f"note.{kind} strong"))
    head = (
        wrap(title, width - 2) if title else [Line((Segment(_NOTES[kind], f"note.{kind} strong"),))]
    )
    body = lay_blocks(block.children, width - 2, depth + 1)
    return indented(stacked([(0, Piece(tuple(head))), (0, body)]), bar, bar)


def _exercise(block: nodes.ExerciseBlock, width: int, depth: int) -> Piece:
    """What is to be written, and where."""
    from studytui.library.parse.fragment import parse_fragment, parse_inlines

    mark, margin = Segment("✎  ", "stand-in"), Segment("   ", "stand-in")
    head = Piece(tuple(wrap(list(spans(parse_inlines(block.title), "stand-in strong")), width - 3)))
    asked, _, _ = parse_fragment(block.ask, line=block.line)
    command = _plain_span(f"studytui exercise {block.id}", "faint")
    where = Piece(tuple(wrap([command], width - 3)))
    body = lay_blocks(asked, width - 3, depth + 1)
    return indented(stacked([(0, head), (0, body), (1, where)]), mark, margin)


def _framed(mark: str, title: str, detail: str, width: int) -> Piece:
    from studytui.library.parse.fragment import parse_inlines

    head = wrap(list(spans(parse_inlines(title), "stand-in strong")), width - 3)
    tail = wrap([_plain_span(detail, "faint")], width - 3)
    piece = indented(
        Piece((*head, *tail)), Segment(f"{mark}  ", "stand-in"), Segment("   ", "stand-in")
    )
    width_used = max((cells(line.text) for line in piece.lines), default=0)
    return Piece(piece.lines, (Item("picture", 0, 0, detail, 0),) if width_used else ())


def _plain_span(text: str, style: str) -> Span:
    return Span(titled(text), style)
