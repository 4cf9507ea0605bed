"""An Anki package as a studytui pack of its own and events for the journal. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from studytui.exchange.anki_notes import ID_FIELD, is_ours
from studytui.exchange.markup import from_html
from studytui.exchange.pack_files import BasicNote, ClozeNote, Note, pack_files, slug
from studytui.exchange.templates import answer_html, question_html
from studytui.store.anki.records import (
    SUSPENDED,
    AnkiCard,
    AnkiNote,
    AnkiNoteType,
    AnkiPackage,
    AnkiReview,
    ReviewKind,
)
from studytui.store.events import Body, Event, Moment, Practice, Review, Suspend

DEVICE = hashlib.sha256(b"anki").hexdigest()[:32]
"""Reviews from a package count as those of one device of their own, on every machine."""
SAME_REVIEW_MS = 50
"""Two grades of one card closer than this are one review, told twice."""
LONGEST_REVIEW_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What a package gives: files of a new pack by relative path, and events in time order.

    ``left_out`` says in words what could not be taken.
    """

    files: Mapping[str, str]
    events: tuple[Event, ...]
    notes: int
    cards: int
    left_out: tuple[str, ...]


def take_package(
    package: AnkiPackage,
    *,
    name: str,
    moment_of: Callable[[int], Moment],
    reviewed: Callable[[str], list[int]],
) -> Imported:
    """Turn ``package`` into a pack called ``name`` and events.

    ``moment_of`` gives the study day of an instant (ms UTC); ``reviewed`` the instants at which
    the journal has reviews of a card already: those are not told twice. Notes that studytui itself
    exported give history only.
    """
    kinds = {kind.id: kind for kind in package.note_types}
    notes = {note.id: note for note in package.notes}
    ids: dict[int, str] = {}
    decks: dict[str, list[Note]] = {}
    written: set[str] = set()
    left_out: list[str] = []
    for card in package.cards:
        note = notes.get(card.note)
        kind = kinds.get(note.type) if note else None
        if note is None or kind is None:
            left_out.append(f"card {card.id}: its note is missing")
            continue
        if is_ours(kind):
            ids[card.id] = _own_id(note, kind, card)
            continue
        made = _foreign(note, kind, card)
        if made is None:
            left_out.append(f"note {note.guid}: card {card.ordinal + 1} is empty")
            continue
        ids[card.id] = f"{made.id}/c{card.ordinal + 1}" if kind.cloze else made.id
        if made.id not in written:
            written.add(made.id)
            decks.setdefault(package.decks.get(card.deck, "Default"), []).append(made)
    events = [*_reviews(package, ids, moment_of, reviewed), *_suspensions(package, ids, moment_of)]
    events.sort(key=lambda event: (event.order_ms, event.id))
    return Imported(
        files=pack_files(name, decks) if decks else {},
        events=tuple(events),
        notes=sum(map(len, decks.values())),
        cards=len(ids),
        left_out=tuple(left_out),
    )


def _own_id(note: AnkiNote, kind: AnkiNoteType, card: AnkiCard) -> str:
    own = from_html(note.fields[kind.fields.index(ID_FIELD)])
    return f"{own}/c{card.ordinal + 1}" if kind.cloze else own


def _foreign(note: AnkiNote, kind: AnkiNoteType, card: AnkiCard) -> Note | None:
    identity = f"anki-{hashlib.sha256(note.guid.encode()).hexdigest()[:12]}"
    fields = dict(zip(kind.fields, note.fields, strict=False))
    if kind.cloze:
        text = next((value for value in note.fields if re.search(r"\{\{c\d+::", value)), "")
        extra = "\n\n".join(from_html(value) for value in note.fields if value != text and value)
        return ClozeNote(identity, from_html(text), extra) if text else None
    if not kind.templates:
        return None
    _, front, back = kind.templates[min(card.ordinal, len(kind.templates) - 1)]
    ask, answer = from_html(question_html(front, fields)), from_html(answer_html(back, fields))
    if not ask or not answer:
        return None
    return BasicNote(f"{identity}-{card.ordinal + 1}" if card.ordinal else identity, ask, answer)


def _reviews(
    package: AnkiPackage,
    ids: Mapping[int, str],
    moment_of: Callable[[int], Moment],
    reviewed: Callable[[str], list[int]],
) -> list[Event]:
    known: dict[str, list[int]] = {}
    retention = {card.id: card.desired_retention or 0.9 for card in package.cards}
    events = []
    for review in package.reviews:
        card = ids.get(review.card)
        body = _body(review, card, retention.get(review.card, 0.9)) if card else None
        if card is None or body is None:
            continue
        if card not in known:
            known[card] = reviewed(card)
        if any(abs(instant - review.id) <= SAME_REVIEW_MS for instant in known[card]):
            continue
        events.append(_event(f"review\0{card}\0{review.id}", body, moment_of(review.id)))
    return events


def _body(review: AnkiReview, card: str, retention: float) -> Body | None:
    if review.kind in (ReviewKind.MANUAL, ReviewKind.RESCHEDULED) or not 1 <= review.grade <= 4:
        return None
    duration = min(max(0, review.milliseconds), LONGEST_REVIEW_MS)
    # A review in a filtered deck that doesn't reschedule has no factor.
    if review.kind is ReviewKind.FILTERED and review.factor == 0:
        return Practice(card, review.grade, duration)
    return Review(card, review.grade, duration, retention=min(0.999, max(0.5, retention)))


def _suspensions(
    package: AnkiPackage, ids: Mapping[int, str], moment_of: Callable[[int], Moment]
) -> list[Event]:
    return [
        _event(
            f"suspend\0{ids[card.id]}\0{card.modified}",
            Suspend(ids[card.id]),
            moment_of(card.modified * 1000),
        )
        for card in package.cards
        if card.queue == SUSPENDED and card.id in ids
    ]


def _event(key: str, body: Body, moment: Moment) -> Event:
    """An event whose id follows from what it says, so that a second import adds nothing."""
    identity = hashlib.sha256(f"anki\0{key}".encode()).hexdigest()[:32]
    return Event(identity, DEVICE, moment, moment.instant_ms, body)


def pack_name(stem: str) -> str:
    """The name of the pack that a package called ``stem`` becomes."""
    return f"anki-{slug(stem)}"
