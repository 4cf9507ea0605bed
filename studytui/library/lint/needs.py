"""``needs`` names articles that exist, and never goes round in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.authoring.problems import Problem, suggest
from studytui.library.lint.checked import Checked, line_of_key
from studytui.library.order import circles


def needs(checked: Checked) -> Iterator[Problem]:
    """Unknown needs, and every circle, told at the first article along it."""
    known = {parsed.article.id for parsed in (*checked.parsed, *checked.others)}
    for parsed in checked.parsed:
        article = parsed.article
        for need in article.needs:
            if need not in known:
                yield Problem(
                    article.path,
                    line_of_key(article.path, "needs"),
                    f"needs an article that is not there: '{need}'",
                    suggest(need, sorted(known)) if len(known) < 100 else "",
                )
    graph = {parsed.article.id: parsed.article.needs for parsed in checked.parsed}
    for circle in circles(graph):
        parsed_first = checked.find(circle[0])
        if parsed_first is not None:
            path = parsed_first.article.path
            yield Problem(
                path,
                line_of_key(path, "needs"),
                f"needs goes round in a circle: {' → '.join(circle)}",
                "Take one of them out",
            )
