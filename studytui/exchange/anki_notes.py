"""Cards as Anki notes: the note types that studytui writes, and their fields."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studytui.exchange.markup import to_html
from studytui.store.anki.records import AnkiNoteType

if TYPE_CHECKING:
    from studytui.cards.card import Card
    from studytui.cards.question import Question

ID_FIELD = "studytui id"
STYLE = ".card { font-family: sans-serif; text-align: left; max-width: 40em; margin: auto; }"
_FRONT = "{{Front}}"
_BACK = "{{FrontSide}}<hr id=answer>{{Back}}<br>{{Why}}"
_CLOZE_BACK = "{{cloze:Text}}<br>{{Why}}"

BASIC = AnkiNoteType(
    id=1_790_000_000_001,
    name="studytui",
    fields=(ID_FIELD, "Front", "Back", "Why"),
    templates=(("Card", _FRONT, _BACK),),
    style=STYLE,
)
CLOZE = AnkiNoteType(
    id=1_790_000_000_002,
    name="studytui cloze",
    fields=(ID_FIELD, "Text", "Why"),
    templates=(("Cloze", "{{cloze:Text}}", _CLOZE_BACK),),
    cloze=True,
    style=STYLE,
)


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A note to be: its type, its fields, and the scheduled card of each ordinal."""

    identity: str
    type: AnkiNoteType
    fields: tuple[str, ...]
    cards: tuple[tuple[int, str], ...]


def is_ours(kind: AnkiNoteType) -> bool:
    """Whether studytui wrote the note type."""
    return kind.fields[:1] == (ID_FIELD,)


def draft(card: Card, answer: str) -> NoteDraft:
    """The note of a card. ``answer`` is Markdown: what is shown when the card is turned."""
    if card.gapped_text:
        numbers = tuple((int(name.rpartition("/c")[2]) - 1, name) for name in card.scheduled_ids)
        texts = (card.id, to_html(card.gapped_text), to_html(card.why))
        return NoteDraft(card.id, CLOZE, texts, numbers)
    question = card.question(card.id, 0)
    fields = (card.id, _front(question), to_html(answer), to_html(question.why))
    return NoteDraft(card.id, BASIC, fields, ((0, card.id),))


def _front(question: Question) -> str:
    parts = [question.prompt]
    if question.code:
        parts.append(f"```python\n{question.code.rstrip()}\n```")
    parts += [f"- {option}" for option in question.options]
    return to_html("\n\n".join(parts[:1]) + "\n\n" + "\n".join(parts[1:]))


def stable_number(name: str, taken: set[int]) -> int:
    """An Anki id that follows from ``name``: like theirs an instant in ms, between 2001 and 2019.

    One that is in ``taken`` is passed over, and the new one is added to it.
    """
    digest = hashlib.sha256(f"studytui\0{name}".encode()).digest()
    number = 1_000_000_000_000 + (int.from_bytes(digest[:8], "big") >> 25)
    while number in taken:
        number += 1
    taken.add(number)
    return number
