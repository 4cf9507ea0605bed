"""Links lead to files and headings that are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from studytui.library.lint.checked import Checked
from studytui.library.parse import Parsed
from studytui.library.parse.context import LinkUse
from studytui.library.problems import Problem, shown, suggest


def links(checked: Checked) -> Iterator[Problem]:
    """Broken links between articles, and anchors that no heading has."""
    by_path = {
        parsed.article.path.resolve(): parsed for parsed in (*checked.parsed, *checked.others)
    }
    for parsed in checked.parsed:
        for link in parsed.links:
            yield from check_link(link, parsed, by_path)


def check_link(link: LinkUse, parsed: Parsed, by_path: dict[Path, Parsed]) -> Iterator[Problem]:
    """What is wrong with one link of an article."""
    parts = urlsplit(link.written)
    if parts.scheme:
        return
    here = parsed.article.path
    found = parsed
    if parts.path:
        path = (here.parent / parts.path).resolve()
        if path not in by_path:
            near = suggest(path.stem, [other.stem for other in by_path])
            what = "leads to no article" if not path.is_file() else "leads out of the library"
            yield Problem(here, link.line, f"a link {what}: {shown(link.written)}", near)
            return
        found = by_path[path]
    if parts.fragment and parts.fragment not in found.anchors:
        yield Problem(
            here,
            link.line,
            f"a link leads to no heading: {shown(link.written)}",
            suggest(parts.fragment, found.anchors),
        )
