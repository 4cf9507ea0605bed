"""Text too long to be a paragraph is not searched for markup: that could take minutes."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

MAX_CHARACTERS = 8_000


def inline(state: StateCore) -> None:
    """Core rule in the place of markdown-it's own: long runs become plain text."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if len(token.content) > MAX_CHARACTERS:
            token.children.append(Token("too_long", "", 0, content=token.content))
        else:
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def use(parser: MarkdownIt) -> None:
    """Put the rule in place."""
    parser.core.ruler.at("inline", inline)
