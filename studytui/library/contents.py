"""One state of the catalogue: what stands where, and what the reader's own pack stands in for.

A card of the reader's own that has the id of another one is asked in its place, so that the history
goes on; it is shown where the other one stands. Only the reader's own pack can do that: a pack from
elsewhere never takes over what another one asks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain

from studytui.cards.card import Card
from studytui.derive.steps.source import DerivationSource
from studytui.garbage import uncollected
from studytui.library import order
from studytui.library.activity import Activity
from studytui.library.blocks import ExerciseBlock
from studytui.library.entry import Entry, from_texts
from studytui.library.front_matter_scan import front_matter_scan
from studytui.library.outline import Task
from studytui.library.pack import Pack, Track
from studytui.store.index import Index

Source = Card | DerivationSource | ExerciseBlock
"""What stands in an article and is scheduled."""


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
        with uncollected():
            depth = order.depths({entry.id: entry.needs for entry in self.by_id.values()})
            return tuple(
                sorted(
                    self.by_id.values(),
                    key=lambda entry: (place[entry.track], depth[entry.id], entry.title),
                )
            )

    @cached_property
    def by_hand(self) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """The entries in order: those that others wrote, and those of the reader's own pack.

        The outlines of the former ask for what is in force.
        """
        own = tuple(entry for entry in self.entries if self.is_own(entry))
        if not own:
            return self.entries, ()
        return tuple(self._in_force(e) for e in self.entries if not self.is_own(e)), own

    def _in_force(self, entry: Entry) -> Entry:
        if not any(base_of(id) in self.standing_in for id in entry.scheduled_ids):
            return entry
        return entry.with_outline(
            replace(section, tasks=tuple(map(self._task_in_force, section.tasks)))
            for section in entry.outline
        )

    def _task_in_force(self, task: Task) -> Task:
        if task.activity is Activity.RUN:
            return task
        found = (self._own_ids.get(base_of(id), (id,)) for id in task.ids)
        return replace(task, ids=tuple(dict.fromkeys(chain.from_iterable(found))))

    def is_own(self, entry: Entry) -> bool:
        """Whether an entry is of the reader's own pack."""
        return entry.file.startswith(self._own_roots)

    def scheduled(self, entry: Entry) -> tuple[str, ...]:
        """The ids of an entry, with the reader's own in the place of what they stand in for."""
        if not self.standing_in:
            return entry.scheduled_ids
        if self.is_own(entry):
            return tuple(id for id in entry.scheduled_ids if base_of(id) not in self.standing_in)
        found: dict[str, None] = {}
        for id in entry.scheduled_ids:
            found |= dict.fromkeys(self._own_ids.get(base_of(id), (id,)))
        return tuple(found)

    @cached_property
    def tags(self) -> dict[str, tuple[str, ...]]:
        """The tags that sources give, by scheduled id; of a version those of the version."""
        found: dict[str, tuple[str, ...]] = {}
        for entry in self.by_id.values():
            for card, tags in entry.tags.items():
                if self.standing_in.get(base_of(card), entry.id) == entry.id:
                    found.setdefault(card, tags)
        return found

    @cached_property
    def _own_roots(self) -> tuple[str, ...]:
        return tuple(f"{pack.root}{os.sep}" for pack in self._packs if pack.own)

    @cached_property
    def _own_ids(self) -> dict[str, tuple[str, ...]]:
        """What the reader's own pack schedules in the place of others' ids, by base."""
        own = [entry for entry in self.by_id.values() if self.is_own(entry)]
        found: dict[str, tuple[str, ...]] = {}
        if own:
            for id in (id for entry in own for id in entry.scheduled_ids):
                found[base_of(id)] = (*found.get(base_of(id), ()), id)
        return {base: ids for base, ids in found.items() if base in self.original_in}

    @cached_property
    def original_in(self) -> dict[str, str]:
        """The article of each id that is not the reader's own, by base; the first that has it."""
        others = (entry for entry in self.by_id.values() if not self.is_own(entry))
        return _first((base_of(id), entry.id) for entry in others for id in entry.scheduled_ids)

    @cached_property
    def standing_in(self) -> dict[str, str]:
        """The reader's own article that holds what stands in for an id, by base."""
        own = [entry for entry in self.by_id.values() if self.is_own(entry)]
        bases = {base_of(id): entry.id for entry in own for id in entry.scheduled_ids}
        return {base: article for base, article in bases.items() if base in self.original_in}

    @cached_property
    def shown_in(self) -> dict[str, str]:
        """The article that shows what is scheduled under an id: of the first pack that has it."""
        entries = self.by_id.values()
        return _first((id, entry.id) for entry in entries for id in self.scheduled(entry))

    @cached_property
    def holder(self) -> dict[str, str]:
        """The article that holds the source of an id for which nothing of the reader stands in."""
        if not self.standing_in:
            return self.shown_in
        entries = self.by_id.values()
        return _first((id, entry.id) for entry in entries for id in entry.scheduled_ids)


def _first(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for id, article in pairs:
        found.setdefault(id, article)
    return found


def base_of(scheduled_id: str) -> str:
    """The id of the source: that of a gap is its text's. ``relu/c2`` is of ``relu``."""
    head, _, gap = scheduled_id.rpartition("/c")
    return head if head and gap.isdigit() else scheduled_id


def scheduled_ids(source: Source) -> tuple[str, ...]:
    """The ids under which a source comes back."""
    return source.scheduled_ids if isinstance(source, Card) else (source.id,)


def entries_of(packs: Sequence[Pack], index: Index) -> list[Entry]:
    """The entries of all packs as they were indexed; of one that never was, from a first look."""
    entries: list[Entry] = []
    for pack in packs:
        with uncollected():
            indexed = index.entries(str(pack.root))
            known = from_texts(indexed, f"{pack.root}{os.sep}", pack.id)
        entries += known or front_matter_scan(pack)
    return entries
