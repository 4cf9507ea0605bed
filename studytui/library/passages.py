"""An article cut into what can be found: sections, cards and terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studytui.library.article import Article
from studytui.library.blocks import CardBlock, DerivationBlock, ExerciseBlock, Heading, TermsBlock
from studytui.library.plain import text_of, words_of
from studytui.library.walker import walk

MAX_CHARACTERS = 4_000
"""Of one passage: a longer section is cut between its blocks, so that its parts have lines."""

MAX_BLOCK = 20_000
"""Characters of one block; what follows is not found by searching."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Text that a search can find. ``kind`` is text, card, derivation, exercise or term.

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
        heading = " › ".join(title for _, title in path)
        if words or heading or not line:
            yield Passage("text", article.id, anchor, line, heading, "\n".join(words))
        words.clear()

    for block in walk(article.blocks):
        if isinstance(block, Heading):
            yield from section()
            path = [(level, title) for level, title in path if level < block.level]
            path.append((block.level, words_of(block.children)))
            anchor, line = block.anchor, block.line
            continue
        heading = " › ".join(title for _, title in path)
        if isinstance(block, CardBlock):
            body = "\n".join((*block.card.words(), *block.card.tags))[:MAX_BLOCK]
            yield Passage("card", block.card.id, anchor, block.line, heading, body)
        elif isinstance(block, DerivationBlock):
            said = (block.derivation.title, *(step.say for step in block.derivation.steps))
            body = "\n".join(text for text in said if text)[:MAX_BLOCK]
            yield Passage("derivation", block.derivation.id, anchor, block.line, heading, body)
        elif isinstance(block, ExerciseBlock):
            body = f"{block.title}\n{block.ask}"[:MAX_BLOCK]
            yield Passage("exercise", block.id, anchor, block.line, heading, body)
        elif isinstance(block, TermsBlock):
            for term in block.terms:
                name = f"{term.chinese} · {term.english}"
                yield Passage("term", term.id, anchor, block.line, name, term.meaning)
        else:
            text = text_of(block)[:MAX_BLOCK]
            if text and sum(map(len, words)) + len(text) > MAX_CHARACTERS and words:
                yield from section()
                line = block.line
            if text:
                words.append(text)
    yield from section()
