"""The Markdown parser: CommonMark, tables, strike-through, and the rules of this folder."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import EnvType

from studytui.library.parse.rules import (
    bracket_math,
    colon_fence,
    comment,
    definition_list,
    display_math,
    footnote,
    inline_math,
    role,
    target,
)

MAX_NESTING = 20
"""Lists, quotations and emphasis nested deeper are dropped by markdown-it."""

MAX_CHARACTERS = 5_000
"""Text too long to be a paragraph is not searched for markup: that could take minutes."""


@cache
def _parser() -> MarkdownIt:
    """The one parser. It keeps no state between texts."""
    # HTML is recognised so that it can be told and comments dropped; it is never passed on.
    markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING})
    markdown.enable(["table", "strikethrough"])
    # Joining would hide which dollar was escaped and which stands alone. Inlines are parsed when
    # their block is read: all tokens of a long article at once would keep the collector busy.
    markdown.disable(["text_join", "inline"])
    # Which links lead anywhere is for :mod:`links` to say; here they would silently become text.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    rules = (colon_fence, display_math, target, comment, inline_math, bracket_math, role)
    for rule in (*rules, footnote, definition_list):
        rule.use(markdown)
    return markdown


def block_tokens(text: str) -> tuple[list[Token], EnvType]:
    """The tokens of blocks, their inlines unparsed, and the link definitions that these need."""
    definitions: EnvType = {}
    # A newline at the end keeps every rule clear of the last character.
    return _parser().parse(text + "\n", definitions), definitions


def inline_tokens(text: str, definitions: EnvType) -> list[Token]:
    """The tokens of a paragraph, heading or cell; a text that is too long is a single one."""
    if len(text) > MAX_CHARACTERS:
        return [Token("too_long", "", 0, content=text)]
    tokens: list[Token] = []
    _parser().inline.parse(text, _parser(), definitions, tokens)
    return tokens
