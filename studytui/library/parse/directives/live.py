"""What cards and derivations share: an id that is unique, and a hash of their own source."""

from __future__ import annotations

from hashlib import sha256

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
