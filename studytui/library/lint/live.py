"""The Markdown inside cards, derivations and terms is sound, and its links lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.authoring.problems import Problem
from studytui.library.lint.checked import Checked
from studytui.library.lint.links import Targets, check_link
from studytui.library.lint.texts import pieces


def live(checked: Checked) -> Iterator[Problem]:
    """What is wrong with the texts of live blocks."""
    targets = Targets(checked)
    for parsed in checked.parsed:
        for piece in pieces(parsed.article):
            yield from piece.problems
            for link in piece.links:
                yield from check_link(link, parsed, targets)
