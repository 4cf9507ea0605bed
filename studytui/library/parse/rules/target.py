"""``(anchor)=`` on a line of its own: the anchor of the heading that follows."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

_TARGET = re.compile(r"\(([^()\s]{1,100})\)=[ \t]*")


def target(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule."""
    if state.is_code_block(start):
        return False
    first = state.bMarks[start] + state.tShift[start]
    match = _TARGET.fullmatch(state.src, first, state.eMarks[start])
    if match is None:
        return False
    if not silent:
        state.line = start + 1
        token = state.push("target", "", 0)
        token.content = match[1]
        token.map = [start, start + 1]
    return True


def use(parser: MarkdownIt) -> None:
    """Add the rule."""
    stops: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("hr", "target", target, stops)
