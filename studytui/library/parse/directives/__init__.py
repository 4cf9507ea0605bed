"""Fences: listings, and directives by name, one a file."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.token import Token

from studytui.authoring.problems import shown, suggest
from studytui.library.blocks import Blocks, CodeBlock
from studytui.library.parse.context import Context, Directive
from studytui.library.parse.directives.annotation import read_annotation
from studytui.library.parse.directives.callout import CALLOUTS, read_callout
from studytui.library.parse.directives.card import read_card
from studytui.library.parse.directives.check import read_check
from studytui.library.parse.directives.derivation import read_derivation
from studytui.library.parse.directives.exercise import read_exercise
from studytui.library.parse.directives.math import read_math
from studytui.library.parse.directives.restored import read_restored
from studytui.library.parse.directives.snippet import read_snippet
from studytui.library.parse.directives.terms import read_terms

LIVE: dict[str, Callable[[Directive, Context], Blocks]] = {
    "snippet": read_snippet,
    "derivation": read_derivation,
    "exercise": read_exercise,
    "check": read_check,
    "card": read_card,
    "terms": read_terms,
    "annotation": read_annotation,
}
"""Directives that do something, for the reader or for ``verify``: at the left margin."""

DIRECTIVES: dict[str, Callable[[Directive, Context], Blocks]] = {
    **LIVE,
    "math": read_math,
    "restored": read_restored,
    **dict.fromkeys(CALLOUTS, read_callout),
}

_HEAD = re.compile(r"\s*\{([^{}\s]{1,40})\}\s*(.*)", re.DOTALL)


def read_fence(token: Token, line: int, context: Context) -> Blocks:
    """The blocks of a fence: a directive when its first line begins with ``{name}``."""
    _check_closed(token, line, context)
    head = _HEAD.fullmatch(token.info)
    if head is None:
        return _listing(token, line, context)
    directive = Directive(head[1], head[2].strip(), token.content, line, line + 1)
    reader = DIRECTIVES.get(directive.name)
    if reader is None:
        advice = suggest(directive.name, tuple(DIRECTIVES))
        context.report.add(line, f"unknown directive {{{directive.name}}}", advice)
        return (CodeBlock(token.content.rstrip("\n"), line=line, origin=context.origin),)
    if directive.name in LIVE and context.inside:
        context.report.add(
            line, f"a {directive.name} inside {context.inside}", "Move it to the left margin"
        )
    return reader(directive, context)


def _listing(token: Token, line: int, context: Context) -> Blocks:
    words = token.info.split()
    if token.type == "colon_fence":
        context.report.add(
            line, f"a fence of colons without a name: {shown(token.info)}", "Write :::{note}"
        )
    language = words[0] if words and not words[0].startswith("{") else ""
    return (CodeBlock(token.content.rstrip("\n"), language, line=line, origin=context.origin),)


def _check_closed(token: Token, line: int, context: Context) -> None:
    if token.map is None:
        return
    last = line + token.map[1] - token.map[0] - 1
    text = context.lines[last - 1] if last <= len(context.lines) else ""
    if last == line or not text.lstrip(" \t>").startswith(token.markup):
        context.report.add(
            line, "a fence is never closed", f"Close it with {token.markup} on a line of its own"
        )
