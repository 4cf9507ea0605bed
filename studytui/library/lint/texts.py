"""Every piece of Markdown in an article, with its line: its own, and that of cards and steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studytui.authoring.problems import Problem
from studytui.cards.card import WrittenCard
from studytui.library.article import Article
from studytui.library.blocks import Blocks
from studytui.library.parse.context import LinkUse
from studytui.library.parse.fragment import parse_fragment


@dataclass(frozen=True, slots=True)
class Piece:
    """The blocks of one text of a card, derivation or term."""

    line: int
    blocks: Blocks
    problems: tuple[Problem, ...]
    links: tuple[LinkUse, ...]


def pieces(article: Article) -> Iterator[Piece]:
    """The Markdown that stands inside live blocks, as it will be shown."""
    for card in article.cards:
        if isinstance(card, WrittenCard):
            for text in card.texts():
                yield _piece(text, card.line, article)
    for source in article.derivations:
        yield _piece(source.title, source.line, article)
        for step in source.steps:
            for text in (step.say, *step.hints):
                yield _piece(text, step.line, article)
    for exercise in article.exercises:
        for text in (exercise.title, exercise.ask, *exercise.hints):
            yield _piece(text, exercise.line, article)
    for term in article.terms:
        yield _piece(term.meaning, _line_of_terms(article), article)


def _piece(text: str, line: int, article: Article) -> Piece:
    blocks, problems, links = parse_fragment(text, article.path)
    moved = tuple(Problem(item.path, line, item.what, item.todo) for item in problems)
    return Piece(
        line, blocks, moved, tuple(LinkUse(link.written, link.target, line) for link in links)
    )


def _line_of_terms(article: Article) -> int:
    return next((card.line for card in article.cards if not isinstance(card, WrittenCard)), 0)
