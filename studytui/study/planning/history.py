"""What the journal tells a plan: time spent, what was read, run, derived and written, and when.

Old journals have no sections and no seconds: an article that was read to its end counts as read
with all its sections, and what was never measured takes as long as is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studytui.library.activity import Activity
from studytui.library.outline import Section, Task, section_id
from studytui.settings import LONGEST_DEEP
from studytui.store.events import (
    Derived,
    Event,
    Exercised,
    MoreToday,
    PlanSet,
    Practice,
    Review,
    SectionRead,
    SnippetRun,
    Spent,
)
from studytui.store.spans import on_days, study_days
from studytui.study.fading import (
    Rung,
    Stage,
    first_rung,
    first_stage,
    rung_after,
    stage_after,
)
from studytui.study.planning.timing import (
    FIRST_DERIVATION,
    RUN,
    Times,
    card_guess,
    code_guess,
    derivation_guess,
    factors_from,
    missing_lines,
)
from studytui.study.sections import articles_placed, articles_read, sections_read

if TYPE_CHECKING:
    from studytui.library.entry import Entry
    from studytui.store.journal import Journal

WINDOW = 60
"""Study days whose measurements count."""
_TIMED = (Review.kind, Practice.kind, Spent.kind, Derived.kind, Exercised.kind)
_STUDY = (*_TIMED, SectionRead.kind, SnippetRun.kind)


@dataclass(frozen=True, slots=True)
class Worked:
    """The work on one derivation or exercise: ``passes`` are the days of unaided passes.

    Only those from an empty page count. ``last_day`` is 0 where there was none yet; ``is_met``
    once it was worked as far up as the schedule counts.
    """

    last_day: int = 0
    first_day: int = 0
    stage: Stage = Stage.LAST_KEY
    rung: Rung = Rung.LAST_LINE
    passes: tuple[int, ...] = ()
    is_met: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """All that a plan needs of the journal, as of study day ``day``.

    ``spent`` is seconds of the day by activity; ``extra`` minutes that the reader added today;
    ``first_day`` and ``last_day`` are the first and the last study day before today, 0 for none.
    """

    day: int
    spent: Mapping[Activity, float] = field(default_factory=dict)
    extra: int = 0
    first_day: int = 0
    last_day: int = 0
    sections: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    placed: frozenset[str] = frozenset()
    run: frozenset[str] = frozenset()
    touched: Mapping[str, int] = field(default_factory=dict)
    worked: Mapping[str, Worked] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    """What stands in articles that were placed."""
    times: Times = field(default_factory=Times)
    plan: PlanSet | None = None

    @property
    def seconds_today(self) -> float:
        """Of all activities."""
        return sum(self.spent.values())

    def work_on(self, name: str) -> Worked:
        """The work on a derivation or exercise, also where there was none yet."""
        known = name in self.known
        return self.worked.get(name) or Worked(
            stage=first_stage(known=known), rung=first_rung(known=known)
        )

    def has_read(self, article: str, section: Section) -> bool:
        """Whether a section was read, by itself or with its article, or need not be."""
        whole = article in self.articles or article in self.placed
        return whole or section_id(article, section.anchor) in self.sections


def read_history(journal: Journal, entries: Sequence[Entry], day: int) -> History:
    """Read the journal as of study day ``day``. Raises StoreError.

    ``entries`` tell of which kind a card is, and in which article a section, card ... stands.
    """
    with journal.reading():
        recent = on_days(journal, day - WINDOW, day, (*_STUDY, MoreToday.kind))
        first, last = study_days(journal, day, _STUDY)
        works = list(journal.events(kinds=(Derived.kind, Exercised.kind)))
        plans = journal.latest(PlanSet.kind).values()
        sections = sections_read(journal)
        runs = journal.latest(SnippetRun.kind)
        read, placed = articles_read(journal), articles_placed(journal)
    tasks = {name: task for each in entries for task in _tasks(each) for name in task.ids}
    home = {name: each.id for each in entries for task in _tasks(each) for name in task.ids}
    outlines = {
        section_id(each.id, section.anchor): section for each in entries for section in each.outline
    }
    known = frozenset(name for name, article in home.items() if article in placed)
    today = [event for event in recent if event.moment.day == day]
    return History(
        day=day,
        spent=_spent(today, tasks),
        extra=sum(e.body.minutes for e in today if isinstance(e.body, MoreToday)),
        first_day=first,
        last_day=last,
        sections=sections,
        articles=read,
        placed=placed,
        run=frozenset(runs),
        touched=_touched(recent, home),
        worked=_worked(works, known),
        known=known,
        times=Times(factors_from(_measured(recent, tasks, outlines))),
        plan=next((e.body for e in reversed(list(plans)) if isinstance(e.body, PlanSet)), None),
    )


def _tasks(entry: Entry) -> Iterator[Task]:
    return (task for section in entry.outline for task in section.tasks)


def _spent(events: Iterable[Event], tasks: Mapping[str, Task]) -> dict[Activity, float]:
    """Seconds by activity."""
    spent = dict.fromkeys(Activity, 0.0)
    for event in events:
        body = event.body
        match body:
            case Review() | Practice():
                task = tasks.get(body.card)
                activity = task.activity if task else Activity.ANSWER
                spent[activity] += body.duration_ms / 1000
            case Spent(activity=name) if name in set(Activity):
                spent[Activity(name)] += body.seconds
            case Derived():
                spent[Activity.DERIVE] += min(body.seconds, LONGEST_DEEP)
            case Exercised():
                spent[Activity.CODE] += min(body.seconds, LONGEST_DEEP)
            case _:
                pass
    return spent


def _touched(events: Iterable[Event], home: Mapping[str, str]) -> dict[str, int]:
    """The place in time of the last thing done in each article, for articles of late."""
    touched: dict[str, int] = {}
    for event in events:
        match event.body:
            case SectionRead(section=name) | Spent(subject=name, activity="read"):
                article = name.partition("#")[0]
            case Derived(derivation=name) | Exercised(exercise=name):
                article = home.get(name, "")
            case _:
                continue
        if article:
            touched[article] = event.order_ms
    return touched


def _worked(events: Iterable[Event], known: frozenset[str]) -> dict[str, Worked]:
    by_id: dict[str, list[Event]] = {}
    for event in events:
        if isinstance(event.body, Derived):
            by_id.setdefault(event.body.derivation, []).append(event)
        elif isinstance(event.body, Exercised):
            by_id.setdefault(event.body.exercise, []).append(event)
    return {
        name: Worked(
            last_day=each[-1].moment.day,
            first_day=each[0].moment.day,
            stage=stage_after(each, first_stage(known=name in known)),
            rung=rung_after(each, first_rung(known=name in known)),
            passes=tuple(event.moment.day for event in each if _is_unaided(event)),
            is_met=any(map(_is_from_memory, each)),
        )
        for name, each in by_id.items()
    }


def _is_unaided(event: Event) -> bool:
    match event.body:
        case Derived(done=True, hints=0, shown=0) as body:
            return body.stage >= Stage.EMPTY
        case Exercised(passed=True, hints=0, shown=0) as body:
            return body.rung >= Rung.EMPTY
        case _:
            return False


def _is_from_memory(event: Event) -> bool:
    """Whether it was worked with no more on the page than the schedule allows."""
    match event.body:
        case Derived(stage=stage):
            return Stage(stage).is_scheduled
        case Exercised(rung=rung):
            return Rung(rung).is_scheduled
        case _:
            return False


def _measured(
    events: Iterable[Event], tasks: Mapping[str, Task], sections: Mapping[str, Section]
) -> Iterator[tuple[str, float, float]]:
    """Kind, seconds and first guess of all that was measured to its end."""
    reading: dict[str, float] = {}
    running: dict[str, float] = {}
    for event in events:
        body = event.body
        match body:
            case Review(duration_ms=taken) if taken and body.card in tasks:
                task = tasks[body.card]
                if task.activity is Activity.ANSWER:
                    yield task.kind, taken / 1000, card_guess(task.kind)
            case Spent(activity=Activity.READ):
                reading[body.subject] = reading.get(body.subject, 0.0) + body.seconds
            case Spent(activity=Activity.RUN):
                running[body.subject] = running.get(body.subject, 0.0) + body.seconds
            case Derived(seconds=taken, done=True) if taken and body.derivation in tasks:
                missing = missing_lines(tasks[body.derivation], Stage(body.stage))
                first = FIRST_DERIVATION if body.stage == Stage.LAST_KEY else 1.0
                guess = first * derivation_guess(missing)
                yield Activity.DERIVE, min(taken, LONGEST_DEEP), guess
            case Exercised(seconds=taken, passed=True) if taken:
                yield Activity.CODE, min(taken, LONGEST_DEEP), code_guess(Rung(body.rung))
            case SectionRead(done=True) if body.section in sections:
                section = sections[body.section]
                taken = reading.get(body.section, 0.0)
                if taken:
                    yield Activity.READ, taken, float(section.seconds)
            case _:
                pass
    for seconds in running.values():
        yield Activity.RUN, seconds, RUN
