"""Every card with how it stands, chosen by a query, and what can be done to many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.memory.days import to_ms
from studytui.memory.ledger import CardAction, Outcome
from studytui.memory.rating import Rating
from studytui.memory.replay import in_force
from studytui.store.events import Bury, Report, Reset, Review, SetDue, Suspend, Tagged, Unsuspend
from studytui.store.states import CardState, Phase
from studytui.study.own_versions import Version, version_of
from studytui.study.questions import place_of
from studytui.study.tagging import matches, tag_of, tags_of

if TYPE_CHECKING:
    from studytui.study.desk import Desk


class Standing(Enum):
    """Where a card stands in the schedule."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card in the list. ``due`` is a day as ``2026-03-02``, empty for a new card.

    ``stability`` is in days; ``reported`` is what the reader last found wrong with it; of a card of
    the reader's own ``source`` is where it stands, as ``file:line``.
    """

    card: str
    article: str
    title: str
    track: str
    standing: Standing
    due: str
    is_due: bool
    stability: float
    difficulty: float
    reps: int
    lapses: int
    leech: bool
    reported: str
    tags: tuple[str, ...] = ()
    version: Version = Version.NONE
    source: str = ""


def browse(desk: Desk, query: str, now: datetime) -> list[CardRow]:
    """The cards that a query chooses, in the order of the library.

    A query is words and filters, all of which must hold: ``track:llm``, ``article:lora``,
    ``is:new``, ``is:learning``, ``is:review``, ``is:due``, ``is:suspended``, ``is:leech``,
    ``is:reported``, ``is:own`` (made or changed by the reader), ``is:outdated`` (a version of which
    the original has changed), ``tag:exam`` (and ``tag:exam::2``, but not ``tag:examples``); any
    other word stands in the card's id or in the title of its article.

    Raises:
        StudyError: A filter is not known, or there is no such track or article.
    """
    rows = list(_rows(desk, now))
    tests = [_test(word, rows) for word in query.split()]
    return [row for row in rows if all(test(row) for test in tests)]


def _rows(desk: Desk, now: datetime) -> Iterator[CardRow]:
    ledger = desk.ledger
    states = dict(ledger.journal.states.all())
    reports = {
        card: event.body.text
        for card, event in ledger.journal.latest(Report.kind).items()
        if isinstance(event.body, Report)
    }
    day, now_ms = ledger.days.day(now), to_ms(now)
    library, tags = desk.library, tags_of(desk)
    for entry in library.entries:
        for card in library.scheduled(entry):
            version = version_of(desk, card)
            state = states.get(card, CardState())
            yield CardRow(
                card=card,
                article=entry.id,
                title=entry.title,
                track=library.track_of(entry),
                standing=_standing(state),
                due=_due(desk, state),
                is_due=_is_due(state, day, now_ms),
                stability=round(state.stability, 2),
                difficulty=round(state.difficulty, 2),
                reps=state.reps,
                lapses=state.lapses,
                leech=ledger.is_leech(state),
                reported=reports.get(card, ""),
                tags=tuple(sorted(tags.get(card, ()))),
                version=version,
                source=_source(desk, card) if version is not Version.NONE else "",
            )


def last_grade(desk: Desk, card: str) -> str:
    """The word of the last grade that is in force; empty of a card that was never graded."""
    rows = in_force(desk.ledger.journal.card_rows(card))
    grades = [grade for _, kind, _, _, _, grade, *_ in rows if kind == Review.kind and grade]
    return Rating(grades[-1]).name.lower() if grades else ""


def _source(desk: Desk, card: str) -> str:
    """Where a card of the reader's own stands: ``file:line``."""
    place = place_of(desk, card)
    return f"{place.path}:{place.line}"


def _standing(state: CardState) -> Standing:
    if state.suspended:
        return Standing.SUSPENDED
    match state.phase:
        case Phase.NEW:
            return Standing.NEW
        case Phase.REVIEW:
            return Standing.REVIEW
        case _:
            return Standing.LEARNING


def _due(desk: Desk, state: CardState) -> str:
    if state.phase == Phase.NEW:
        return ""
    in_review = state.phase == Phase.REVIEW
    day = state.due_day if in_review else desk.ledger.days.day_of_ms(state.due_ms)
    return date.fromordinal(day).isoformat()


def _is_due(state: CardState, day: int, now_ms: int) -> bool:
    if state.suspended or state.phase == Phase.NEW or state.buried_day == day:
        return False
    return state.due_day <= day if state.phase == Phase.REVIEW else state.due_ms <= now_ms


def _stands(standing: Standing) -> Callable[[CardRow], bool]:
    return lambda row: row.standing is standing


_IS: dict[str, Callable[[CardRow], bool]] = {
    **{each.value: _stands(each) for each in Standing},
    "due": lambda row: row.is_due,
    "leech": lambda row: row.leech,
    "reported": lambda row: bool(row.reported),
    "own": lambda row: row.version is not Version.NONE,
    "outdated": lambda row: row.version is Version.OUTDATED,
}


def _test(word: str, rows: Sequence[CardRow]) -> Callable[[CardRow], bool]:
    name, colon, value = word.partition(":")
    match name if colon else "":
        case "is":
            if value not in _IS:
                raise StudyError(f"no card is '{value}'", todo=f"Known: {', '.join(_IS)}")
            return _IS[value]
        case "track":
            known = {row.track for row in rows}
            if value not in known:
                raise StudyError(f"there is no track {value}", todo=f"Tracks: {_listed(known)}")
            return lambda row: row.track == value
        case "tag":
            tags = frozenset(tag for row in rows for tag in row.tags)
            if not matches(tags, value):
                listed = f"Tags: {', '.join(sorted(tags))}" if tags else "No card has a tag yet"
                raise StudyError(f"no card has the tag '{value}'", todo=listed)
            return lambda row: matches(frozenset(row.tags), value)
        case "article":
            if not any(row.article == value for row in rows):
                raise StudyError(f"there is no article {value}", todo="studytui cards lists them")
            return lambda row: row.article == value
        case _:
            wanted = word.casefold()
            return lambda row: wanted in row.card.casefold() or wanted in row.title.casefold()


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done to cards; one of the fields is set."""

    suspend: bool = False
    unsuspend: bool = False
    bury: bool = False
    reset: bool = False
    due: date | None = None
    tag: str = ""
    untag: str = ""

    def action(self, row: CardRow) -> CardAction | None:
        """What the journal is told of a card; None where it would change nothing."""
        suspended = row.standing is Standing.SUSPENDED
        if self.suspend:
            return None if suspended else Suspend(row.card)
        if self.unsuspend:
            return Unsuspend(row.card) if suspended else None
        if self.bury:
            return Bury(row.card)
        if self.reset:
            return Reset(row.card) if row.reps else None
        if self.due is not None:
            in_review = row.standing is Standing.REVIEW
            return SetDue(row.card, self.due.toordinal()) if in_review else None
        if self.tag:
            return None if self.tag in row.tags else Tagged(row.card, tag_of(self.tag))
        if self.untag:
            there = self.untag in row.tags
            return Tagged(row.card, tag_of(self.untag), on=False) if there else None
        return None


def change(
    desk: Desk, rows: Sequence[CardRow], wanted: Change, now: datetime
) -> tuple[Outcome, ...]:
    """Do it to every card of the list; what changed. Their history stays in the journal."""
    actions = [action for row in rows if (action := wanted.action(row)) is not None]
    return tuple(desk.ledger.act(action, now) for action in actions)


def take_back(desk: Desk, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Undo a change of many cards, the last one first."""
    for outcome in reversed(outcomes):
        desk.ledger.take_back(outcome, now)
