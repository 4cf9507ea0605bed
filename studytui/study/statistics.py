"""Statistics, fitting and simulation on the reader's own journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from studytui.errors import StudyError
from studytui.library.activity import Activity
from studytui.memory.fitting import Fit
from studytui.memory.history import recalls, walk
from studytui.memory.replay import in_force
from studytui.memory.simulation import Item, Workload, simulate
from studytui.memory.statistics import (
    Age,
    Calibration,
    Mastery,
    Recall,
    Share,
    calibration,
    forecast,
    heat_map,
    mastery,
    streak,
    true_retention,
)
from studytui.store.journal import ReviewRow
from studytui.store.states import Phase
from studytui.study.desk import Desk, is_term
from studytui.study.mistakes import mistakes_made
from studytui.study.planning.history import read_history

FORECAST_DAYS = 35
HEAT_WEEKS = 26
RECENT = timedelta(days=30)
Progress = Callable[[int], None]
Simulated = Callable[[int, int], None]
PLAIN = Item(20.0, 26.0)
"""A card of a library that has none."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Everything that the statistics show, as of the study day ``today``."""

    today: date
    reviews: int
    days: int
    streak: int
    due: tuple[int, ...]
    heat: tuple[tuple[int, ...], ...]
    recent: dict[Age, Share]
    ever: dict[Age, Share]
    calibration: Calibration | None
    mastery: tuple[Mastery, ...]
    phases: dict[str, int]
    mistakes: tuple[tuple[str, int], ...] = ()
    """Names of the classical mistakes made, with how often each."""


def statistics(desk: Desk, now: datetime, progress: Progress | None = None) -> Statistics:
    """Read the whole journal; ``progress`` is told the cards done, now and then."""
    ledger = desk.ledger
    today = date.fromordinal(ledger.days.day(now))
    counts: Counter[date] = Counter()
    found: list[Recall] = []
    for number, rows in enumerate(_rows_by_card(desk)):
        taken = list(walk(rows, ledger.scheduler))
        counts.update(date.fromordinal(each.day) for each in taken)
        found += recalls(taken, ledger.scheduler)
        if progress is not None and number % 1000 == 0:
            progress(number)
    with ledger.journal.reading():
        states = dict(ledger.journal.states.all())
    due = [
        date.fromordinal(state.due_day)
        for state in states.values()
        if not state.suspended and state.phase != Phase.NEW and state.due_day
    ]
    known = tuple(
        mastery(
            entry.id,
            (
                ledger.scheduler.retrievability(states[card], today.toordinal())
                if card in states and states[card].reps
                else None
                for card in desk.library.scheduled(entry)
            ),
            entry.needs,
        )
        for entry in desk.library.entries
    )
    phases = Counter(Phase(state.phase).name.lower() for state in states.values() if state.reps)
    return Statistics(
        today=today,
        reviews=counts.total(),
        days=len(counts),
        streak=streak(counts, today),
        due=forecast(due, today, FORECAST_DAYS),
        heat=heat_map(counts, today, HEAT_WEEKS),
        recent=true_retention(found, since=today - RECENT),
        ever=true_retention(found),
        calibration=calibration(found),
        mastery=known,
        phases=dict(phases),
        mistakes=mistakes_made(ledger.journal),
    )


def _rows_by_card(desk: Desk) -> Iterator[list[ReviewRow]]:
    for _, rows in groupby(desk.ledger.journal.replay_rows(), key=itemgetter(0)):
        yield list(rows)


def fit_parameters(desk: Desk) -> Fit:
    """Fit FSRS to the reader's history, against the parameters in use. Raises StudyError."""
    from studytui.memory.fitting import fit

    histories = {}
    for rows in _rows_by_card(desk):
        reviews = [(row[5], row[4]) for row in in_force(rows) if row[1] == "review"]
        histories[rows[0][0]] = [(grade, day) for grade, day in reviews if grade is not None]
    settings = desk.settings.memory
    return fit(histories, settings.parameters, steps=len(settings.relearning_steps))


def as_settings(parameters: tuple[float, ...]) -> str:
    """The lines for the settings file that make ``parameters`` the ones in use."""
    numbers = ", ".join(f"{value:.4f}" for value in parameters)
    return f"[memory]\nparameters = [{numbers}]\n"


def simulated_workload(
    desk: Desk, now: datetime, cards: int = 0, progress: Simulated | None = None
) -> tuple[Workload, ...]:
    """A simulated year for every desired retention; ``cards`` 0 takes all of the library.

    Everything that comes back counts with the reader's own times: cards, derivations, exercises,
    and, where they are met, what is to be read and run before. ``progress`` hears how many
    retentions of how many are done.
    """
    items = _items(desk, now)
    if cards:
        items = [items[place % len(items)] for place in range(cards)] if items else [PLAIN] * cards
    if not items:
        raise StudyError("there are no cards to simulate", todo="Name a number: --cards 500")
    per_day = max(1, desk.settings.review.new_per_day)
    return simulate(items, desk.ledger.scheduler, new_per_day=per_day, progress=progress)


def _items(desk: Desk, now: datetime) -> list[Item]:
    """What comes back, in the order of the text; what stands before it counts with the first."""
    ledger = desk.ledger
    entries, own = desk.library.by_hand
    times = read_history(ledger.journal, (*own, *entries), ledger.days.day(now)).times
    items: list[Item] = []
    for entry in entries:
        before = 0.0
        for section in entry.outline:
            before += times.section(section)
            for task in section.tasks:
                if task.activity is Activity.RUN:
                    before += times.run()
                    continue
                first = times.first(task) / len(task.ids)
                for _ in task.ids:
                    items.append(Item(times.recall(task), first + before))
                    before = 0.0
        if desk.settings.review.terms:
            terms = sum(map(is_term, entry.card_ids))
            items += [Item(times.card("term"), times.card("term", first=True))] * terms
    return items
