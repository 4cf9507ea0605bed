"""A learner who lives through days on a real desk: plan, review session, journal, a shifted clock.

What is recalled follows from the learner's own memory of each card, which forgets by FSRS-6 as the
scheduler's does but begins easier or harder than the scheduler thinks; times are those that the
report on learning assumes, times the learner's pace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from studytui.library.activity import Activity
from studytui.library.outline import Section, section_id
from studytui.memory.rating import Rating
from studytui.store.events import (
    Derived,
    Exercised,
    ReadingPlace,
    SectionRead,
    SnippetRun,
    Spent,
)
from studytui.store.states import Phase
from studytui.study.desk import Desk
from studytui.study.fading import Rung, Stage
from studytui.study.planning.pieces import Piece
from studytui.study.planning.timing import FAILED, Times
from studytui.study.planning.today import Today, plan_today
from studytui.study.review import ReviewSession, Shown

START = datetime(2026, 1, 5, 18, tzinfo=UTC)
FIRST = {
    Activity.ANSWER: (0.15, 0.10, 0.65, 0.10),
    Activity.DERIVE: (0.30, 0.30, 0.40, 0.0),
    Activity.CODE: (0.40, 0.30, 0.30, 0.0),
}
"""Shares of the grades at the first meeting after reading."""
PASSING = (0.1, 0.8, 0.1)
UNEVEN = 0.35
"""How much cards differ from what the scheduler thinks: standard deviation of the logarithm of the
first stability. What follows from it is the model's own: whoever recalls what was nearly forgotten
keeps it longer."""
SAME_DAY = 0.95
"""Chance to recall what was seen some minutes ago."""
MOST_PIECES = 200


@dataclass(frozen=True, slots=True)
class Recalled:
    """One recall on a later day than the one before: its ``day`` and whether it was a ``hit``.

    ``chance`` is what the learner's own memory made of it, ``expected`` the scheduler's
    probability, ``late`` the days after it was due.
    """

    day: int
    hit: bool
    chance: float
    expected: float
    late: int


@dataclass
class Lived:
    """What came of it: ``minutes`` by day, each recall, what was asked before its section.

    ``in_a_row`` counts cards that came after one of the same article while one of another waited,
    of ``mixed`` cards that came after any.
    """

    minutes: list[float] = field(default_factory=list)
    cards: list[Recalled] = field(default_factory=list)
    deep: list[Recalled] = field(default_factory=list)
    too_early: list[str] = field(default_factory=list)
    in_a_row: int = 0
    mixed: int = 0
    kinds: set[Activity] = field(default_factory=set)
    last: Today | None = None
    """The plan after the last day."""


class Learner:
    """``pace`` 1.5 is half as fast again as assumed; the seed makes the days repeatable."""

    def __init__(self, desk: Desk, *, pace: float = 1.0, seed: int = 1) -> None:
        self.desk = desk
        self.pace = pace
        self.random = Random(seed)
        self.lived = Lived()
        self._records, self._day = desk.records(), 0
        self._memory: dict[str, tuple[float, float, int]] = {}
        """The learner's own: stability, difficulty, and the study day of the last meeting."""
        self._guess = Times()
        self._now = START
        self._seconds = 0.0

    def live(self, day: int, *, studies: bool = True) -> None:
        """One day; what was begun before is not asked about."""
        self._now, self._seconds = START + timedelta(days=day), 0.0
        self._records, self._day = self.desk.records(), day
        for _ in range(MOST_PIECES if studies else 0):
            today = plan_today(self.desk, self._now, told=False)
            assert today is not None
            if not today.day.pieces:
                break
            self._do(today, today.day.pieces[0])
        else:
            assert not studies, "the day does not end"
        self.lived.minutes.append(self._seconds / 60)

    def end(self) -> Lived:
        """What came of all days."""
        self.lived.last = plan_today(self.desk, self._now)
        return self.lived

    def _do(self, today: Today, piece: Piece) -> None:
        self.lived.kinds.add(piece.activity)
        match piece.activity:
            case Activity.READ:
                self._read(today, piece)
            case Activity.RUN:
                taken = self._taken(self._guess.run())
                self._record(Spent(piece.cards[0], "run", taken))
                self._record(SnippetRun(piece.cards[0], "ok", 5.0))
            case Activity.ANSWER:
                self._answer(today, piece)
            case Activity.DERIVE | Activity.CODE:
                self._work(today, piece)

    def _record(self, body: object) -> None:
        self.desk.ledger.record(body, self._now)  # type: ignore[arg-type]

    def _taken(self, seconds: float) -> float:
        taken = seconds / self.pace * self.random.lognormvariate(0, 0.3)
        self._now += timedelta(seconds=taken)
        self._seconds += taken
        return taken

    def _read(self, today: Today, piece: Piece) -> None:
        course = today.syllabus.by_id[piece.article]
        section = next(each for each in course.sections if each.anchor == piece.anchor)
        taken = self._taken(self._guess.section(section))
        name = section_id(piece.article, section.anchor)
        self._record(ReadingPlace(piece.article, section.line, 0.5))
        self._record(Spent(name, "read", taken))
        self._record(SectionRead(name))

    # Answering -------------------------------------------------------------------------------

    def _session(self, cards: tuple[str, ...]) -> ReviewSession:
        return ReviewSession(self.desk.ledger, self._records, self._now, only=cards)

    def _answer(self, today: Today, piece: Piece) -> None:
        session = self._session(piece.cards)
        waiting = list(piece.cards)
        before = ""
        asked = 0
        while (shown := session.next(self._now)) is not None:
            self._note_order(today, piece, shown, before, waiting)
            if shown.record.card in waiting:
                # What failed and comes again has no place in the order.
                waiting.remove(shown.record.card)
                before = today.syllabus.places[shown.record.card].article
            grade = self._grade(shown, Activity.ANSWER)
            kind = today.syllabus.places[shown.record.card].task.kind
            seconds = self._guess.card(kind, first=shown.is_new)
            taken = self._taken(seconds * (FAILED if grade is Rating.AGAIN else 1.0))
            session.grade(grade, self._now, taken)
            asked += 1
        assert asked, f"nothing of {piece} was asked"

    def _note_order(
        self, today: Today, piece: Piece, shown: Shown, before: str, waiting: list[str]
    ) -> None:
        place = today.syllabus.places[shown.record.card]
        if not piece.fresh and before and shown.record.card in waiting:
            others = {today.syllabus.places[card].article for card in waiting} - {before}
            self.lived.in_a_row += place.article == before and bool(others)
            self.lived.mixed += 1
        if shown.is_new and not self._was_read(today, place.article, shown.record.card):
            self.lived.too_early.append(shown.record.card)

    def _was_read(self, today: Today, article: str, card: str) -> bool:
        course = today.syllabus.by_id[article]
        section: Section = next(
            each for each in course.sections if any(card in task.ids for task in each.tasks)
        )
        return section.back_matter or today.history.has_read(article, section)

    def _grade(self, shown: Shown, activity: Activity) -> Rating:
        """Grade it, as the learner's own memory has it, and let that memory go on from it."""
        day, card = self.desk.ledger.days.day(self._now), shown.record.card
        model = self.desk.ledger.scheduler.model
        if card not in self._memory:
            grade = self.random.choices(tuple(Rating), FIRST[activity])[0]
            stability, difficulty = model.first(grade)
            stability *= self.random.lognormvariate(0, UNEVEN)
            self._memory[card] = (stability, difficulty, day)
            return grade
        stability, difficulty, last = self._memory[card]
        chance = model.retrievability(stability, day - last) if day > last else SAME_DAY
        hit = self.random.random() < chance
        if shown.state.phase == Phase.REVIEW and day > last:
            expected = self.desk.ledger.scheduler.retrievability(shown.state, day)
            recalled = Recalled(self._day, hit, chance, expected, day - shown.state.due_day)
            (self.lived.deep if shown.record.deep else self.lived.cards).append(recalled)
        passing = (Rating.HARD, Rating.GOOD, Rating.EASY)
        grade = self.random.choices(passing, PASSING)[0] if hit else Rating.AGAIN
        self._memory[card] = (*model.next(stability, difficulty, day - last, grade), day)
        return grade

    # Deriving and coding ---------------------------------------------------------------------

    def _work(self, today: Today, piece: Piece) -> None:
        (name,) = piece.cards
        session = self._session((name,))
        shown = session.next(self._now)
        assert shown is not None, f"{name} is not asked"
        if piece.fresh and not self._was_read(today, piece.article, name):
            self.lived.too_early.append(name)
        stage = piece.stage
        assert stage is not None
        is_rehearsal = not stage.is_scheduled
        grade = self._rehearsed(stage) if is_rehearsal else self._grade(shown, piece.activity)
        taken = self._taken(piece.seconds / self._own(today, piece))
        done, hints = grade is not Rating.AGAIN, int(grade is Rating.HARD)
        if piece.activity is Activity.DERIVE:
            self._record(Derived(name, "", True, hints, int(not done), 0, int(stage), taken))
        else:
            self._record(Exercised(name, "", done, 1, hints, int(not done), taken, int(stage)))
        if is_rehearsal:
            session.bury(self._now)
        else:
            session.grade(grade, self._now, 0.0)

    def _own(self, today: Today, piece: Piece) -> float:
        """The factor by which the plan has learnt the learner's pace: taken out again."""
        return today.history.times.of(piece.activity, 1.0)

    def _rehearsed(self, stage: Stage | Rung) -> Rating:
        if not stage:
            return Rating.GOOD  # there is nothing to fail in what is watched
        return self.random.choices((Rating.AGAIN, Rating.HARD, Rating.GOOD), (0.1, 0.2, 0.7))[0]
