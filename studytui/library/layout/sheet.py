"""A whole article as lines: its title, and then what it says."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.library.article import Article
from studytui.library.blocks import Blocks, Heading, Origin, Text
from studytui.library.layout.blocks import visible
from studytui.library.layout.flow import lay_out
from studytui.library.layout.restored import marked
from studytui.library.layout.terminal import as_text


def with_title(article: Article) -> Blocks:
    """What a reader sees of an article, after its title if it does not begin with a heading."""
    blocks = visible(article.blocks)
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and first.level == 1:
        return blocks
    origin = first.origin if first else Origin.WRITTEN
    origin = Origin.TRANSLATED if origin is Origin.RESTORED else origin
    return (Heading(1, (Text(article.title),), "top", origin=origin), *blocks)


def printed(article: Article, width: int, *, colour: bool) -> Iterator[str]:
    """The lines of an article for a terminal of some width, or for a pipe."""
    return as_text(lay_out(marked(with_title(article)), width).lines, colour=colour)


def fragment(markdown: str, width: int) -> Iterator[str]:
    """The lines of a piece of Markdown, without colour."""
    from studytui.library.parse.fragment import parse_fragment

    blocks, _, _ = parse_fragment(markdown)
    return as_text(lay_out(blocks, width).lines, colour=False)
