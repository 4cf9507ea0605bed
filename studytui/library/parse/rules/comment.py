"""A line that begins with ``%`` is a remark of the author and is dropped."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock


def comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule."""
    if state.is_code_block(start):
        return False
    if not state.src.startswith("%", state.bMarks[start] + state.tShift[start]):
        return False
    if not silent:
        state.line = start + 1
    return True


def use(parser: MarkdownIt) -> None:
    """Add the rule. It does not break a paragraph: ``5\\n% of`` may be two lines of one."""
    parser.block.ruler.before("blockquote", "comment", comment, {"alt": []})
