"""``$x^2$`` in a line. Code and links inside it are not looked for."""

from __future__ import annotations

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath.index import math_inline_dollar


def use(parser: MarkdownIt) -> None:
    """Add the rule: no blank just inside the dollars, so that prices are left alone."""
    parser.inline.ruler.before("escape", "math_inline", math_inline_dollar(allow_space=False))
