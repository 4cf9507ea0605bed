"""What home shows: the catalogue, what is wrong with it, what is due, and where one was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from studytui.library.layout.title import titled

if TYPE_CHECKING:
    from studytui.authoring.problems import Problem
    from studytui.library.entry import Entry
    from studytui.library.pack import Track
    from studytui.store.events import ReadingPlace
    from studytui.study.desk import Desk
    from studytui.study.planning.today import Today

FILE = "file:"
"""How the name of an article begins that is no article of a pack, but any file."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything home needs, read by a worker in one go.

    ``due`` counts cards to repeat today, ``fresh`` new ones; ``read`` are the articles that were
    read to the end, ``asked`` how many things of an article come back, ``places`` where one was in
    each, ``last`` the article one was in. ``refusal`` says why nothing can be kept, and what to
    do; it is empty where everything can. ``today`` is the plan, None where there is none.
    """

    entries: tuple[Entry, ...] = ()
    tracks: tuple[Track, ...] = ()
    problems: tuple[Problem, ...] = ()
    due: int = 0
    fresh: int = 0
    places: Mapping[str, ReadingPlace] = field(default_factory=dict)
    last: str = ""
    asked: Mapping[str, int] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    refusal: str = ""
    today: Today | None = None

    def entry(self, article: str) -> Entry | None:
        """The entry of an article."""
        return next((entry for entry in self.entries if entry.id == article), None)

    def share(self, article: str) -> float:
        """How much of an article lies above the place where one was, 0 to 1."""
        place = self.places.get(article)
        return min(1.0, max(0.0, place.fraction)) if place else 0.0

    @property
    def first(self) -> Entry | None:
        """The article to begin with: one that can be read, run, derived and recalled at once."""
        whole = (e for e in self.entries if e.card_ids and e.derivation_ids and e.snippet_names)
        return next(whole, next(iter(self.entries), None))

    def title_of_track(self, track: str) -> str:
        """The title of a track, or its id made readable."""
        title = next((known.title for known in self.tracks if known.id == track), track)
        return titled(title) if title != track else track.replace("-", " ").capitalize()

    def by_track(self) -> list[tuple[str, list[Entry]]]:
        """The articles under the titles of their tracks, in the order of the packs."""
        groups: dict[str, list[Entry]] = {track.id: [] for track in self.tracks}
        for entry in self.entries:
            groups.setdefault(entry.track, []).append(entry)
        return [(self.title_of_track(track), found) for track, found in groups.items() if found]


def read_shelf(desk: Desk, now: datetime) -> Shelf:
    """What home shows at an instant.

    Raises:
        StudyError: The packs, the index or the journal cannot be read; says what to do.
    """
    from studytui.store.events import ReadingPlace
    from studytui.study.planning.today import plan_today
    from studytui.study.review import today
    from studytui.study.sections import articles_read

    library = desk.library
    ledger = desk.ledger
    latest = ledger.journal.latest(ReadingPlace.kind)
    places = {
        name: event.body
        for name, event in sorted(latest.items(), key=lambda item: item[1].order_ms)
        if isinstance(event.body, ReadingPlace)
    }
    counts = today(ledger, desk.records(), ledger.days.day(now)).counts
    known = {entry.id for entry in library.entries}
    return Shelf(
        entries=library.entries,
        tracks=library.tracks,
        problems=desk.pack_problems,
        due=counts.reviews + counts.learning,
        fresh=counts.new,
        places=places,
        asked={entry.id: len(library.scheduled(entry)) for entry in library.entries},
        read=articles_read(ledger.journal),
        last=next((name for name in reversed(places) if name in known), ""),
        refusal=str(ledger.journal.refusal or ""),
        today=None if ledger.journal.refusal else plan_today(desk, now),
    )
