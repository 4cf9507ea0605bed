"""An Anki package as notes of a studytui pack and events for the journal. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from studytui.exchange.anki_history import History
from studytui.exchange.anki_notes import ID_FIELD, is_ours
from studytui.exchange.clozes import read_clozes
from studytui.exchange.fields import from_html, pictures_of, sounds_of
from studytui.exchange.pack_files import BasicNote, ClozeNote, Note
from studytui.exchange.templates import answer_html, question_html
from studytui.store.anki.records import AnkiCard, AnkiNote, AnkiNoteType, AnkiPackage

_DEFAULT_DECK = "Default"


@dataclass(frozen=True, slots=True)
class Imported:
    """What a package gives: notes by deck, and the history of their cards.

    ``left_out`` says in words and by count what could not be taken. ``pictures`` are the files that
    the notes of each deck show: their names in the package, and beside the articles.
    """

    decks: Mapping[str, Sequence[Note]]
    history: History
    cards: int
    left_out: tuple[str, ...]
    pictures: Mapping[str, Mapping[str, str]]

    @property
    def notes(self) -> int:
        """How many notes there are, in all decks."""
        return sum(map(len, self.decks.values()))


def take_package(package: AnkiPackage, known: Mapping[str, Sequence[int]]) -> Imported:
    """Turn ``package`` into notes and their history.

    ``known`` has the instants at which the journal holds reviews of a card already: those are not
    told twice. Notes that studytui itself exported give history only.
    """
    kinds = {kind.id: kind for kind in package.note_types}
    ours = {kind.id for kind in package.note_types if is_ours(kind)}
    notes = {note.id: note for note in package.notes}
    ids: dict[int, str] = {}
    decks: defaultdict[str, dict[str, Note]] = defaultdict(dict)
    left_out: Counter[str] = Counter()
    used: dict[int, AnkiNote] = {}
    pictures: dict[str, dict[str, str]] = {}
    for what, count in package.odd.items():
        left_out[f"{what} that hold something odd"] += count
    for card in package.cards:
        note = notes.get(card.note)
        kind = kinds.get(note.type) if note else None
        if note is None or kind is None:
            left_out["cards whose note is missing"] += 1
            continue
        if kind.id in ours:
            ids[card.id] = _own_id(note, kind, card)
            continue
        made = _foreign(note, kind, card)
        if made is None:
            left_out["cards that are empty"] += 1
            continue
        ids[card.id] = made.scheduled
        deck = package.decks.get(card.deck, _DEFAULT_DECK)
        decks[deck].setdefault(made.note.id, made.note)
        used[note.id] = note
        if shown := pictures_of(made.sources):
            pictures.setdefault(deck, {}).update(shown)
    left_out["sounds"] += sum(sounds_of(note.fields) for note in used.values())
    return Imported(
        decks={deck: list(held.values()) for deck, held in decks.items()},
        history=History(package, ids, known),
        cards=len(ids),
        left_out=tuple(f"{count} {what}" for what, count in left_out.items() if count),
        pictures=pictures,
    )


class _Made(NamedTuple):
    """A note for the pack, the id under which the card in hand is scheduled, and its HTML."""

    note: Note
    scheduled: str
    sources: tuple[str, ...]


def _own_id(note: AnkiNote, kind: AnkiNoteType, card: AnkiCard) -> str:
    own = from_html(note.fields[kind.fields.index(ID_FIELD)])
    return f"{own}/c{card.ordinal + 1}" if kind.cloze else own


def note_id(guid: str) -> str:
    """The id that an Anki note has here, whichever package it comes in."""
    return f"anki-{hashlib.sha256(guid.encode()).hexdigest()[:12]}"


def _foreign(note: AnkiNote, kind: AnkiNoteType, card: AnkiCard) -> _Made | None:
    identity = note_id(note.guid)
    fields = dict(zip(kind.fields, note.fields, strict=False))
    if kind.cloze:
        return _cloze(identity, note, card.ordinal + 1)
    if not kind.templates:
        return None
    _, front, back = kind.templates[min(card.ordinal, len(kind.templates) - 1)]
    sources = question_html(front, fields), answer_html(back, fields)
    ask, answer = map(from_html, sources)
    if not ask or not answer:
        return None
    name = f"{identity}-{card.ordinal + 1}" if card.ordinal else identity
    return _Made(BasicNote(name, ask, answer, note.tags), name, sources)


def _cloze(identity: str, note: AnkiNote, number: int) -> _Made | None:
    found = next(
        ((value, text) for value in note.fields if (text := read_clozes(value)) is not None), None
    )
    if found is None:
        return None
    source, text = found
    extra = "\n\n".join(from_html(value) for value in note.fields if value != source and value)
    if number not in text.numbers:
        return None
    if text.is_plain:
        made = ClozeNote(identity, from_html(text.source), extra, note.tags)
        return _Made(made, f"{identity}/c{number}", note.fields)
    # Gaps within gaps, or one in several numbers: a note for each, with only its own gaps.
    name = f"{identity}-{number}"
    made = ClozeNote(name, from_html(text.alone(number)), extra, note.tags)
    return _Made(made, f"{name}/c1", note.fields)
