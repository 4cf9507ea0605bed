"""``{name}`content```: a role, as MyST writes it."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_ROLE = re.compile(r"\{([a-zA-Z][\w-]{0,40})\}(`{1,8})(?!`)")


def role(state: StateInline, silent: bool) -> bool:
    """Inline rule. The content ends at the same number of backticks, neither more nor fewer."""
    match = _ROLE.match(state.src, state.pos)
    if match is None:
        return False
    ticks = match[2]
    end = state.src.find(ticks, match.end())
    while end >= 0 and state.src.startswith("`", end + len(ticks)):
        after = end + len(ticks)
        while state.src.startswith("`", after):
            after += 1
        end = state.src.find(ticks, after)
    if end < 0 or end >= state.posMax:
        return False
    if not silent:
        token = state.push("role", "", 0)
        token.info = match[1]
        token.content = state.src[match.end() : end]
    state.pos = end + len(ticks)
    return True


def use(parser: MarkdownIt) -> None:
    """Add the rule."""
    parser.inline.ruler.before("backticks", "role", role)
