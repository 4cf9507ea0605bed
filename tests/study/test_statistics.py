"""Statistics, fitting and simulation over a real journal and the shipped library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from studytui.errors import StudyError
from studytui.memory.rating import Rating
from studytui.memory.simulation import Habits, Item, simulate, virtual_grade
from studytui.memory.statistics import Age
from studytui.paths import Directories
from studytui.settings import DaySettings, ReviewSettings, Settings
from studytui.store.events import Undo
from studytui.study.desk import Desk, is_term
from studytui.study.pages import fit_page, statistics_page, workload_page
from studytui.study.review import ReviewSession
from studytui.study.statistics import (
    as_settings,
    fit_parameters,
    simulated_workload,
    statistics,
)
from tests.shared import refreshed

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    with Desk(where, Settings(days=DaySettings(time_zone="UTC"))) as desk:
        yield refreshed(desk)


def study(desk: Desk, cards: int, days: int, seed: int = 1) -> datetime:
    """Cards reviewed when they are due, recalled nine times in ten."""
    random = Random(seed)
    names = [record.card for record in desk.records()][:cards]
    for day in range(days):
        now = START + timedelta(days=day)
        today = desk.ledger.days.day(now)
        for card in names:
            state = desk.ledger.state(card)
            if state.reps == 0 or state.due_day <= today:
                grade = 3 if random.random() < 0.9 else 1
                desk.ledger.grade(card, Rating(grade), now, retention=0.9, factor=None)
                now += timedelta(seconds=20)
    return START + timedelta(days=days)


def test_statistics_count_what_was_done(desk: Desk) -> None:
    now = study(desk, cards=30, days=60)
    found = statistics(desk, now)
    journal = desk.ledger.journal
    assert found.reviews == journal.count()
    assert sum(map(sum, found.heat)) + sum(row.count(-1) for row in found.heat) == found.reviews
    assert sum(found.phases.values()) == 30
    assert found.calibration is not None
    recalled = found.ever[Age.YOUNG].total + found.ever[Age.MATURE].total
    assert recalled == sum(each.share.total for each in found.calibration.bins)
    assert sum(each.seen for each in found.mastery) == 30
    page = "\n".join(statistics_page(found))
    assert f"{found.reviews} reviews on {found.days} days" in page
    assert "Calibration" in page


def test_what_was_undone_does_not_count(desk: Desk) -> None:
    now = study(desk, cards=1, days=1)
    event = next(iter(desk.ledger.journal.events()))
    desk.ledger.journal.append(Undo(event.body.card, event.id), event.moment)  # type: ignore[union-attr]
    assert statistics(desk, now).reviews == 0


def test_one_review_on_one_day_is_told_as_one(desk: Desk) -> None:
    page = "\n".join(statistics_page(statistics(desk, study(desk, cards=1, days=1))))
    assert "1 review on 1 day;" in page


def test_an_empty_journal_has_an_empty_page(desk: Desk) -> None:
    page = "\n".join(statistics_page(statistics(desk, START)))
    assert "No reviews yet" in page
    assert "Nothing." in page


def test_fitting_needs_history_and_says_so(desk: Desk) -> None:
    study(desk, cards=5, days=5)
    with pytest.raises(StudyError, match="too little history"):
        fit_parameters(desk)


def test_fitting_ends_in_lines_for_the_settings(desk: Desk) -> None:
    study(desk, cards=70, days=420)
    found = fit_parameters(desk)
    assert found.after.log_loss <= found.before.log_loss
    assert as_settings(found.new).count(",") == 20
    assert any("log loss" in line for line in fit_page(found))


def test_a_simulated_year_is_a_table_and_a_curve(desk: Desk) -> None:
    lines = workload_page(simulated_workload(desk, START, cards=60))
    assert lines[0].split() == [
        "retention",
        "reviews/day",
        "minutes/day",
        "hardest",
        "week",
        "remembered",
    ]
    assert any("•" in line for line in lines)


def test_the_simulation_agrees_with_a_month_lived_through_the_real_review(desk: Desk) -> None:
    """Both with the same habits; the lived one goes through queue, grades and journal."""
    cards = [record for record in desk.records() if not is_term(record.card)][:60]
    ready = [replace(record, note=record.card, ready=True) for record in cards]
    habits, days, per_day = Habits(), 30, 4
    seconds = 0.0
    random = Random(3)
    desk.settings = desk.ledger.settings = replace(
        desk.settings, review=ReviewSettings(new_per_day=per_day)
    )
    for day in range(days):
        now = START + timedelta(days=day)
        session = ReviewSession(desk.ledger, ready, now)
        while (shown := session.next(now)) is not None or session.next_due() is not None:
            if shown is None:
                now += timedelta(minutes=10)
                continue
            today = desk.ledger.days.day(now)
            grade = virtual_grade(shown.state, desk.ledger.scheduler, today, habits, random)
            item = 26.0 if shown.is_new else 20.0
            taken = item * (habits.failed_factor if grade == 1 else 1.0)
            now += timedelta(seconds=taken)
            session.grade(grade, now)
            seconds += taken
    predicted = [
        simulate(
            [Item(20.0, 26.0)] * 60,
            desk.ledger.scheduler,
            new_per_day=per_day,
            days=days,
            retentions=(0.9,),
            seed=seed,
        )[0].minutes
        for seed in range(5)
    ]
    assert seconds / 60 / days == pytest.approx(sum(predicted) / 5, rel=0.15)
