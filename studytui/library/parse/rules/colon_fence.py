"""``:::{name} title`` … ``:::``: a fence whose content is Markdown again."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

_MARKER = ":"


def colon_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule. An unclosed fence ends with what holds it, as a code fence does."""
    if state.is_code_block(start):
        return False
    length = _marker_length(state, start)
    if length < 3:
        return False
    first = state.bMarks[start] + state.tShift[start]
    information = state.src[first + length : state.eMarks[start]]
    if silent:
        return True
    line = start + 1
    closed = False
    while line < end:
        position = state.bMarks[line] + state.tShift[line]
        if position < state.eMarks[line] and state.sCount[line] < state.blkIndent:
            break
        found = _marker_length(state, line)
        if found >= length and not state.src[position + found : state.eMarks[line]].strip():
            closed = True
            break
        line += 1
    state.line = line + closed
    token = state.push("colon_fence", "", 0)
    token.info = information
    token.content = state.getLines(start + 1, line, state.sCount[start], True)
    token.markup = _MARKER * length
    token.map = [start, state.line]
    return True


def _marker_length(state: StateBlock, line: int) -> int:
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    return len(text) - len(text.lstrip(_MARKER))


def use(parser: MarkdownIt) -> None:
    """Add the rule."""
    stops: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "colon_fence", colon_fence, stops)
