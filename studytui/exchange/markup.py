"""Markdown with dollar maths, as articles have it, as the HTML of Anki's fields."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it.token import Token


def to_html(markdown: str) -> str:
    """Markdown as HTML; formulas as ``\\(…\\)`` and ``\\[…\\]``, which Anki's MathJax sets."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def inline(
        renderer: Any, tokens: Sequence[Token], index: int, options: Any, environment: Any
    ) -> str:
        return rf"\({html.escape(tokens[index].content.strip(), quote=False)}\)"

    def block(
        renderer: Any, tokens: Sequence[Token], index: int, options: Any, environment: Any
    ) -> str:
        return f"\\[{html.escape(tokens[index].content.strip(), quote=False)}\\]\n"

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(dollarmath_plugin, allow_digits=True)
    parser.add_render_rule("math_inline", inline)
    parser.add_render_rule("math_block", block)
    text: str = parser.render(markdown)
    return text.strip()
