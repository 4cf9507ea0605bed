"""``{check}``: claims of the prose as a program."""

from __future__ import annotations

from studytui.authoring.problems import shown
from studytui.authoring.python import syntax_problem
from studytui.library.blocks import Blocks, CheckBlock
from studytui.library.parse.context import Context, Directive


def read_check(directive: Directive, context: Context) -> Blocks:
    """Claims; what is not Python is told here, what does not hold by ``studytui verify``."""
    report = context.report
    if directive.argument:
        report.add(directive.line, f"{{check}} takes no argument: {shown(directive.argument)}")
    if not directive.body.strip():
        report.add(directive.line, "{check} is empty", "Fill or delete it")
        return ()
    problem = syntax_problem(directive.body)
    if problem is not None:
        report.add(directive.line + problem.line, f"not Python: {problem.what}", "Mend the line")
    return (CheckBlock(directive.body.rstrip("\n"), line=directive.line),)
