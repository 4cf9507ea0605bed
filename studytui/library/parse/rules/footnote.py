"""``[^name]`` in a line, and ``[^name]: words`` below it; the words stand at the article's end."""

from __future__ import annotations

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin


def use(parser: MarkdownIt) -> None:
    """Add the rules; definitions stay where they stand, for their lines to be told."""
    footnote_plugin(parser, inline=False, move_to_end=False)
