"""The events of the journal: the only truth about what a reader did.

An event is never changed or removed. Undo is a further event that names the one it takes back.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import ClassVar, NamedTuple


class Moment(NamedTuple):
    """When something happened: the instant, and what the reader's calendar called it.

    ``instant_ms`` is milliseconds since 1970 UTC; ``offset_minutes`` the local time's distance
    east of UTC; ``day`` the study day as a proleptic ordinal (``date.fromordinal``).
    """

    instant_ms: int
    offset_minutes: int
    day: int


@dataclass(frozen=True, slots=True)
class Review:
    """A card was graded: 1 again, 2 hard, 3 good, 4 easy.

    ``retention`` is the desired retention that the interval was made for, ``factor`` the place in
    the fuzz range, from 0 up to 1, None for no fuzz: with both the schedule can be replayed
    without knowing the settings or the other cards of that time.
    """

    card: str
    grade: int
    duration_ms: int = 0
    content: str = ""
    retention: float = 0.9
    factor: float | None = None
    kind: ClassVar[str] = "review"


@dataclass(frozen=True, slots=True)
class Practice:
    """A card was graded in cramming or study ahead: the schedule does not change."""

    card: str
    grade: int
    duration_ms: int = 0
    content: str = ""
    kind: ClassVar[str] = "practice"


@dataclass(frozen=True, slots=True)
class Undo:
    """Takes back the event ``target`` (its id) of the card."""

    card: str
    target: str
    kind: ClassVar[str] = "undo"


@dataclass(frozen=True, slots=True)
class Redo:
    """Puts the event ``target`` back into force after an undo."""

    card: str
    target: str
    kind: ClassVar[str] = "redo"


@dataclass(frozen=True, slots=True)
class Suspend:
    """The card is not shown until it is unsuspended. ``reason`` is ``""`` or ``leech``."""

    card: str
    reason: str = ""
    kind: ClassVar[str] = "suspend"


@dataclass(frozen=True, slots=True)
class Unsuspend:
    """The card is shown again."""

    card: str
    kind: ClassVar[str] = "unsuspend"


@dataclass(frozen=True, slots=True)
class Bury:
    """The card is not shown again on the study day of the event."""

    card: str
    kind: ClassVar[str] = "bury"


@dataclass(frozen=True, slots=True)
class Reset:
    """The card is new again; its history stays in the journal."""

    card: str
    kind: ClassVar[str] = "reset"


@dataclass(frozen=True, slots=True)
class SetMemory:
    """The card's memory as another program knew it, where no reviews say how it came about.

    ``stability`` and ``interval`` are days, ``difficulty`` 1 to 10, ``due_day`` a study day
    (ordinal); ``reps`` and ``lapses`` count from the card's beginning.
    """

    card: str
    stability: float
    difficulty: float
    interval: int
    due_day: int
    reps: int = 1
    lapses: int = 0
    kind: ClassVar[str] = "memory"


@dataclass(frozen=True, slots=True)
class SetDue:
    """The card in review is due on another study day (ordinal); its memory stays as it is."""

    card: str
    due_day: int
    kind: ClassVar[str] = "due"


@dataclass(frozen=True, slots=True)
class Report:
    """The reader found something wrong with a card, in their words."""

    card: str
    text: str
    content: str = ""
    kind: ClassVar[str] = "report"


@dataclass(frozen=True, slots=True)
class Tagged:
    """The reader put a tag on a card, or (``on`` False) took it off."""

    card: str
    tag: str
    on: bool = True
    kind: ClassVar[str] = "tag"


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """How far the reader is in an article: source line, and fraction of the whole."""

    article: str
    line: int
    fraction: float = 0.0
    kind: ClassVar[str] = "place"


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """The reader has finished an article, or (``done`` False) says it is not finished."""

    article: str
    content: str = ""
    done: bool = True
    kind: ClassVar[str] = "article-read"


@dataclass(frozen=True, slots=True)
class SectionRead:
    """A section (``article#anchor``) was read to its end, or (``done`` False) is to be again."""

    section: str
    done: bool = True
    kind: ClassVar[str] = "section"


@dataclass(frozen=True, slots=True)
class Spent:
    """The reader spent ``seconds`` on a section, snippet, card, derivation or exercise.

    Pauses are not counted. ``activity`` is ``read``, ``run``, ``answer``, ``derive`` or ``code``.
    The time of what ended with a grade, a derivation or a passed exercise stands in that event.
    """

    subject: str
    activity: str
    seconds: float
    kind: ClassVar[str] = "spent"


@dataclass(frozen=True, slots=True)
class PlanSet:
    """What the reader wants of the days to come; the last one holds.

    ``minutes`` a day, 0 for no plan. ``goal`` are ids of tracks and articles with blanks between,
    empty for all. ``why`` is the reader's own sentence.
    """

    plan: str
    minutes: int
    goal: str = ""
    why: str = ""
    kind: ClassVar[str] = "plan"


@dataclass(frozen=True, slots=True)
class MoreToday:
    """The reader has more time on the study day of the event, so many minutes."""

    plan: str
    minutes: int
    kind: ClassVar[str] = "more-today"


@dataclass(frozen=True, slots=True)
class Placed:
    """The reader answered ``right`` of ``asked`` questions about an article before it was read.

    ``known`` when it need not be read: what it asks is scheduled as known.
    """

    article: str
    right: int
    asked: int
    known: bool = False
    kind: ClassVar[str] = "placed"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place was marked, or (``kept`` False) is marked no more.

    ``mark`` is article and source line with a colon between; ``words`` stand at the place.
    """

    mark: str
    article: str
    line: int
    words: str = ""
    kept: bool = True
    kind: ClassVar[str] = "bookmark"


@dataclass(frozen=True, slots=True)
class SnippetRun:
    """A snippet was run; ``outcome`` is a word such as ``done``, ``failed``, ``stopped``."""

    snippet: str
    outcome: str
    seconds: float = 0.0
    device: str = ""
    content: str = ""
    kind: ClassVar[str] = "run"


@dataclass(frozen=True, slots=True)
class Trusted:
    """The reader has seen code of a pack and lets it run. ``digest`` is the code's hash."""

    path: str
    digest: str
    granted: bool = True
    kind: ClassVar[str] = "trust"


@dataclass(frozen=True, slots=True)
class Derived:
    """A derivation was worked on: ``lines`` are the reader's, ``done`` when the goal is reached.

    ``shown`` counts lines that were given away, ``mistakes`` those that were refuted. ``stage`` is
    how little stood on the page, from 0 (all) and 1 (all but one line) to 5 (not even the goal).
    """

    derivation: str
    lines: str
    done: bool = False
    hints: int = 0
    shown: int = 0
    mistakes: int = 0
    stage: int = 4
    seconds: float = 0.0
    kind: ClassVar[str] = "derived"


@dataclass(frozen=True, slots=True)
class Exercised:
    """An exercise was worked on: ``code`` is the reader's function, ``passed`` its check's word.

    ``tries`` counts the checks that it took; ``shown`` is 1 when the solution was asked for;
    ``rung`` is how little stood there, from 0 (all) over 2 (the signature) to 3 (nothing).
    """

    exercise: str
    code: str
    passed: bool = False
    tries: int = 0
    hints: int = 0
    shown: int = 0
    seconds: float = 0.0
    rung: int = 2
    kind: ClassVar[str] = "exercised"


@dataclass(frozen=True, slots=True)
class Exported:
    """A note went out to Anki: ``digest`` is of all it said, ``modified`` since when (epoch s)."""

    note: str
    digest: str
    modified: int
    kind: ClassVar[str] = "exported"


@dataclass(frozen=True, slots=True)
class Mistaken:
    """Classical mistakes that were shown in what the reader wrote, at a derivation or a card.

    ``mistakes`` are their names in the catalogue, as often as each was made, with spaces between.
    """

    subject: str
    mistakes: str
    kind: ClassVar[str] = "mistaken"


@dataclass(frozen=True, slots=True)
class Other:
    """An event of a kind that this version does not know: kept and passed on, never read."""

    subject: str
    name: str
    payload: str
    kind: ClassVar[str] = "other"


Body = (
    Review
    | Practice
    | Undo
    | Redo
    | Suspend
    | Unsuspend
    | Bury
    | Reset
    | SetMemory
    | SetDue
    | Report
    | Tagged
    | ReadingPlace
    | ArticleRead
    | SectionRead
    | Spent
    | PlanSet
    | MoreToday
    | Placed
    | Bookmark
    | SnippetRun
    | Trusted
    | Derived
    | Exercised
    | Mistaken
    | Exported
    | Other
)
"""What happened. The first field of each is its subject: the id that the event is about."""

SCHEDULING_KINDS = (
    *("review", "undo", "redo", "suspend", "unsuspend", "bury", "reset", "memory", "due"),
)
"""The kinds that change a card's state."""


class Event(NamedTuple):
    """A body with its identity; a tuple, for a deck brings a hundred thousand.

    ``order_ms`` sorts events: it is the instant, raised where needed so that an event always comes
    after all that its device knew when it was made, even if the clock was set back (a hybrid
    logical clock: Kulkarni et al. 2014). It never stands more than two days before the instant:
    one event far from now does not carry those after it along. Ties go by id.
    """

    id: str
    device: str
    moment: Moment
    order_ms: int
    body: Body


def new_id() -> str:
    """A random UUID (version 4) as 32 hexadecimal digits."""
    value = bytearray(os.urandom(16))
    value[6] = value[6] & 0x0F | 0x40
    value[8] = value[8] & 0x3F | 0x80
    return value.hex()
