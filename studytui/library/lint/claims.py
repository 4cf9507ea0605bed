"""Every number and every name of an API in the prose is claimed by a check."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.authoring.problems import Problem, Report, shown
from studytui.library.claims.unclaimed import Unclaimed, unclaimed
from studytui.library.lint.checked import Checked
from studytui.library.pack import Pack
from studytui.library.parse import Parsed
from studytui.library.source import decode, read_source


def claims(checked: Checked) -> Iterator[Problem]:
    """What nothing claims, in a pack that demands it."""
    if checked.pack.requires is not None and checked.pack.requires.claims:
        for parsed in checked.parsed:
            yield from unclaimed_in(parsed, checked.pack)


def unclaimed_in(parsed: Parsed, pack: Pack) -> Iterator[Problem]:
    """What nothing claims in one article, whether its pack demands it or not."""
    article = parsed.article
    names = {block.name for block in article.snippets}
    names |= {block.snippet for block in article.exercises}
    scripts = [_text(pack, name) for name in sorted(names)]
    try:
        lines = decode(read_source(article.path), Report(article.path)).split("\n")
    except OSError:
        return  # whoever read the pack has told it
    for each in unclaimed(article, scripts, lines):
        yield Problem(article.path, each.line, _what(each), _todo(each))


def _text(pack: Pack, name: str) -> str:
    try:
        return read_source(pack.snippet(name)).decode("utf-8", errors="replace")
    except OSError:
        return ""  # a missing snippet is told by another rule


def _what(each: Unclaimed) -> str:
    return f"nothing claims the {each.kind} {shown(each.text)}"


def _todo(each: Unclaimed) -> str:
    return "says, cites or given in a {check}" if each.kind == "number" else "Use it in a {check}"
