"""``:::{note} Title`` and its kin."""

from __future__ import annotations

from studytui.library.blocks import Blocks, Note, Origin
from studytui.library.parse.context import Context, Directive
from studytui.library.parse.inlines import read_text

CALLOUTS = ("note", "tip", "warning", "translator")


def read_callout(directive: Directive, context: Context) -> Blocks:
    """A call-out. A translator's remark is never the original's own words."""
    kept = context.origin
    if directive.name == "translator":
        context.origin = Origin.WRITTEN
    title = read_text(directive.argument, directive.line, context) if directive.argument else ()
    children = context.nested(directive.body, directive.body_line, "a call-out")
    origin, context.origin = context.origin, kept
    if not children:
        context.report.add(directive.line, f"a {directive.name} is empty", "Fill or delete it")
        return ()
    return (Note(directive.name, title, children, line=directive.line, origin=origin),)
