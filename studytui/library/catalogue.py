"""The library as the program sees it: entries at once, articles when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from studytui.authoring.problems import suggest
from studytui.cards.card import Card
from studytui.derive.steps.source import DerivationSource
from studytui.errors import StudyError
from studytui.library import order
from studytui.library.article import Article
from studytui.library.blocks import ExerciseBlock
from studytui.library.contents import Contents, Source, base_of, entries_of, scheduled_ids
from studytui.library.entry import Entry
from studytui.library.pack import Pack, Track
from studytui.library.parse import Parsed, parse_file
from studytui.library.refresh import ENTRY_VERSION, Progress, refresh
from studytui.library.search import Hit, search
from studytui.store.index import Index, IndexFailedError

KEPT_ARTICLES = 16
"""How many parsed articles are kept for going back and forth."""


class LibraryError(StudyError):
    """Something that was asked for is not in the library."""


class Library:
    """All packs together. Reading is safe from any thread; :meth:`refresh` belongs in a worker."""

    def __init__(self, packs: Sequence[Pack], index: Index) -> None:
        self.packs = tuple(packs)
        self.index = index
        self._contents = Contents(self.packs, entries_of(self.packs, index))
        self._parsed: dict[Path, tuple[tuple[int, int], Parsed]] = {}

    @classmethod
    def open(cls, packs: Sequence[Pack], index: Path | None = None) -> Library:
        """The library as it was when it was last refreshed: one cheap query a pack, no file read.

        ``index`` is the cache's file; None keeps it in memory. Of a pack that was never indexed
        only the front matter is read; :meth:`refresh` completes its entries. StoreError when SQLite
        has no full-text search.
        """
        opened = Index.open(index, ENTRY_VERSION)
        try:
            return cls(packs, opened)
        except IndexFailedError as error:
            opened.renew(error)
            return cls(packs, opened)

    def close(self) -> None:
        """Give the index's file back."""
        self.index.close()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every article, by track and then by what builds on what."""
        return self._contents.entries

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks of all packs in their order; those that no pack names come last."""
        return self._contents.tracks

    def refresh(
        self, progress: Progress | None = None, stop: Callable[[], bool] | None = None
    ) -> bool:
        """Read what changed on disk; returns whether anything did.

        Files whose time and size are as before are not opened. ``progress`` is called with the
        number of files done and of all; ``stop`` is asked between files. Entries change at the end,
        all at once. Problems of content are not told here: that is what ``check`` is for.
        """
        try:
            return self._refresh(progress, stop)
        except IndexFailedError as error:
            self.index.renew(error)
            return self._refresh(progress, stop)

    def _refresh(self, progress: Progress | None, stop: Callable[[], bool] | None) -> bool:
        changed = False
        for pack in self.packs:
            try:
                changed = refresh(pack, self.index, progress, stop) or changed
            except StudyError:
                # What is wrong with the reader's own files is told, and holds nothing else up.
                if not pack.own:
                    raise
        if changed:
            self._contents = Contents(self.packs, entries_of(self.packs, self.index))
        return changed

    def entry(self, id: str) -> Entry:
        """The catalogue's line for an article. LibraryError when there is none."""
        found = self._contents.by_id.get(id)
        if found is None:
            known = sorted(self._contents.by_id)
            todo = suggest(id, known) if len(known) < 100 else "studytui search WORDS"
            raise LibraryError(f"there is no article '{id}'", todo=todo)
        return found

    def article(self, id: str) -> Article:
        """The article, read anew if its file changed. LibraryError when it cannot be read."""
        return self.parsed(id).article

    def article_in_force(self, id: str) -> Article:
        """The article without what a version of the reader's own stands in for: that is in theirs.

        LibraryError when it cannot be read.
        """
        found, replaced = self.article(id), self._contents.standing_in
        if not replaced or self.is_own(self.entry(id)):
            return found
        return replace(
            found,
            cards=tuple(card for card in found.cards if base_of(card.id) not in replaced),
            exercises=tuple(each for each in found.exercises if each.id not in replaced),
        )

    def parsed(self, id: str) -> Parsed:
        """The article with the problems that were found in it."""
        path = self.entry(id).path
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            kept = self._parsed.pop(path, None)
            if kept is None or kept[0] != stamp:
                kept = (stamp, parse_file(path))
        except OSError as error:
            raise LibraryError.of_system(
                error,
                "the article cannot be read",
                path,
                todo="Put the file back, or start again to forget it",
            ) from error
        self._parsed[path] = kept
        while len(self._parsed) > KEPT_ARTICLES:
            self._parsed.pop(next(iter(self._parsed)), None)
        return kept[1]

    def pack_of(self, id: str) -> Pack:
        """The pack that holds an article."""
        path = self.entry(id).path
        return next(pack for pack in self.packs if path.is_relative_to(pack.root))

    def article_of(self, scheduled_id: str) -> str | None:
        """The article that shows a card, a derivation or an exercise, by its id.

        One of the reader's own that stands in for another is shown where that stood.
        """
        return self._contents.shown_in.get(scheduled_id)

    def scheduled(self, entry: Entry) -> tuple[str, ...]:
        """The ids under which what an article shows comes back: those in force."""
        return self._contents.scheduled(entry)

    @property
    def tags(self) -> dict[str, tuple[str, ...]]:
        """The tags that the sources of cards give, by scheduled id."""
        return self._contents.tags

    def is_own(self, entry: Entry) -> bool:
        """Whether the article is one of the reader's own pack."""
        return self._contents.is_own(entry)

    def track_of(self, entry: Entry) -> str:
        """The track of an article; of one of the reader's own that of what it is about."""
        about = entry.needs[0] if entry.needs and self.is_own(entry) else ""
        return self._contents.by_id.get(about, entry).track

    def source(self, scheduled_id: str) -> Source | None:
        """What stands under an id: the reader's own where there is one; None where nothing does."""
        base = base_of(scheduled_id)
        found = self.own_version(base)
        if found is None:
            return self._source_in(self._contents.holder.get(scheduled_id), scheduled_id)
        # A gap that the reader's own has no more is gone, whatever the other one had.
        return found if scheduled_id in scheduled_ids(found) else None

    def article_with(self, source: Source) -> str | None:
        """The article that holds a source: not always the one that shows it."""
        if isinstance(source, ExerciseBlock):
            holder = self._contents.holder
            return self._contents.standing_in.get(source.id) or holder.get(source.id)
        return source.article

    def holds(self, source: Source) -> bool:
        """Whether an article of the packs holds it: a file outside is worked, and nothing kept."""
        return self.article_with(source) in self._contents.by_id

    def digest_of(self, scheduled_id: str, entry: Entry) -> str:
        """The content version of what stands under an id that ``entry`` shows."""
        own = self._contents.standing_in.get(base_of(scheduled_id))
        return self._contents.by_id[own].digest if own else entry.digest

    def own_version(self, id: str) -> Source | None:
        """What the reader has made to stand in for a card, a derivation or an exercise."""
        article = self._contents.standing_in.get(base_of(id))
        return self._source_in(article, base_of(id))

    def original(self, id: str) -> Source | None:
        """What the reader's own version stands in for; None where there is none any more."""
        base = base_of(id)
        return self._source_in(self._contents.original_in.get(base), base)

    def _source_in(self, article: str | None, id: str) -> Source | None:
        if article is None:
            return None
        read = self.article(article)
        sources: tuple[Source, ...] = (*read.cards, *read.derivations, *read.exercises)
        for source in sources:
            if id in (source.id, *scheduled_ids(source)):
                return source
        return None

    def exercise(self, exercise_id: str) -> ExerciseBlock | None:
        """An exercise as it is in force; None when no article holds it any more."""
        found = self.source(exercise_id)
        return found if isinstance(found, ExerciseBlock) else None

    def card(self, card_id: str) -> Card | None:
        """The source of a scheduled card as it is in force; None when no article holds it."""
        found = self.source(card_id)
        return found if isinstance(found, Card) else None

    def derivation(self, derivation_id: str) -> DerivationSource | None:
        """The source of a derivation as it is in force; None when no article holds it any more."""
        found = self.source(derivation_id)
        return found if isinstance(found, DerivationSource) else None

    @property
    def by_hand(self) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """The entries in order: those that others wrote, and those of the reader's own pack."""
        return self._contents.by_hand

    def next_to_read(self, read: Collection[str]) -> tuple[Entry, ...]:
        """What can be read now, given the ids of what was: what builds on it first."""
        return order.next_to_read(self.by_hand[0], read)

    def search(
        self, words: str, *, track: str = "", limit: int = 20, spoken: bool = False
    ) -> tuple[Hit, ...]:
        """The best passages for ``words``; any text is safe to give."""
        asked = partial(search, self.index, self.packs, words, track, limit, spoken)
        try:
            return asked()
        except IndexFailedError as error:
            self.index.renew(error)
            self.refresh()
            return asked()
