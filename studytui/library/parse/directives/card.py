"""``{card} id``: the fields that every card has; the rest is read by its kind."""

from __future__ import annotations

from studytui.authoring.fields import Fields
from studytui.authoring.problems import shown, suggest
from studytui.authoring.yaml_tree import read_yaml
from studytui.cards.card import Common
from studytui.cards.kinds import KINDS
from studytui.library.blocks import Blocks, CardBlock
from studytui.library.parse.context import Context, Directive
from studytui.library.parse.directives.live import digest_of, read_citation, read_identifier


def read_card(directive: Directive, context: Context) -> Blocks:
    """A card; one that is not whole is told and left out."""
    report = context.report
    identifier = read_identifier(directive, context)
    node = read_yaml(directive.body, directive.body_line, report)
    fields = Fields(node, "the card", directive.line, report)
    name = fields.text("kind", required=True)
    kind = KINDS.get(name)
    if kind is None:
        if name:
            advice = suggest(name, tuple(KINDS))
            report.add(fields.line_of("kind"), f"unknown kind of card {shown(name)}", advice)
        return ()
    common = Common(
        id=identifier,
        article=context.article,
        line=directive.line,
        hint=fields.text("hint"),
        why=fields.text("why"),
        digest=digest_of(directive),
        probe=fields.flag("probe"),
        tags=fields.texts("tags"),
        cites=read_citation(fields, context),
        replaces=fields.text("replaces"),
    )
    card = kind.read(fields, common)
    fields.close()
    if card is None or not identifier:
        return ()
    return (CardBlock(card, line=directive.line),)
