"""Every piece of Markdown in an article, with its line: its own, and that of cards and steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studytui.authoring.problems import Problem
from studytui.library.article import Article
from studytui.library.blocks import Blocks
from studytui.library.cards import (
    BasicCard,
    CardSource,
    ChoiceCard,
    ClozeCard,
    ExpressionCard,
    NumberCard,
    OrderCard,
    OutputCard,
    TermCard,
)
from studytui.library.gaps import filled
from studytui.library.parse.context import LinkUse
from studytui.library.parse.fragment import parse_fragment

_PLACEHOLDER = re.compile(r"\{\{\s*\w+\s*\}\}")


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
        if not isinstance(card, TermCard):
            for text in texts_of_card(card):
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


def texts_of_card(card: CardSource) -> Iterator[str]:
    """The Markdown of a card with its gaps filled and a number in every placeholder."""
    numbered = isinstance(card, NumberCard | OutputCard)
    for text in _raw_texts(card):
        if isinstance(card, ClozeCard):
            yield filled(text)
        else:
            yield _PLACEHOLDER.sub("2", text) if numbered else text


def _raw_texts(card: CardSource) -> Iterator[str]:
    match card:
        case BasicCard() | TermCard():
            yield card.ask
            yield card.answer
        case ExpressionCard() | NumberCard() | OutputCard():
            yield card.ask
        case ClozeCard():
            yield card.text
        case ChoiceCard():
            yield card.ask
            yield from card.right
            yield from card.wrong
        case OrderCard():
            yield card.ask
            yield from card.lines
    yield card.why
    yield card.hint


def _piece(text: str, line: int, article: Article) -> Piece:
    blocks, problems, links = parse_fragment(text, article.path)
    moved = tuple(Problem(item.path, line, item.what, item.todo) for item in problems)
    return Piece(
        line, blocks, moved, tuple(LinkUse(link.written, link.target, line) for link in links)
    )


def _line_of_terms(article: Article) -> int:
    return next((card.line for card in article.cards if isinstance(card, TermCard)), 0)
