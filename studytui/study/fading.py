"""Help fades as the reader learns: how much of a derivation or an exercise stands there each time.

At the first meeting of a derivation all lines stand there but one that carries the idea; then two
are missing, then only what is done is said, then the page is empty, at last the goal is hidden too
(Renkl 2002; adaptive fading is better than fixed: Salden 2009). Of an exercise one line is missing
first, then all under the signature, then the file is empty. Whoever fails with nearly all of it on
the page watches it once. The stage follows from the journal alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

from studytui.store.events import Derived, Exercised, Placed

if TYPE_CHECKING:
    from studytui.store.events import Body, Event
    from studytui.study.desk import Desk

TRIFLES = 1
"""Refuted lines that are slips: with more of them the stage stays."""
FEW_TRIES = 3
"""Checks of an exercise that failed before the one that passed: with more of them it was hard."""


class Stage(IntEnum):
    """How much of a derivation is asked of the reader."""

    WATCH = 0
    """Its lines are uncovered one by one, each after the question what the reader would do."""
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


class Rung(IntEnum):
    """How much of an exercise is asked of the reader."""

    WATCH = 0
    """The solution stands there: it is read, and its check is run."""
    LAST_LINE = 1
    """It stands there but for its last line of weight."""
    SKELETON = 2
    """The signature, its docstring and the task; from here on the schedule counts."""
    EMPTY = 3
    """Nothing but what it is called."""

    @property
    def words(self) -> str:
        """What is asked, in a few words."""
        return _RUNG_WORDS[self]

    @property
    def is_scheduled(self) -> bool:
        """Whether a pass says something of memory: below, nearly all is on the page."""
        return self >= Rung.SKELETON


_RUNG_WORDS = {
    Rung.WATCH: "watch",
    Rung.LAST_LINE: "one line missing",
    Rung.SKELETON: "signature only",
    Rung.EMPTY: "empty page",
}
_WORDS = {
    Stage.WATCH: "watch",
    Stage.LAST_KEY: "one line missing",
    Stage.TWO_KEYS: "two lines missing",
    Stage.SKELETON: "words only",
    Stage.EMPTY: "empty page",
    Stage.TITLE: "from the title",
}


def stage_of(desk: Desk, derivation: str) -> Stage:
    """The stage at which a derivation is asked now. Raises StoreError."""
    known = is_placed(desk, derivation)
    return stage_after(desk.ledger.journal.history(derivation), first_stage(known=known))


def rung_of(desk: Desk, exercise: str) -> Rung:
    """The rung at which an exercise is asked now. Raises StoreError."""
    known = is_placed(desk, exercise)
    return rung_after(desk.ledger.journal.history(exercise), first_rung(known=known))


def is_placed(desk: Desk, name: str) -> bool:
    """Whether it stands in an article that is known without being read. Raises StoreError."""
    article = desk.library.article_of(name)
    if article is None:
        return False
    last = desk.ledger.journal.last(Placed.kind, article)
    if last is None or not isinstance(last.body, Placed) or not last.body.known:
        return False
    probes = (
        task.ids[0]
        for section in desk.library.entry(article).outline
        for task in section.tasks
        if task.probe
    )
    return not any(desk.ledger.state(probe).lapses for probe in probes)


def first_stage(*, known: bool = False) -> Stage:
    """Where a derivation begins; help harms who ``known`` its article before (Kalyuga 2007)."""
    return Stage.EMPTY if known else Stage.LAST_KEY


def first_rung(*, known: bool = False) -> Rung:
    """Where an exercise begins."""
    return Rung.EMPTY if known else Rung.LAST_LINE


def stage_after(events: Iterable[Event], first: Stage = Stage.LAST_KEY) -> Stage:
    """The stage that the work so far leads to: at most one up or down on a study day."""
    return Stage(_climbed(events, first, Stage.TITLE, _step))


def rung_after(events: Iterable[Event], first: Rung = Rung.LAST_LINE) -> Rung:
    """The rung that the work so far leads to: at most one up or down on a study day."""
    return Rung(_climbed(events, first, Rung.EMPTY, _rung_step))


def _climbed(
    events: Iterable[Event], place: int, most: int, step: Callable[[Body, int], int]
) -> int:
    changed_on = 0
    for event in events:
        if event.moment.day == changed_on:
            continue
        after = min(max(place + step(event.body, place), 0), most)
        if after != place:
            place, changed_on = after, event.moment.day
    return place


def _step(body: Body, stage: int) -> int:
    """Up by unaided success at no less than what was asked, down by failure, else as it is."""
    if not isinstance(body, Derived):
        return 0
    if not body.done or body.shown or body.mistakes > 2 * TRIFLES:
        return -1
    # To watch is help enough: whoever has seen it to its end goes on.
    aided = (body.hints or body.mistakes > TRIFLES) and stage != Stage.WATCH
    return 0 if aided or body.stage < stage else 1


def _rung_step(body: Body, rung: int) -> int:
    """The same of an exercise; to have seen the solution is failure."""
    if not isinstance(body, Exercised):
        return 0
    if not body.passed or body.shown:
        return -1
    aided = (body.hints or body.tries > FEW_TRIES) and rung != Rung.WATCH
    return 0 if aided or body.rung < rung else 1
