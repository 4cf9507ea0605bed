"""``{exercise} track/snippet:function``: a function to be written from memory."""

from __future__ import annotations

import re

from studytui.authoring.fields import Fields
from studytui.authoring.problems import shown
from studytui.authoring.yaml_tree import read_yaml
from studytui.library.blocks import Blocks, ExerciseBlock
from studytui.library.parse.context import Context, Directive
from studytui.library.parse.directives.live import digest_of
from studytui.library.parse.directives.snippet import NAME

_TARGET = re.compile(rf"({NAME.pattern}):([A-Za-z_]\w*)", re.ASCII)


def read_exercise(directive: Directive, context: Context) -> Blocks:
    """An exercise; whether its snippet has such a gap is for ``studytui check`` to say."""
    report = context.report
    target = _TARGET.fullmatch(directive.argument)
    node = read_yaml(directive.body, directive.body_line, report)
    fields = Fields(node, "the exercise", directive.line, report)
    title = fields.text("title", required=True)
    ask = fields.text("ask", required=True)
    hints = fields.texts("hints")
    replaces = fields.text("replaces")
    fields.close()
    if target is None:
        name = directive.argument
        report.add(
            directive.line,
            f"not the name of an exercise: {shown(name)}" if name else "an exercise has no name",
            "Write {exercise} track/snippet:function, as in attention/flash_attention:merge",
        )
        return ()
    first = context.live_ids.setdefault(directive.argument, directive.line)
    if first != directive.line:
        what = f"the exercise '{directive.argument}' stands twice, first in line {first}"
        report.add(directive.line, what, "Delete one")
        return ()
    if not (title and ask):
        return ()
    snippet, _, function = directive.argument.partition(":")
    digest = digest_of(directive)
    block = ExerciseBlock(
        snippet, function, title, ask, hints, digest, replaces, line=directive.line
    )
    return (block,)
