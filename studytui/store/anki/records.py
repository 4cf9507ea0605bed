"""What an Anki package holds, without Anki's storage details."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple


class CardType(IntEnum):
    """``cards.type``."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class ReviewKind(IntEnum):
    """``revlog.type``. Manual and rescheduled entries are no reviews."""

    LEARNING = 0
    REVIEW = 1
    RELEARNING = 2
    FILTERED = 3
    MANUAL = 4
    RESCHEDULED = 5


SUSPENDED = -1
"""``cards.queue`` of a suspended card; buried ones have -2 and -3."""


@dataclass(frozen=True, slots=True)
class AnkiNoteType:
    """A kind of note. ``templates`` are (name, question, answer) in Anki's template language."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]
    cloze: bool = False
    style: str = ""


class AnkiNote(NamedTuple):
    """A note: its fields are HTML, in the order of the note type's."""

    id: int
    guid: str
    type: int
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    modified: int = 0


class AnkiCard(NamedTuple):
    """A card of a note. ``due`` and ``interval`` as Anki keeps them: days, or seconds if negative.

    ``due`` is a day since the collection's creation (review), an epoch second (learning) or a
    position (new). ``stability`` in days and ``difficulty`` are None before the first review, or
    where the schedule was made by SM-2, whose ease in permille is ``factor``.
    """

    id: int
    note: int
    ordinal: int
    deck: int
    type: CardType = CardType.NEW
    queue: int = 0
    due: int = 0
    interval: int = 0
    repetitions: int = 0
    lapses: int = 0
    remaining: int = 0
    modified: int = 0
    factor: int = 0
    stability: float | None = None
    difficulty: float | None = None
    desired_retention: float | None = None
    last_review: int | None = None


class AnkiReview(NamedTuple):
    """One line of the review log. ``id`` is its instant in ms UTC; intervals as in cards."""

    id: int
    card: int
    grade: int
    interval: int = 0
    last_interval: int = 0
    factor: int = 0
    milliseconds: int = 0
    kind: ReviewKind = ReviewKind.REVIEW


@dataclass(frozen=True, slots=True)
class AnkiPackage:
    """A whole package. ``created`` is the collection's creation, an epoch second at a rollover.

    ``west_minutes`` is how far west of UTC the collection was made, if it says so; ``odd`` counts
    by what they are the rows that were left out. ``media`` has the files of a package that is to be
    written, by the name that its notes call them by.
    """

    created: int
    note_types: tuple[AnkiNoteType, ...] = ()
    decks: dict[int, str] = field(default_factory=dict)
    notes: tuple[AnkiNote, ...] = ()
    cards: tuple[AnkiCard, ...] = ()
    reviews: tuple[AnkiReview, ...] = ()
    west_minutes: int | None = None
    odd: Mapping[str, int] = field(default_factory=dict)
    media: Mapping[str, Path] = field(default_factory=dict)
