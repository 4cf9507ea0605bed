"""Help fades as the reader learns: how much of a derivation stands there at each meeting.

At the first meeting all lines stand there but one that carries the idea; then two are missing, then
only what is done is said, then the page is empty, at last the goal is hidden too (Renkl 2002;
adaptive fading is better than fixed: Salden 2009). The stage follows from the journal alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

from studytui.store.events import Derived, Event

if TYPE_CHECKING:
    from studytui.study.desk import Desk

TRIFLES = 1
"""Refuted lines that are slips: with more of them the stage stays."""


class Stage(IntEnum):
    """How much is asked of the reader."""

    LAST_KEY = 1
    """All lines stand there but the last that carries the idea."""
    TWO_KEYS = 2
    """All but two of them."""
    SKELETON = 3
    """Of each line only the words stand there; from here on the schedule counts."""
    EMPTY = 4
    """The given and the goal."""
    TITLE = 5
    """The given and the title: the goal is the reader's too."""

    @property
    def words(self) -> str:
        """What is asked, in a few words."""
        return _WORDS[self]

    @property
    def is_scheduled(self) -> bool:
        """Whether a pass says something of memory: below, nearly all is on the page."""
        return self >= Stage.SKELETON


_WORDS = {
    Stage.LAST_KEY: "one line missing",
    Stage.TWO_KEYS: "two lines missing",
    Stage.SKELETON: "words only",
    Stage.EMPTY: "empty page",
    Stage.TITLE: "from the title",
}


def stage_of(desk: Desk, derivation: str) -> Stage:
    """The stage at which a derivation is asked now. Raises StoreError."""
    return stage_after(desk.ledger.journal.history(derivation))


def stage_after(events: Iterable[Event]) -> Stage:
    """The stage that the work so far leads to: at most one up or down on a study day."""
    stage, changed_on = Stage.LAST_KEY, 0
    for event in events:
        body = event.body
        if not isinstance(body, Derived) or event.moment.day == changed_on:
            continue
        after = Stage(min(max(stage + _step(body, stage), Stage.LAST_KEY), Stage.TITLE))
        if after != stage:
            stage, changed_on = after, event.moment.day
    return stage


def _step(body: Derived, stage: Stage) -> int:
    """Up by unaided success at no less than what was asked, down by failure, else as it is."""
    if not body.done or body.shown or body.mistakes > 2 * TRIFLES:
        return -1
    aided = body.hints or body.mistakes > TRIFLES or body.stage < stage
    return 0 if aided else 1
