"""One article: text in, blocks and problems out. Never raises on content, executes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from studytui.authoring.problems import Problem, Report, shown
from studytui.cards.card import Card
from studytui.cards.term import both_ways
from studytui.library.article import Article
from studytui.library.blocks import (
    Block,
    CardBlock,
    CheckBlock,
    DerivationBlock,
    ExerciseBlock,
    Origin,
    SnippetBlock,
    TermsBlock,
)
from studytui.library.parse.blocks import read_blocks
from studytui.library.parse.context import Context, LinkUse
from studytui.library.parse.front_matter import read_front_matter
from studytui.library.source import clean, decode, read_source
from studytui.library.walker import walk


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article with everything that is wrong with it, its links, and its anchors by line."""

    article: Article
    problems: tuple[Problem, ...]
    links: tuple[LinkUse, ...] = ()
    anchors: tuple[str, ...] = ()


def parse_file(path: Path, data: bytes | None = None) -> Parsed:
    """The article in a file, or in ``data`` read from it. OSError when it cannot be read."""
    data = read_source(path) if data is None else data
    report = Report(path)
    return _parse(decode(data, report), sha256(data).hexdigest(), path, report)


def parse_article(text: str, path: Path) -> Parsed:
    """The article in ``text``; ``path`` is where it stands, for messages and the track."""
    digest = sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
    return _parse(text, digest, path, Report(path))


def _parse(text: str, digest: str, path: Path, report: Report) -> Parsed:
    lines = clean(text, report).split("\n")
    front = read_front_matter(lines, path, report)
    translated = Origin.TRANSLATED if front.translated_from else Origin.WRITTEN
    context = Context(
        article=front.id,
        report=report,
        lines=lines,
        story=front.story,
        origin=translated,
        offset=front.body - 1,
        read_blocks=read_blocks,
    )
    blocks = read_blocks("\n".join(lines[front.body - 1 :]), context)
    blocks += context.footnotes.at_the_end(report)
    if context.pending_anchor is not None:
        name, line = context.pending_anchor
        report.add(line, f"no heading follows the anchor {shown(name)}", "Put it before a heading")
    if front.story and front.story not in context.anchors:
        report.add(
            front.story_line,
            f"no heading has the anchor {shown(front.story)}",
            f"Anchors here: {', '.join(context.anchors) or 'none'}",
        )
    live = list(walk(blocks))
    terms = tuple(term for block in live if isinstance(block, TermsBlock) for term in block.terms)
    written = tuple(block.card for block in live if isinstance(block, CardBlock))
    article = Article(
        id=front.id,
        title=front.title,
        track=front.track,
        needs=front.needs,
        translated_from=front.translated_from,
        path=path,
        digest=digest,
        blocks=blocks,
        terms=terms,
        cards=(*written, *_cards_of_terms(front.id, live)),
        derivations=tuple(block.derivation for block in live if isinstance(block, DerivationBlock)),
        snippets=tuple(block for block in live if isinstance(block, SnippetBlock)),
        exercises=tuple(block for block in live if isinstance(block, ExerciseBlock)),
        checks=tuple(block for block in live if isinstance(block, CheckBlock)),
        annotations=tuple(context.annotations),
    )
    return Parsed(article, report.problems(), tuple(context.links), tuple(context.anchors))


def _cards_of_terms(article: str, blocks: list[Block]) -> Iterator[Card]:
    for block in blocks:
        if isinstance(block, TermsBlock):
            for term in block.terms:
                yield from both_ways(
                    article,
                    f"{block.of or article}/term/{term.id}",
                    (term.chinese, term.english, term.meaning),
                    block.line,
                    term.replaces,
                )
