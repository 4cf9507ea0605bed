"""An article has what its pack demands: ``[requires]`` in ``pack.toml``."""

from __future__ import annotations

from collections.abc import Iterator

from studytui.authoring.problems import Problem
from studytui.cards.card import WrittenCard
from studytui.library.article import Article
from studytui.library.blocks import Heading, ListBlock
from studytui.library.lint.checked import Checked
from studytui.library.plain import words_of


def complete(checked: Checked) -> Iterator[Problem]:
    """What is missing from each article."""
    if checked.pack.requires is None:
        return
    for parsed in checked.parsed:
        article = parsed.article
        for what, todo in _missing(article, checked):
            yield Problem(article.path, 1, what, todo)
        if checked.pack.requires.key_lines:
            for source in article.derivations:
                if not any(step.key for step in source.steps):
                    what = f"the derivation '{source.id}' has no key line"
                    todo = "Write key: true on the steps that carry the idea"
                    yield Problem(article.path, source.line, what, todo)


def _missing(article: Article, checked: Checked) -> Iterator[tuple[str, str]]:
    requires = checked.pack.requires
    if requires is None:
        return
    cards = [card for card in article.cards if isinstance(card, WrittenCard)]
    fresh = [card for card in cards if card.draws_numbers]
    for count, wanted, what in (
        (len(cards), requires.cards, "cards"),
        (len({card.KIND.name for card in cards}), requires.kinds, "kinds of cards"),
        (len(fresh), requires.fresh, "cards with fresh numbers"),
        (len(article.snippets), requires.snippets, "snippets"),
        (len(article.exercises), requires.exercises, "exercises"),
        (sum(card.probe for card in cards), requires.probes, "cards marked probe: true"),
    ):
        if count < wanted:
            yield f"{count} {what}, where this pack demands {wanted}", f"Add {wanted - count} more"
    low, high = requires.terms
    if not low <= len(article.terms) <= high:
        yield f"{len(article.terms)} terms, where this pack demands {low} to {high}", ""
    if requires.references and not _has_references(article):
        yield "no references", "End with a heading ## References and a list"


def _has_references(article: Article) -> bool:
    inside = False
    for block in article.blocks:
        if isinstance(block, Heading):
            inside = words_of(block.children).strip().lower() == "references"
        elif inside and isinstance(block, ListBlock) and block.items:
            return True
    return False
