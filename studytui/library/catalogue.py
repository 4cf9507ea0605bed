"""The library as the program sees it: entries at once, articles when they are asked for."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path

from studytui.authoring.problems import suggest
from studytui.cards.card import Card
from studytui.derive.steps.source import DerivationSource
from studytui.errors import StudyError
from studytui.library import order
from studytui.library.article import Article
from studytui.library.blocks import ExerciseBlock
from studytui.library.entry import Entry, from_texts
from studytui.library.first_look import first_look
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
        self._contents = Contents(self.packs, _entries(self.packs, index))
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
            changed = refresh(pack, self.index, progress, stop) or changed
        if changed:
            self._contents = Contents(self.packs, _entries(self.packs, self.index))
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
            raise LibraryError(
                f"the article cannot be read: {error.strerror}",
                where=str(path),
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

    def article_of_card(self, card_id: str) -> str | None:
        """The article that holds a scheduled card, by the card's id."""
        return self._contents.by_card.get(card_id)

    def article_of_derivation(self, derivation_id: str) -> str | None:
        """The article that holds a derivation."""
        return self._contents.by_derivation.get(derivation_id)

    def article_of(self, scheduled_id: str) -> str | None:
        """The article that holds a card, a derivation or an exercise."""
        return (
            self.article_of_card(scheduled_id)
            or self.article_of_derivation(scheduled_id)
            or self._contents.by_exercise.get(scheduled_id)
        )

    def exercise(self, exercise_id: str) -> ExerciseBlock | None:
        """An exercise as it stands in its article; None when no article holds it any more."""
        article = self._contents.by_exercise.get(exercise_id)
        if article is None:
            return None
        found = self.article(article).exercises
        return next((block for block in found if block.id == exercise_id), None)

    def card(self, card_id: str) -> Card | None:
        """The source of a scheduled card; None when no article holds it any more."""
        article = self.article_of_card(card_id)
        if article is None:
            return None
        cards = self.article(article).cards
        return next((card for card in cards if card_id in card.scheduled_ids), None)

    def derivation(self, derivation_id: str) -> DerivationSource | None:
        """The source of a derivation; None when no article holds it any more."""
        article = self.article_of_derivation(derivation_id)
        if article is None:
            return None
        found = self.article(article).derivations
        return next((source for source in found if source.id == derivation_id), None)

    def next_to_read(self, read: Collection[str]) -> tuple[Entry, ...]:
        """What can be read now, given the ids of what was: what builds on it first."""
        return order.next_to_read(self.entries, read)

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


class Contents:
    """One state of the catalogue; replaced as a whole, so that readers never see half of it."""

    def __init__(self, packs: Sequence[Pack], entries: list[Entry]) -> None:
        self.by_id: dict[str, Entry] = {}
        for entry in entries:
            # An id belongs to the first pack that has it; `check` tells of the second.
            self.by_id.setdefault(entry.id, entry)
        self._packs = packs

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks in order."""
        named = {track.id: track for pack in reversed(self._packs) for track in pack.tracks}
        ordered = [named[track.id] for pack in self._packs for track in pack.tracks]
        others = sorted({entry.track for entry in self.by_id.values()} - named.keys())
        return (*dict.fromkeys(ordered), *(Track(id, id) for id in others))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries in order."""
        place = {track.id: number for number, track in enumerate(self.tracks)}
        with _uncollected():
            depth = order.depths({entry.id: entry.needs for entry in self.by_id.values()})
            return tuple(
                sorted(
                    self.by_id.values(),
                    key=lambda entry: (place[entry.track], depth[entry.id], entry.title),
                )
            )

    @cached_property
    def by_card(self) -> dict[str, str]:
        """Article by scheduled card."""
        return {card: entry.id for entry in self.entries for card in entry.card_ids}

    @cached_property
    def by_derivation(self) -> dict[str, str]:
        """Article by derivation."""
        return {name: entry.id for entry in self.entries for name in entry.derivation_ids}

    @cached_property
    def by_exercise(self) -> dict[str, str]:
        """Article by exercise."""
        return {name: entry.id for entry in self.entries for name in entry.exercise_ids}


def _entries(packs: Sequence[Pack], index: Index) -> list[Entry]:
    entries: list[Entry] = []
    for pack in packs:
        with _uncollected():
            indexed = index.entries(str(pack.root))
            known = from_texts(indexed, f"{pack.root}{os.sep}", pack.id)
        entries += known or first_look(pack)
    return entries


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector: thousands of small objects that stay would set it off again and again,
    and each time it would look at everything that was ever imported."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
