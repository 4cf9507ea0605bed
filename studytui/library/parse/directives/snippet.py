"""``{snippet} track/name``: a place where a script can be run."""

from __future__ import annotations

import re

from studytui.authoring.fields import Fields
from studytui.authoring.problems import shown
from studytui.authoring.yaml_tree import read_yaml
from studytui.library.blocks import Blocks, SnippetBlock
from studytui.library.parse.context import Context, Directive

NAME = re.compile(r"[a-z0-9_][a-z0-9_-]*(/[a-z0-9_][a-z0-9_-]*)*")


def read_snippet(directive: Directive, context: Context) -> Blocks:
    """A snippet by its path under ``snippets/``, without ``.py``."""
    name = directive.argument
    if not NAME.fullmatch(name):
        context.report.add(
            directive.line,
            f"not the name of a snippet: {shown(name)}" if name else "a snippet has no name",
            "Write its path under snippets/ without .py, as in attention/flash_attention",
        )
        return ()
    node = read_yaml(directive.body, directive.body_line, context.report)
    fields = Fields(node, "the snippet", directive.line, context.report)
    caption = fields.text("caption")
    parameters = fields.pairs("with")
    fields.close()
    return (SnippetBlock(name, parameters, caption, line=directive.line),)
