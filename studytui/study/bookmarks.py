"""Places that the reader marked: set by one key, taken away by the same, kept in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from studytui.store.events import Bookmark

if TYPE_CHECKING:
    from studytui.study.desk import Desk

MOST_WORDS = 120
"""Characters of the words that stand at a place."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A bookmark: a line of an article's source, and the heading or words that stand there."""

    article: str
    line: int
    words: str


def bookmarks(desk: Desk) -> tuple[Marked, ...]:
    """The bookmarks that are set, the newest first. Raises StoreError."""
    latest = desk.ledger.journal.latest(Bookmark.kind).values()
    found = sorted(latest, key=lambda event: -event.order_ms)
    bodies = (event.body for event in found if isinstance(event.body, Bookmark))
    return tuple(Marked(body.article, body.line, body.words) for body in bodies if body.kept)


def toggle(desk: Desk, mark: Marked, now: datetime) -> bool:
    """Set a bookmark, or take it away where it is set; whether it is set now. Raises StoreError."""
    is_set = any((each.article, each.line) == (mark.article, mark.line) for each in bookmarks(desk))
    words = mark.words[:MOST_WORDS]
    name = f"{mark.article}:{mark.line}"
    desk.ledger.record(Bookmark(name, mark.article, mark.line, words, not is_set), now)
    return not is_set
