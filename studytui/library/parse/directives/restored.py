"""``:::{restored}``: blocks of a translation that the original lost."""

from __future__ import annotations

from studytui.authoring.problems import shown
from studytui.library.blocks import Blocks, Origin
from studytui.library.parse.context import Context, Directive


def read_restored(directive: Directive, context: Context) -> Blocks:
    """The blocks inside, marked as restored; they stand in the text as if there were no fence."""
    if directive.argument:
        context.report.add(
            directive.line, f"{{restored}} takes no argument: {shown(directive.argument)}"
        )
    if context.origin is Origin.WRITTEN:
        context.report.add(
            directive.line,
            "{restored} outside the translation",
            "Only what a translation restores is marked so",
        )
    kept = context.origin
    context.origin = Origin.RESTORED
    blocks = context.nested(directive.body, directive.body_line, context.inside)
    context.origin = kept
    if not blocks:
        context.report.add(directive.line, "{restored} is empty", "Fill or delete it")
    return blocks
