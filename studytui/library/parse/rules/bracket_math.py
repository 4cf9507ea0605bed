r"""``\(x^2\)`` in a line, as LaTeX itself has it.

Without both brackets they are escaped brackets, as in all Markdown. ``\[x^2\]`` is no formula:
square brackets have to be escaped in plain words, and are by whoever writes Markdown.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

OPENING, CLOSING = r"\(", r"\)"
LONGEST = 2_000
"""Characters that are looked at for the other bracket."""


def use(parser: MarkdownIt) -> None:
    """Add the rule, before a backslash escapes what follows it."""
    parser.inline.ruler.before("escape", "bracket_math", bracket_math)


def bracket_math(state: StateInline, silent: bool) -> bool:
    """A formula that begins here."""
    begin = state.pos + len(OPENING)
    if state.src[state.pos : begin] != OPENING:
        return False
    end = state.src.find(CLOSING, begin, min(state.posMax, begin + LONGEST))
    tex = state.src[begin : max(end, begin)].strip()
    if not tex:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = tex, OPENING
    state.pos = end + len(CLOSING)
    return True
