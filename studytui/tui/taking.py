"""What a reader can take from an article: sentences, formulas, listings, live blocks. And back:
where in an article stands what was taken from it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from studytui.cards.card import Card
from studytui.cards.citation import Citation
from studytui.cards.term import TermCard
from studytui.derive.steps.source import DerivationSource
from studytui.library.blocks import (
    Block,
    CardBlock,
    DerivationBlock,
    ExerciseBlock,
    Heading,
    Inlines,
    Paragraph,
    Rule,
    SnippetBlock,
    TermsBlock,
)
from studytui.library.contents import Source
from studytui.library.layout.spans import plain
from studytui.library.markdown import block_markdown, cut_inlines, inlines_markdown, sentences
from studytui.library.plain import text_of, words_of
from studytui.library.walker import inlines_of, walk
from studytui.tui.document import Document, Spot

QUOTED = 120
"""Characters of what was chosen by which its place is found again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken: Markdown, where it belongs, and a cue for a question that it answers."""

    markdown: str
    cites: Citation
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """What one step of choosing takes: a sentence as ``inlines``, or a whole block."""

    part: int
    index: int
    block: Block
    inlines: Inlines = ()

    @property
    def shown(self) -> str:
        """How it reads on the screen; empty for a whole block."""
        return plain(self.inlines)

    @property
    def words(self) -> str:
        """Its words on one line."""
        return _on_one_line(words_of(self.inlines)) if self.inlines else words_at(self.block)

    def markdown(self, article: str) -> str:
        """It as Markdown."""
        if self.inlines:
            return inlines_markdown(self.inlines, article).strip()
        return block_markdown(self.block, article)


def units(document: Document) -> Iterator[Unit]:
    """All that can be chosen in the prose of an article, in the order of the text."""
    for part in document.parts:
        if not part.is_prose:
            continue
        for index, block in enumerate(part.blocks):
            found = [
                Unit(part.number, index, block, sentence)
                for inner in walk((block,))
                if isinstance(inner, Paragraph)
                for inlines in inlines_of(inner)
                for sentence in sentences(inlines)
            ]
            if not found and not isinstance(block, Heading | Rule):
                found = [Unit(part.number, index, block)]
            yield from found


def taken(document: Document, chosen: Sequence[Unit]) -> Taken:
    """What consecutive units are together: sentences of one block go on, blocks stand apart."""
    article = document.article.id
    text = ""
    for number, unit in enumerate(chosen):
        before = chosen[number - 1] if number else unit
        goes_on = before.block is unit.block and unit.inlines
        text += (" " if goes_on else "\n\n") + unit.markdown(article)
    first = chosen[0]
    spot = Spot(first.part, first.index)
    return Taken(text.strip(), citation_at(document, spot, first.words), cue_at(document, spot))


def taken_words(document: Document, spot: Spot, selected: str) -> Taken | None:
    """What was selected inside one block, with its formulas; None where it is not found there."""
    part = document.parts[spot.part]
    block = part.blocks[spot.block] if spot.block < len(part.blocks) else None
    if block is None:
        return None
    wanted = _on_one_line(selected)
    for inner in walk((block,)):
        for inlines in inlines_of(inner):
            shown = [plain((each,)) for each in inlines]
            start = "".join(shown).find(wanted)
            if start >= 0 and wanted:
                cut = cut_inlines(inlines, start, start + len(wanted), shown)
                cites = citation_at(document, spot, _on_one_line(words_of(cut)))
                markdown = inlines_markdown(cut, document.article.id).strip()
                return Taken(markdown, cites, cue_at(document, spot))
    return None


def citation_at(document: Document, spot: Spot, words: str) -> Citation:
    """The citation of words at a spot."""
    heading = document.heading_above(spot)
    anchor = document.contents[heading].anchor if heading >= 0 else ""
    return Citation(document.article.id, anchor, _cut(words))


def cue_at(document: Document, spot: Spot) -> str:
    """The heading above a spot, to begin a question with."""
    heading = document.heading_above(spot)
    return f"{document.contents[heading].text}: " if heading >= 0 else ""


def live_taken(
    document: Document, part: int, source: str = "", *, is_answered: bool = True
) -> Taken:
    """What a live block gives: question and answer, a line of a derivation, a program.

    ``source`` is what is shown of it: the last line, or the program.
    The answer of a card that is not answered yet is not given away.
    """
    block = document.parts[part].blocks[0]
    spot = Spot(part)
    cites = citation_at(document, spot, head_of(block))
    match block:
        case CardBlock():
            ask, *rest = block.card.shown()
            return Taken("\n\n".join(rest) if is_answered else "", cites, ask)
        case DerivationBlock():
            derivation = block.derivation
            cue = f"{derivation.title}: `{derivation.given}`"
            return Taken(f"`{source or derivation.goal}`", cites, cue)
        case ExerciseBlock():
            return Taken("", cites, block.ask)
        case _:
            return Taken(source, cites, cue_at(document, spot))


def head_of(block: Block) -> str:
    """How a live block and the terms are cited: by the head of their directive; others are not."""
    match block:
        case CardBlock():
            return head_of_source(block.card)
        case DerivationBlock():
            return head_of_source(block.derivation)
        case ExerciseBlock():
            return head_of_source(block)
        case SnippetBlock():
            return f"{{snippet}} {block.name}"
        case TermsBlock():
            return "{terms}"
        case _:
            return ""


def head_of_source(source: Source) -> str:
    """The head of the directive of what is scheduled."""
    match source:
        case TermCard():
            return "{terms}"
        case Card():
            return f"{{card}} {source.id}"
        case DerivationSource():
            return f"{{derivation}} {source.id}"
        case ExerciseBlock():
            return f"{{exercise}} {source.id}"
        case _:
            assert_never(source)


def words_at(block: Block) -> str:
    """The words of a block on one line, with those of the blocks inside it."""
    return head_of(block) or _on_one_line(" ".join(text_of(inner) for inner in walk((block,))))


def locate(document: Document, cites: Citation) -> Spot:
    """Where in an article what is cited stands: by its words, else under its heading, else on top.

    Where the words stand several times, those under the heading are meant.
    """
    quote = cites.quote.removesuffix("…")
    under = document.at_anchor(cites.anchor)
    found: list[Spot] = []
    if quote:
        for part in document.parts:
            for index, block in enumerate(part.blocks):
                if quote in words_at(block):
                    found.append(Spot(part.number, index))
    if not found:
        return under or Spot()
    heading = next((n for n, e in enumerate(document.contents) if e.anchor == cites.anchor), -1)
    return next((spot for spot in found if document.heading_above(spot) == heading), found[0])


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _cut(words: str) -> str:
    return words if len(words) <= QUOTED else f"{words[: QUOTED - 1].rstrip()}…"
