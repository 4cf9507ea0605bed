"""Cards with their schedule and history as an Anki package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from studytui.cards.card import Card
from studytui.exchange.anki_notes import BASIC, CLOZE, draft, stable_number
from studytui.exchange.pictures import PictureFiles
from studytui.memory.days import StudyDays
from studytui.memory.history import Taken
from studytui.store.anki.records import (
    SUSPENDED,
    AnkiCard,
    AnkiNote,
    AnkiPackage,
    AnkiReview,
    CardType,
    ReviewKind,
)
from studytui.store.states import NEW_CARD, CardState, Phase

SECOND_MS = 1000
DAY_SECONDS = 86_400
REMAINING_STEPS = 1001
"""Anki's ``left``: steps to go today and altogether, one each."""
_KINDS = {
    Phase.NEW: ReviewKind.LEARNING,
    Phase.LEARNING: ReviewKind.LEARNING,
    Phase.REVIEW: ReviewKind.REVIEW,
    Phase.RELEARNING: ReviewKind.RELEARNING,
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards of one article with the deck they go to; ``answers`` are Markdown by card id.

    ``folder`` is where the article's pictures are.
    """

    deck: str
    article: str
    folder: Path
    cards: tuple[Card, ...]
    answers: Mapping[str, str]


TimedReview = tuple[Taken, int]
"""A review and how long it took, in ms."""


def make_package(
    shelves: Sequence[Shelf],
    states: Mapping[str, CardState],
    reviews: Callable[[str], Iterable[TimedReview]],
    days: StudyDays,
    today: int,
) -> AnkiPackage:
    """Everything on ``shelves``; ``reviews`` gives the reviews in force of a scheduled card.

    ``today`` is a study day (ordinal): with no history the collection begins there.
    """
    begins = min((state.first_day for state in states.values() if state.first_day), default=today)
    taken: set[int] = set()
    decks: dict[str, int] = {}
    notes: list[AnkiNote] = []
    cards: list[AnkiCard] = []
    log: list[AnkiReview] = []
    pictures = PictureFiles()
    for shelf in shelves:
        deck = decks.setdefault(shelf.deck, 0) or stable_number(f"deck {shelf.deck}", taken)
        decks[shelf.deck] = deck
        for card in shelf.cards:
            made = draft(card, shelf.answers.get(card.id, ""))
            note = stable_number(f"note {card.id}", taken)
            guid = f"studytui:{card.id}"
            # A blank parts tags in Anki.
            tags = (shelf.article, *("_".join(tag.split()) for tag in card.tags))
            fields = pictures.embedded(made.fields, shelf.folder)
            notes.append(AnkiNote(note, guid, made.type.id, fields, tags))
            for ordinal, name in made.cards:
                number = stable_number(f"card {name}", taken)
                state = states.get(name, NEW_CARD)
                history = list(reviews(name))
                cards.append(_card(number, note, ordinal, deck, state, history, begins, len(cards)))
                log += [_review(number, *each) for each in history]
    return AnkiPackage(
        created=int(days.begins(begins).timestamp()),
        note_types=(BASIC, CLOZE),
        decks={number: name for name, number in decks.items()},
        notes=tuple(notes),
        cards=tuple(cards),
        reviews=_parted(log),
        media=pictures.files,
    )


def _card(
    number: int,
    note: int,
    ordinal: int,
    deck: int,
    state: CardState,
    history: Sequence[TimedReview],
    begins: int,
    position: int,
) -> AnkiCard:
    queue, due = _place(state, begins, position)
    return AnkiCard(
        id=number,
        note=note,
        ordinal=ordinal,
        deck=deck,
        type=CardType(state.phase),
        queue=SUSPENDED if state.suspended else queue,
        due=due,
        interval=state.interval,
        repetitions=state.reps,
        lapses=state.lapses,
        remaining=REMAINING_STEPS if state.phase in (Phase.LEARNING, Phase.RELEARNING) else 0,
        modified=state.last_ms // SECOND_MS,
        # Anki keeps four decimals of the one and three of the other.
        stability=round(state.stability, 4) if state.reps else None,
        difficulty=round(state.difficulty, 3) if state.reps else None,
        desired_retention=history[-1][0].retention if history else None,
        last_review=state.last_ms // SECOND_MS if state.reps else None,
    )


def _place(state: CardState, begins: int, position: int) -> tuple[int, int]:
    """Queue and due of a card: 0 new by position, 1 learning by second, 2 review by day."""
    match state.phase:
        case Phase.NEW:
            return 0, position + 1
        case Phase.REVIEW:
            return 2, state.due_day - begins
        case _:
            return 1, state.due_ms // SECOND_MS


def _review(card: int, taken: Taken, milliseconds: int) -> AnkiReview:
    return AnkiReview(
        id=taken.instant_ms,
        card=card,
        grade=taken.grade,
        interval=_interval(taken.after),
        last_interval=_interval(taken.before),
        # Between 100 and 1100, difficulty stands where SM-2 kept the ease.
        factor=round((taken.after.difficulty - 1) / 9 * 1000 + 100),
        milliseconds=milliseconds,
        kind=_KINDS[Phase(taken.before.phase)],
    )


def _interval(state: CardState) -> int:
    """Days, or negative seconds of a card in steps."""
    if state.phase == Phase.REVIEW:
        return state.interval
    return -min(DAY_SECONDS, max(0, state.due_ms - state.last_ms) // SECOND_MS)


def _parted(log: list[AnkiReview]) -> tuple[AnkiReview, ...]:
    """The log in time order, with reviews of the same millisecond moved apart: ids are unique."""
    parted: list[AnkiReview] = []
    last = 0
    for review in sorted(log, key=lambda each: (each.id, each.card)):
        last = max(review.id, last + 1)
        parted.append(review._replace(id=last))
    return tuple(parted)
