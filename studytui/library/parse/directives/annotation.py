"""``:::{annotation} id``: a note of the reader's own, with ``:of:`` and ``:quote:`` before it."""

from __future__ import annotations

import re

from studytui.authoring.problems import suggest
from studytui.cards.citation import Citation
from studytui.library.blocks import Annotation, Blocks, Link, Note, Text
from studytui.library.parse.context import Context, Directive
from studytui.library.parse.directives.live import citation_of, read_identifier

_OPTION = re.compile(r":(\w+):[ \t]*(.*)\n?")
_OPTIONS = ("of", "quote")


def read_annotation(directive: Directive, context: Context) -> Blocks:
    """A call-out whose title leads to the place; one that is not whole is told and left out."""
    identifier = read_identifier(directive, context)
    body, line = directive.body, directive.body_line
    options: dict[str, str] = {}
    while match := _OPTION.match(body):
        if match[1] in _OPTIONS:
            options[match[1]] = match[2].strip()
        else:
            what = f"{{annotation}} has an unknown option :{match[1]}:"
            context.report.add(line, what, suggest(match[1], _OPTIONS))
        body, line = body[match.end() :], line + 1
    if not options.get("of"):
        context.report.add(directive.line, "an annotation of nothing", "Write :of: ARTICLE#HEADING")
        return ()
    cites = citation_of(options["of"], options.get("quote", ""), directive.line, context)
    children = context.nested(body, line, "an annotation")
    if not children:
        context.report.add(directive.line, "an annotation is empty", "Fill or delete it")
    if not (identifier and cites and children):
        return ()
    context.annotations.append(Annotation(identifier, cites, body.strip("\n"), directive.line))
    return (Note("note", (_link(cites),), children, line=directive.line, origin=context.origin),)


def _link(cites: Citation) -> Link:
    return Link((Text(cites.quote or cites.of),), cites.of)
