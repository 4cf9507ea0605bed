"""``$x^2$`` in a line, and ``$$x^2$$`` amid words. Code and links inside are not looked for."""

from __future__ import annotations

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath.index import math_inline_dollar


def use(parser: MarkdownIt) -> None:
    """Add the rule: no blank just inside the dollars, so that prices are left alone."""
    rule = math_inline_dollar(allow_space=False, allow_double=True)
    parser.inline.ruler.before("escape", "math_inline", rule)
