"""``{math}``: display maths as a fence, with ``:label: name`` before it if need be."""

from __future__ import annotations

import re

from studytui.authoring.problems import suggest
from studytui.library.blocks import Blocks, MathBlock
from studytui.library.parse.context import Context, Directive

_OPTION = re.compile(r":(\w+):[ \t]*(.*)\n?")
_OPTIONS = ("label",)


def read_math(directive: Directive, context: Context) -> Blocks:
    """A display formula."""
    body, label, line = directive.body, "", directive.body_line
    while match := _OPTION.match(body):
        if match[1] in _OPTIONS:
            label = match[2].strip()
        else:
            advice = suggest(match[1], _OPTIONS)
            context.report.add(line, f"{{math}} has an unknown option :{match[1]}:", advice)
        body, line = body[match.end() :], line + 1
    tex = "\n".join(part for part in (directive.argument, body.strip()) if part)
    if not tex:
        context.report.add(directive.line, "a formula is empty", "Fill or delete it")
        return ()
    return (MathBlock(tex, label, line=directive.line, origin=context.origin),)
