"""What live blocks share: an id that is unique, a hash of their own source, a place they cite."""

from __future__ import annotations

from hashlib import sha256

from studytui.authoring.fields import Fields
from studytui.cards.citation import Citation
from studytui.library.parse.context import Context, Directive
from studytui.library.parse.front_matter import check_identifier


def read_identifier(directive: Directive, context: Context) -> str:
    """The id that a directive is given as its argument; empty, and told, when it cannot be used."""
    identifier = directive.argument
    what = f"a {directive.name}"
    if not identifier:
        context.report.add(directive.line, f"{what} has no id", f"Write {{{directive.name}}} my-id")
        return ""
    if not check_identifier(identifier, f"{what}'s id", directive.line, context.report):
        return ""
    first = context.live_ids.setdefault(identifier, directive.line)
    if first != directive.line:
        context.report.add(
            directive.line,
            f"the id '{identifier}' stands twice, first in line {first}",
            "Rename it",
        )
        return ""
    return identifier


def digest_of(directive: Directive) -> str:
    """The content version: changes when anything that the author wrote of it changes."""
    return sha256(directive.source.encode("utf-8", errors="replace")).hexdigest()[:16]


def read_citation(fields: Fields, context: Context) -> Citation | None:
    """The place that a card of the reader's own was made of: ``of`` and ``quote``."""
    of, quote = fields.text("of"), fields.text("quote")
    if not of:
        if quote:
            context.report.add(fields.line_of("quote"), "quote without of", "Say of: ARTICLE")
        return None
    return citation_of(of, quote, fields.line_of("of"), context)


def citation_of(of: str, quote: str, line: int, context: Context) -> Citation | None:
    """The citation of ``article#anchor``; None, and told, when there is no such id."""
    article, _, anchor = of.partition("#")
    if not check_identifier(article, "the article", line, context.report):
        return None
    return Citation(article, anchor, " ".join(quote.split()))
