"""The tags of cards: those that their sources name, with what the reader put on and took off.

Tags of the reader live in the journal: they travel with it, and a shipped card can have them too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.store.events import Event, Redo, Tagged, Undo

if TYPE_CHECKING:
    from studytui.study.desk import Desk

LONGEST = 60
_TAG = re.compile(r"[^\s,:\x00-\x1f\x7f-\x9f][^\s,\x00-\x1f\x7f-\x9f]*")


def tag_of(text: str) -> str:
    """A tag as it is kept. StudyError when it is none: it is one word, as in ``exam::2``."""
    tag = text.strip().removeprefix("#")
    if not _TAG.fullmatch(tag) or len(tag) > LONGEST:
        what = "a tag is one word without commas, of at most 60 letters"
        raise StudyError(f"'{text.strip()[:LONGEST]}' is no tag", todo=f"{what}, as in exam::2")
    return tag


def tags_of(desk: Desk) -> dict[str, frozenset[str]]:
    """The tags of every card that has some, by its scheduled id."""
    found = {card: frozenset(tags) for card, tags in desk.library.tags.items()}
    for card, changes in _given(desk).items():
        kept = {tag for tag in found.get(card, ()) if changes.get(tag, True)}
        kept |= {tag for tag, on in changes.items() if on}
        found[card] = frozenset(kept)
    return {card: tags for card, tags in found.items() if tags}


def _given(desk: Desk) -> dict[str, dict[str, bool]]:
    """What the reader put on (True) and took off, by card; what was undone is left out."""
    events: list[Event] = []
    gone: set[str] = set()
    for event in desk.ledger.journal.events(kinds=(Tagged.kind, Undo.kind, Redo.kind)):
        match event.body:
            case Tagged():
                events.append(event)
            case Undo(target=target):
                gone.add(target)
            case Redo(target=target):
                gone.discard(target)
            case _:
                pass  # no other kind was asked for
    found: dict[str, dict[str, bool]] = {}
    for event in events:
        if isinstance(event.body, Tagged) and event.id not in gone:
            found.setdefault(event.body.card, {})[event.body.tag] = event.body.on
    return found


def matches(tags: frozenset[str], wanted: str) -> bool:
    """Whether a card with these tags is chosen: ``exam`` chooses ``exam::2`` too, as Anki does."""
    wanted = wanted.casefold()
    return any(tag.casefold() == wanted or tag.casefold().startswith(f"{wanted}::") for tag in tags)
