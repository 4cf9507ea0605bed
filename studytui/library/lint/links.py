"""Links lead to files and headings that are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from studytui.authoring.problems import Problem, shown, suggest
from studytui.library.lint.checked import Checked
from studytui.library.parse import Parsed
from studytui.library.parse.context import LinkUse


class Targets:
    """The articles that links may lead to."""

    def __init__(self, checked: Checked) -> None:
        self._by_path = {
            parsed.article.path.resolve(): parsed for parsed in (*checked.parsed, *checked.others)
        }
        # Where another pack lies on this machine says nothing about the next: its ids are enough.
        self._elsewhere = {parsed.article.id: parsed for parsed in checked.others}

    def find(self, path: Path) -> Parsed | None:
        """The article in a file of this pack, or one of another pack that is called so."""
        return self._by_path.get(path.resolve()) or self._elsewhere.get(path.stem)

    def names(self) -> list[str]:
        """The names of all files."""
        return [path.stem for path in self._by_path]


def links(checked: Checked) -> Iterator[Problem]:
    """Broken links between articles, and anchors that no heading has."""
    targets = Targets(checked)
    for parsed in checked.parsed:
        for link in parsed.links:
            yield from check_link(link, parsed, targets)


def check_link(link: LinkUse, parsed: Parsed, targets: Targets) -> Iterator[Problem]:
    """What is wrong with one link of an article."""
    parts = urlsplit(link.written)
    if parts.scheme:
        return
    here = parsed.article.path
    found: Parsed | None = parsed
    if parts.path:
        path = here.parent / parts.path
        found = targets.find(path)
        if found is None:
            near = suggest(path.stem, targets.names())
            what = "leads to no article" if not path.is_file() else "leads out of the library"
            yield Problem(here, link.line, f"a link {what}: {shown(link.written)}", near)
            return
    if parts.fragment and found is not None and parts.fragment not in found.anchors:
        yield Problem(
            here,
            link.line,
            f"a link leads to no heading: {shown(link.written)}",
            suggest(parts.fragment, found.anchors),
        )
