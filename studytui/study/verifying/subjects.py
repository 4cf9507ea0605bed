"""What there is to verify in packs, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from studytui.cards.card import Card
from studytui.derive.steps.source import DerivationSource
from studytui.errors import StudyError
from studytui.library.article import Article
from studytui.library.blocks import CheckBlock, SnippetBlock
from studytui.library.lint import Checked
from studytui.library.pack import Pack
from studytui.study.verifying.finding import Finding


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to verify, with where it stands. For claims, ``what`` is the first check block."""

    kind: str
    name: str
    pack: Pack
    article: Article
    what: DerivationSource | Card | SnippetBlock | CheckBlock

    def finding(
        self, verdict: str, ok: bool, began: float, why: str = "", *, part: str = "", line: int = 0
    ) -> Finding:
        """What became of it, or of a part; ``began`` is of the clock that counts seconds."""
        return Finding(
            kind=self.kind,
            name=f"{self.name} {part}".rstrip(),
            article=self.article.id,
            verdict=verdict,
            ok=ok,
            path=self.article.path,
            line=line or self.what.line,
            seconds=perf_counter() - began,
            why=why,
        )

    @property
    def weight(self) -> float:
        """About how many seconds it takes, for estimates."""
        match self.what:
            case DerivationSource():
                return 0.2 * len(self.what.steps)
            case SnippetBlock():
                return 8.0
            case CheckBlock():
                return 2.0
            case Card():
                return 0.1


def subjects_of(packs: Sequence[Checked]) -> Iterator[Subject]:
    """Everything that can be verified."""
    for checked in packs:
        for parsed in checked.parsed:
            yield from _of_article(checked.pack, parsed.article)


def _of_article(pack: Pack, article: Article) -> Iterator[Subject]:
    for source in article.derivations:
        yield Subject("derivation", source.id, pack, article, source)
    for card in article.cards:
        if card.KIND.is_computed:
            yield Subject("card", card.id, pack, article, card)
    if article.checks:
        yield Subject("claims", f"{article.id} claims", pack, article, article.checks[0])
    for block in {(block.name, block.parameters): block for block in article.snippets}.values():
        yield Subject("snippet", block.name, pack, article, block)


def chosen(subjects: Sequence[Subject], names: Sequence[str]) -> Iterator[Subject]:
    """The subjects that are named: by article, by their own id, or a snippet by its last part."""
    known = [
        {subject.name, subject.article.id, subject.name.rpartition("/")[2]} for subject in subjects
    ]
    for name in names:
        if not any(name in each for each in known):
            raise StudyError(
                f"there is nothing to verify called '{name}'",
                todo="Name an article, a derivation, a card that is computed, or a snippet",
            )
    for subject, each in zip(subjects, known, strict=True):
        if not names or each.intersection(names):
            yield subject
