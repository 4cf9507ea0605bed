"""An article cut into what can be found: sections, cards and terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studytui.library.article import Article
from studytui.library.blocks import CardBlock, DerivationBlock, Heading, TermsBlock
from studytui.library.cards import (
    BasicCard,
    CardSource,
    ChoiceCard,
    ClozeCard,
    ExpressionCard,
    NumberCard,
    OrderCard,
    OutputCard,
)
from studytui.library.plain import text_of, walk, words_of

MAX_CHARACTERS = 200_000
"""Of one passage; what follows is not found by searching."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Text that a search can find. ``kind`` is text, card, derivation or term.

    ``heading`` is the path of headings above it; ``anchor`` the nearest heading's.
    """

    kind: str
    id: str
    anchor: str
    line: int
    heading: str
    body: str


def passages(article: Article) -> Iterator[Passage]:
    """The passages of an article, in the order of the text."""
    path: list[tuple[int, str]] = []
    anchor, line = "", 0
    words: list[str] = []

    def section() -> Iterator[Passage]:
        body = "\n".join(words)[:MAX_CHARACTERS]
        heading = " › ".join(title for _, title in path)
        if body or heading or not line:
            yield Passage("text", article.id, anchor, line, heading, body)

    for block in walk(article.blocks):
        if isinstance(block, Heading):
            yield from section()
            words.clear()
            path = [(level, title) for level, title in path if level < block.level]
            path.append((block.level, words_of(block.children)))
            anchor, line = block.anchor, block.line
            continue
        heading = " › ".join(title for _, title in path)
        if isinstance(block, CardBlock):
            body = "\n".join(_words_of_card(block.card))[:MAX_CHARACTERS]
            yield Passage("card", block.card.id, anchor, block.line, heading, body)
        elif isinstance(block, DerivationBlock):
            said = (block.derivation.title, *(step.say for step in block.derivation.steps))
            body = "\n".join(text for text in said if text)[:MAX_CHARACTERS]
            yield Passage("derivation", block.derivation.id, anchor, block.line, heading, body)
        elif isinstance(block, TermsBlock):
            for term in block.terms:
                name = f"{term.chinese} · {term.english}"
                yield Passage("term", term.id, anchor, block.line, name, term.meaning)
        else:
            text = text_of(block)
            if text:
                words.append(text)
    yield from section()


def _words_of_card(card: CardSource) -> Iterator[str]:
    match card:
        case BasicCard() | ExpressionCard() | NumberCard():
            yield card.ask
            yield card.answer
        case ClozeCard():
            yield card.text
        case ChoiceCard():
            yield card.ask
            yield from card.right
            yield from card.wrong
        case OutputCard():
            yield card.ask
            yield card.code
        case OrderCard():
            yield card.ask
            yield from card.lines
    if card.why:
        yield card.why
