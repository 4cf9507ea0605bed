r"""Display maths: ``$$ … $$ (label)``, or a bare ``\begin{align} … \end{align}``."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

MAX_LINES = 200
"""A formula that is not closed within so many lines is not one: the search stays linear."""

_CLOSE = re.compile(r"\$\$[ \t]*(?:\(([^()$\s]+)\))?[ \t]*$")
_BEGIN = re.compile(r"\\begin\{((?:align|equation|gather|multline|eqnarray|alignat|flalign)\*?)\}")


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def dollar_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule for ``$$``; blank lines may not stand inside."""
    if state.is_code_block(start) or not state.src.startswith(
        "$$", state.bMarks[start] + state.tShift[start]
    ):
        return False
    collected: list[str] = []
    for line in range(start, min(end, start + MAX_LINES)):
        text = _line(state, line)
        if line == start:
            text = text[2:]
        elif not text.strip() or state.sCount[line] < state.blkIndent:
            return False
        # Most lines have no dollars at all: the pattern need not look at them.
        match = _CLOSE.search(text) if "$$" in text else None
        if match is None:
            if "$$" in text:
                return False
            collected.append(text)
            continue
        if "$$" in text[: match.start()]:
            return False
        if not silent:
            collected.append(text[: match.start()])
            _push(state, start, line + 1, "\n".join(collected), match[1] or "")
        return True
    return False


def environment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule for an environment of amsmath that stands without dollars."""
    if state.is_code_block(start):
        return False
    match = _BEGIN.match(_line(state, start))
    if match is None:
        return False
    close = f"\\end{{{match[1]}}}"
    collected: list[str] = []
    for line in range(start, min(end, start + MAX_LINES)):
        text = _line(state, line)
        if not text.strip():
            return False
        collected.append(text)
        if text.rstrip().endswith(close):
            if not silent:
                _push(state, start, line + 1, "\n".join(collected), "")
            return True
    return False


def _push(state: StateBlock, start: int, end: int, tex: str, label: str) -> None:
    state.line = end
    token = state.push("math_block", "", 0)
    token.block = True
    token.content = tex
    token.info = label
    token.map = [start, end]


def use(parser: MarkdownIt) -> None:
    """Add both rules."""
    stops: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "math_block", dollar_block, stops)
    parser.block.ruler.before("fence", "math_environment", environment_block, stops)
