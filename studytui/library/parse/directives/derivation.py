"""``{derivation} id``: symbols, a first line, a goal, and the steps between."""

from __future__ import annotations

from studytui.authoring.fields import Fields, shape
from studytui.authoring.problems import Report
from studytui.authoring.yaml_tree import Node, Sequence, read_yaml
from studytui.derive.steps.source import DerivationSource, StepSource
from studytui.library.blocks import Blocks, DerivationBlock
from studytui.library.parse.context import Context, Directive
from studytui.library.parse.directives.live import digest_of, read_identifier


def read_derivation(directive: Directive, context: Context) -> Blocks:
    """A derivation as it is written; whether it holds is for the prover to say."""
    report = context.report
    identifier = read_identifier(directive, context)
    node = read_yaml(directive.body, directive.body_line, report)
    fields = Fields(node, "the derivation", directive.line, report)
    title = fields.text("title", required=True)
    symbols = fields.pairs("symbols")
    given = fields.text("given", required=True)
    goal = fields.text("goal", required=True)
    steps = _steps(fields.node("steps", required=True), report)
    facts = fields.texts("facts")
    instance = fields.text("instance")
    replaces = fields.text("replaces")
    fields.close()
    if not (identifier and given and goal and steps):
        return ()
    source = DerivationSource(
        id=identifier,
        article=context.article,
        title=title or identifier,
        symbols=symbols,
        given=given,
        goal=goal,
        steps=steps,
        facts=facts,
        instance=instance,
        line=directive.line,
        digest=digest_of(directive),
        replaces=replaces,
    )
    return (DerivationBlock(source, line=directive.line),)


def _steps(node: Node | None, report: Report) -> tuple[StepSource, ...]:
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        report.add(node.line, f"steps is {shape(node)}, not a list", "Begin each step with - to: …")
        return ()
    steps: list[StepSource] = []
    for item in node.items:
        fields = Fields(item, "the step", item.line, report)
        to = fields.text("to", required=True)
        by = fields.text("by", "equal") or "equal"
        say = fields.text("say")
        key = fields.flag("key")
        hints = fields.texts("hints") + fields.texts("hint")
        if fields.has("hint") and fields.has("hints"):
            report.add(fields.line_of("hint"), "a step has both hint and hints", "Keep hints")
        fields.close()
        steps.append(StepSource(to, by, say, hints, item.line, key))
    if not steps:
        report.add(node.line, "steps is empty", "Give at least one step")
    return tuple(step for step in steps if step.to)
