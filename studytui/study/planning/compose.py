"""A day put together within its minutes: recall first, then one article is carried forward. Pure.

Nothing is ever owed: whatever was missed, a day is made of what is due and open now, and is as
long as any other. A new article opens only where the recall that is to come leaves room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from studytui.library.activity import Activity
from studytui.store.states import CardState
from studytui.study.planning.due import Due, apart, coming, due_items, within
from studytui.study.planning.history import History
from studytui.study.planning.mastery import Recall, mastery_of
from studytui.study.planning.pieces import Piece, steps, work_piece
from studytui.study.planning.standing import Standing
from studytui.study.planning.syllabus import Course, Syllabus

FULL, OVER, UNDER = 0.97, 1.1, 0.55
"""Shares of the budget: from the first a day is over; a piece that would pass the second is not
begun, unless less than the third is done."""
MOST_RECALL = 0.8
"""Share of a day that the recall of cards may take where much is due: what waits is forgotten. The
rest is for what is deep, which waits as well."""
ABSENCE = 7
"""Days without study that are an absence."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Budget:
    """What the reader gives: ``seconds`` a day, of which recall takes ``share``.

    At most ``deep`` due derivations and exercises a day.
    """

    seconds: float
    share: float = 0.5
    deep: int = 2


@dataclass(frozen=True, slots=True)
class Day:
    """What is left of a day. ``done`` and ``budget`` are seconds, ``waiting`` those of all that is
    due, which are ``due`` things; ``away`` counts the days without study before it. ``open`` is the
    article that is carried forward, begun today if it ``opens``.
    """

    pieces: tuple[Piece, ...]
    done: float
    budget: float
    waiting: float = 0.0
    due: int = 0
    away: int = 0
    open: str = ""
    opens: bool = False

    @property
    def seconds(self) -> float:
        """Of all that is left."""
        return sum(piece.seconds for piece in self.pieces)


def compose(
    syllabus: Syllabus,
    states: Mapping[str, CardState],
    history: History,
    budget: Budget,
    recall: Recall,
    note_of: Callable[[str], str] = str,
) -> Day:
    """The rest of the day of the history.

    Args:
        syllabus: What there is to be learnt.
        states: Of all cards that are not new.
        history: What the journal tells.
        budget: Of a day; what the reader added today comes on top.
        recall: Probability of recall of a state on a day.
        note_of: What siblings share: one of them a day is enough.
    """
    budget = replace(budget, seconds=budget.seconds + 60.0 * history.extra)
    due = due_items(syllabus, states, history, recall, note_of)
    return _Composer(syllabus, states, history, budget, recall).day(due)


class _Composer:
    """One day in the making: ``_used`` is what was done and what is planned so far, in seconds."""

    def __init__(
        self,
        syllabus: Syllabus,
        states: Mapping[str, CardState],
        history: History,
        budget: Budget,
        recall: Recall,
    ) -> None:
        self._syllabus = syllabus
        self._states = states
        self._history = history
        self._budget = budget
        self._chance = recall
        self._used = history.seconds_today
        self._pieces: list[Piece] = []

    def day(self, due: Sequence[Due]) -> Day:
        """Recall, what is deep, the open article, and then what fills the rest."""
        history, budget = self._history, self._budget
        waiting = sum(each.seconds for each in due)
        away = history.day - history.last_day - 1 if history.last_day else 0
        is_back = away >= ABSENCE and waiting > 2 * budget.share * budget.seconds
        course = self._open_course()
        rest = self._recall(due, course)
        deep = self._deep(due)
        opens = False
        if course is not None:
            self._carry(course)
        elif not is_back and self._may_open(rest, deep, waiting):
            course, opens = self._next_course(), True
        if opens and course is not None:
            self._carry(course)
        asked = within(rest, self._left)
        self._ask(asked)
        for each in deep:
            self._work(each)
        is_done = len(asked) == len(rest) and len(deep) <= self._most_deep
        if course is None and is_done and not self._is_nearly_full:
            # All that is due is done, and there is time: an empty evening helps nobody.
            course, opens = self._next_course(), True
            if course is not None:
                self._carry(course)
        return Day(
            tuple(self._pieces),
            history.seconds_today,
            budget.seconds,
            waiting,
            len(due),
            away,
            course.id if course else "",
            opens and course is not None,
        )

    # Time ------------------------------------------------------------------------------------

    @property
    def _left(self) -> float:
        return max(0.0, self._budget.seconds - self._used)

    @property
    def _is_nearly_full(self) -> bool:
        return self._used >= 0.85 * self._budget.seconds

    def _add(self, piece: Piece) -> bool:
        """Take a piece into the day where it fits."""
        whole = self._budget.seconds
        is_short = self._used + piece.seconds <= OVER * whole or self._used < UNDER * whole
        if self._used >= FULL * whole or not is_short:
            return False
        self._pieces.append(piece)
        self._used += piece.seconds
        return True

    # What is due -----------------------------------------------------------------------------

    def _recall(self, due: Sequence[Due], course: Course | None) -> list[Due]:
        """Ask cards, up to the most that a day may give to recall; those that are left.

        First what the open article needs, then what loses most by waiting: of what was forgotten
        long ago a further day takes little, of what is new a day takes much. What is due comes
        before all that is new: the usual share of recall bounds what is opened, not what is kept.
        """
        first = set(course.needs) if course else set()
        cards = [each for each in due if each.task.activity is Activity.ANSWER]
        ordered = apart(sorted(cards, key=lambda e: (e.article not in first, -e.loss, e.card)))
        spent = self._history.spent.get(Activity.ANSWER, 0.0)
        room = MOST_RECALL * self._budget.seconds - spent
        taken = within(ordered, min(room, self._left))
        self._ask(taken)
        return ordered[len(taken) :]

    def _ask(self, cards: Sequence[Due]) -> None:
        if not cards:
            return
        articles = {each.article for each in cards}
        article = cards[0].article if len(articles) == 1 else ""
        piece = Piece(
            Activity.ANSWER,
            article,
            self._title(article),
            sum(each.seconds for each in cards),
            tuple(each.card for each in cards),
            len(articles),
        )
        self._pieces.append(piece)
        self._used += piece.seconds

    def _deep(self, due: Sequence[Due]) -> list[Due]:
        """A few derivations and exercises, the weakest first; those that are left.

        Those that are recalled and those that are rehearsed are counted by themselves: what is new
        would never get as far as to be scheduled beside much that is due.
        """
        history, left = self._history, []
        works = [w for w in history.worked.values() if w.last_day == history.day]
        deep = [each for each in due if each.task.activity is not Activity.ANSWER]
        for rehearsed in (False, True):
            again = [w for w in works if w.first_day < w.last_day and w.is_met is not rehearsed]
            kind = [each for each in deep if each.rehearsed is rehearsed]
            # Where more of them wait than in two days can be done, each day does one more.
            most = self._budget.deep + (len(kind) + len(again) > self._most_deep)
            room = max(0, most - len(again))
            left += [each for n, each in enumerate(kind) if n >= room or not self._work(each)]
        return left

    def _work(self, due: Due) -> bool:
        return self._add(work_piece(due.article, self._title(due.article), due.task, self._history))

    def _title(self, article: str) -> str:
        course = self._syllabus.by_id.get(article)
        return course.title if course else article

    # The open article ------------------------------------------------------------------------

    def _open_course(self) -> Course | None:
        """The article that was begun and has something left; of several the latest."""
        touched = self._history.touched
        begun = [course for course in self._syllabus.courses if self._is_open(course)]
        return max(begun, key=lambda course: touched.get(course.id, 0), default=None)

    def _is_open(self, course: Course) -> bool:
        history = self._history
        if course.id in history.placed:
            return False
        is_begun = course.id in history.touched or any(
            history.has_read(course.id, section) for section in course.sections
        )
        return is_begun and next(steps(course, self._states, history), None) is not None

    def _next_course(self) -> Course | None:
        """The first of the goal that is new, and whose needs were worked."""
        standing = {
            course.id: mastery_of(course, self._states, self._history, self._chance).standing
            for course in self._syllabus.courses
        }
        for course in self._syllabus.courses:
            # What is no part of the goal holds nobody up.
            needs = (standing.get(need, Standing.OWNED) for need in course.needs)
            # What was thought known and is not has cards that were met, and was never opened.
            is_new = standing[course.id] <= Standing.BEGUN and not self._is_open(course)
            is_new = is_new and next(steps(course, self._states, self._history), None) is not None
            if is_new and all(need >= Standing.WORKED for need in needs):
                return course
        return None

    @property
    def _most_deep(self) -> int:
        """Due derivations and exercises beside which an article may be opened: two days of them."""
        return 2 * self._budget.deep

    def _may_open(self, rest: Sequence[Due], deep: Sequence[Due], waiting: float) -> bool:
        """Whether the recall of the next week, with that of a new article, leaves room for it."""
        course, room = self._next_course(), self._budget.share * self._budget.seconds
        left = sum(each.seconds for each in rest)
        if course is None or left > room / 2 or len(deep) > self._most_deep:
            return False
        times = self._history.times
        new = sum(times.recall(task) * len(task.ids) for task in course.tasks)
        week = coming(self._syllabus, self._states, self._history, WEEK)
        return (waiting + week + new) / WEEK <= room

    def _carry(self, course: Course) -> None:
        """The next steps of an article, as far as there is time.

        A step that is too long for today lets a later one before it, where that may be: reading
        keeps its order, and nothing is asked whose section is not read by then.
        """
        read: set[str] = set()
        is_reading = True
        for piece in steps(course, self._states, self._history):
            if piece.activity is Activity.READ:
                is_reading = is_reading and self._add(piece)
                read |= {piece.anchor or "#"} if is_reading else set()
            elif not piece.anchor or piece.anchor in read:
                self._add(piece)
