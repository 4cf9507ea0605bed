"""``{terms}``: the table of terms, Chinese and English."""

from __future__ import annotations

from studytui.authoring.fields import Fields
from studytui.authoring.yaml_tree import Sequence, read_yaml
from studytui.library.blocks import Blocks, Term, TermsBlock
from studytui.library.parse.context import Context, Directive
from studytui.library.parse.front_matter import check_identifier


def read_terms(directive: Directive, context: Context) -> Blocks:
    """The terms of an article; a term that is not whole is told and left out.

    The argument names the article whose terms a reader's own versions stand in for.
    """
    report = context.report
    of = directive.argument
    if of and not check_identifier(of, "the article of the terms", directive.line, report):
        return ()
    if context.live_ids.setdefault("{terms}", directive.line) != directive.line:
        report.add(
            directive.line,
            f"a second {{terms}} block, the first is in line {context.live_ids['{terms}']}",
            "Put all terms into one",
        )
        return ()
    node = read_yaml(directive.body, directive.body_line, report)
    if not isinstance(node, Sequence):
        if node is not None:
            report.add(directive.line, "{terms} is not a list", "Begin each term with - {id: …")
        return ()
    terms: dict[str, Term] = {}
    for item in node.items:
        fields = Fields(item, "the term", item.line, report)
        identifier = fields.text("id", required=True)
        chinese = fields.text("zh", required=True)
        english = fields.text("en", required=True)
        meaning = fields.text("say", required=True)
        replaces = fields.text("replaces")
        fields.close()
        if not (identifier and chinese and english):
            continue
        if not check_identifier(identifier, "the term's id", fields.line_of("id"), report):
            continue
        if identifier in terms:
            report.add(fields.line_of("id"), f"the term '{identifier}' stands twice")
            continue
        terms[identifier] = Term(identifier, chinese, english, meaning, replaces)
    return (TermsBlock(tuple(terms.values()), of, line=directive.line),) if terms else ()
