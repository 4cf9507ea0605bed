"""An article cut for the screen: runs of prose, and between them what is a widget of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from studytui.library.article import Article, is_live
from studytui.library.blocks import Block, Blocks, Heading, Origin, Picture
from studytui.library.layout.flow import story_at
from studytui.library.layout.sheet import with_title
from studytui.library.layout.spans import plain
from studytui.library.plain import text_of
from studytui.library.walker import walk


@dataclass(frozen=True, slots=True)
class Part:
    """A run of prose, or one live block or picture.

    ``before`` is the last prose above it; ``translated`` tells that the translation goes on here.
    """

    number: int
    blocks: Blocks
    is_prose: bool
    before: Block | None = None
    translated: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in an article: a line of a block of a part.

    ``line`` counts from the block's top; it may be negative or beyond the block's end.
    """

    part: int = 0
    block: int = 0
    line: int = 0


TOP = Spot(0, 0, -1)
"""The very beginning: the blank line above the article."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents."""

    level: int
    text: str
    anchor: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Document:
    """An article for the screen."""

    article: Article
    parts: tuple[Part, ...]
    contents: tuple[Entry, ...]

    def at_anchor(self, anchor: str) -> Spot | None:
        """The heading with an anchor."""
        return next((entry.spot for entry in self.contents if entry.anchor == anchor), None)

    def at_source(self, line: int) -> Spot:
        """The last block that begins on or before a line of the Markdown."""
        found = Spot()
        for part in self.parts:
            for index, block in enumerate(part.blocks):
                if block.line > line:
                    return found
                if block.line:
                    found = Spot(part.number, index)
        return found

    def source_of(self, spot: Spot) -> int:
        """The line of the Markdown on which the block of a spot begins."""
        blocks = self.parts[spot.part].blocks if spot.part < len(self.parts) else ()
        return blocks[spot.block].line if spot.block < len(blocks) else 0

    def heading_above(self, spot: Spot) -> int:
        """The number of the heading whose section holds the spot; -1 before the first."""
        number = -1
        for index, entry in enumerate(self.contents):
            if (entry.spot.part, entry.spot.block) > (spot.part, spot.block):
                break
            number = index
        return number

    def claims_from(self, spot: Spot) -> Iterator[tuple[str, str]]:
        """Heading and check blocks, which no part holds, of the section of a spot and those after.

        Only sections that claim something.
        """
        lines = [self.source_of(entry.spot) for entry in self.contents]
        for number in range(max(0, self.heading_above(spot)), len(lines)):
            after = lines[number + 1] if number + 1 < len(lines) else math.inf
            inside = (each for each in self.article.checks if lines[number] <= each.line < after)
            code = "\n".join(each.code for each in inside)
            if code:
                yield self.contents[number].text, code

    def origin_at(self, spot: Spot) -> Origin:
        """Whose words stand there."""
        part = self.parts[min(spot.part, len(self.parts) - 1)]
        if not part.is_prose:
            return Origin.WRITTEN
        return part.blocks[min(spot.block, len(part.blocks) - 1)].origin


LIVE, FRAME = 300, 40
"""What counts, in characters, for a thing to do, and for any block besides its words."""


def shares_above(document: Document) -> dict[tuple[int, int], float]:
    """How much of an article stands above each block (part, block), 0 to 1, by the words.

    Lines would not do: a place has the same share in every window, and at home.
    """
    above: dict[tuple[int, int], int] = {}
    total = 0
    for part in document.parts:
        for index, block in enumerate(part.blocks):
            above[part.number, index] = total
            words = sum(len(text_of(inner)) for inner in walk((block,)))
            total += FRAME + (words if part.is_prose else LIVE)
    return {place: before / total for place, before in above.items()}


def cut(article: Article) -> Document:
    """Cut an article; its title becomes the first heading."""
    blocks = with_title(article)
    parts: list[Part] = []
    contents: list[Entry] = []
    run: list[Block] = []
    before: Block | None = None
    translated = False

    def close_run() -> None:
        nonlocal before, translated
        if run:
            parts.append(Part(len(parts), tuple(run), True, before, translated))
            before = run[-1]
            if story_at(tuple(run), translated) >= 0:
                translated = False
            else:
                translated = translated or any(b.origin is Origin.TRANSLATED for b in run)
            run.clear()

    for block in blocks:
        if is_live(block) or isinstance(block, Picture):
            close_run()
            parts.append(Part(len(parts), (block,), False, before))
            continue
        if isinstance(block, Heading):
            spot = Spot(len(parts), len(run))
            contents.append(Entry(block.level, plain(block.children), block.anchor, spot))
        run.append(block)
    close_run()
    return Document(article, tuple(parts), tuple(contents))
