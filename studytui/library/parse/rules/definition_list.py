"""A term, and below it its definition after ``: ``."""

from __future__ import annotations

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin


def use(parser: MarkdownIt) -> None:
    """Add the rule."""
    deflist_plugin(parser)
