"""The Markdown parser: CommonMark, tables, strike-through, and the rules of this folder."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt

from studytui.library.parse.rules import (
    colon_fence,
    comment,
    display_math,
    inline_math,
    long_text,
    role,
    target,
)

MAX_NESTING = 20
"""Lists, quotations and emphasis nested deeper are dropped by markdown-it."""


@cache
def parser() -> MarkdownIt:
    """The one parser. It keeps no state between texts."""
    # HTML is recognised so that it can be told and comments dropped; it is never passed on.
    markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING})
    markdown.enable(["table", "strikethrough"])
    # Joining would hide which dollar was escaped and which stands alone.
    markdown.disable("text_join")
    # Which links lead anywhere is for :mod:`links` to say; here they would silently become text.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    for rule in (colon_fence, display_math, target, comment, inline_math, role, long_text):
        rule.use(markdown)
    return markdown
