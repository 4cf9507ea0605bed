"""The plan follows from the journal alone: two machines that share one have the same day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.library.activity import Activity
from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.settings import DaySettings, PlanSettings, Settings
from studytui.store.events import (
    ArticleRead,
    Body,
    Derived,
    Exercised,
    Placed,
    SectionRead,
    SnippetRun,
    Spent,
)
from studytui.study.desk import Desk
from studytui.study.planning.forecast import loads_of
from studytui.study.planning.history import read_history
from studytui.study.planning.standing import Standing
from studytui.study.planning.syllabus import syllabus_of
from studytui.study.planning.today import more_today, outlook, plan_today, set_plan
from studytui.study.review import ReviewSession
from tests.left_open import closed_behind
from tests.shared import refreshed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ARTICLE = "linear-attention"


def desk_in(folder: Path) -> Desk:
    where = Directories(folder / "data", folder / "config", folder / "cache")
    plan = PlanSettings(goal=("attention",))
    settings = Settings(days=DaySettings(time_zone="UTC"), plan=plan)
    return refreshed(closed_behind(Desk(where, settings)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path / "one") as desk:
        yield desk


def live(desk: Desk, *bodies: Body, at: datetime = NOON) -> None:
    for body in bodies:
        desk.ledger.record(body, at)


def test_two_machines_have_the_same_day_after_a_merge(desk: Desk, tmp_path: Path) -> None:
    sections = desk.library.entry(ARTICLE).outline
    asking = next(s for s in sections if any(t.activity is Activity.ANSWER for t in s.tasks))
    live(desk, SectionRead(f"{ARTICLE}#{asking.anchor}"), Spent(f"{ARTICLE}#", "read", 100.0))
    card = next(record.card for record in desk.records() if record.ready)
    session = ReviewSession(desk.ledger, desk.records(), NOON, only=[card, "no-such-card"])
    assert session.next(NOON) is not None
    session.grade(Rating.GOOD, NOON, 12.0)
    set_plan(desk, NOON, minutes=40)
    more_today(desk, NOON)
    with desk_in(tmp_path / "two") as other:
        other.ledger.merge(desk.ledger.journal.events())
        one, two = plan_today(desk, NOON), plan_today(other, NOON)
        assert one is not None
        assert one == two
        assert one.minutes == 50
        assert one.day.done == 112


def test_an_old_journal_without_seconds_and_sections_is_read(desk: Desk) -> None:
    live(desk, ArticleRead(ARTICLE), Derived("la-x", "", done=True))
    today = plan_today(desk, NOON)
    assert today is not None
    assert today.day.done == 0
    assert today.mastery[ARTICLE].read[0] == today.mastery[ARTICLE].read[1]
    assert today.history.times.factors == {}


def test_what_was_written_down_is_counted_once_by_activity(desk: Desk) -> None:
    (task,) = [
        task
        for section in desk.library.entry(ARTICLE).outline
        for task in section.tasks
        if task.activity is Activity.CODE
    ]
    live(
        desk,
        Spent(f"{ARTICLE}#", "read", 60.0),
        Spent("attention/linear", "run", 30.0),
        Derived("la-x", "", done=True, seconds=4000.0),
        Exercised(task.ids[0], "", passed=True, seconds=200.0),
        SnippetRun("attention/linear", "ok"),
        Spent("x", "an activity of tomorrow", 10.0),
    )
    history = read_history(desk.ledger.journal, desk.library.entries, _day(desk))
    assert history.spent[Activity.READ] == 60
    assert history.spent[Activity.RUN] == 30
    assert history.spent[Activity.DERIVE] == 900  # who is away for an hour does not derive
    assert history.spent[Activity.CODE] == 200
    assert history.run == {"attention/linear"}


def _day(desk: Desk, at: datetime = NOON) -> int:
    return desk.ledger.days.day(at)


def test_a_slow_reader_gets_longer_estimates(desk: Desk) -> None:
    sections = [each for each in desk.library.entry(ARTICLE).outline if not each.back_matter]
    for section in sections:
        name = f"{ARTICLE}#{section.anchor}"
        live(desk, Spent(name, "read", 2.0 * section.seconds), SectionRead(name))
    times = read_history(desk.ledger.journal, desk.library.entries, _day(desk)).times
    assert 1.6 < times.factors["read"] < 2.0


def test_a_goal_brings_what_it_needs_and_nothing_else(desk: Desk) -> None:
    found = syllabus_of(desk.library.entries, ("vqgan",))
    ids = [course.id for course in found.courses]
    assert ids[-1] == "vqgan"
    for course in found.courses:
        assert all(ids.index(need) < ids.index(course.id) for need in course.needs)
    assert len(ids) < 12
    assert "flash-attention" not in ids


def test_an_article_is_owned_by_three_legs_and_not_before(desk: Desk) -> None:
    live(desk, ArticleRead(ARTICLE))
    course = next(c for c in syllabus_of(desk.library.entries).courses if c.id == ARTICLE)
    cards = [name for task in course.of(Activity.ANSWER) for name in task.ids]

    def standing(at: datetime) -> Standing:
        today = plan_today(desk, at)
        assert today is not None
        return today.mastery[ARTICLE].standing

    assert standing(NOON) is Standing.READ
    for days in (0, 1, 10, 40):
        for card in cards:
            then = NOON + timedelta(days=days)
            desk.ledger.grade(card, Rating.EASY, then, retention=0.9, factor=None)
    later = NOON + timedelta(days=41)
    assert standing(later) is Standing.READ  # nothing was derived
    deep = [task.ids[0] for task in course.tasks if task.activity is Activity.DERIVE]
    (code,) = [task.ids[0] for task in course.tasks if task.activity is Activity.CODE]
    work: list[Body] = [
        *(Derived(name, "", done=True, stage=4) for name in deep),
        Exercised(code, "", True, rung=3),
    ]
    live(desk, *work, at=NOON + timedelta(days=1))
    assert standing(later) is Standing.WORKED
    live(desk, *work, at=NOON + timedelta(days=40))
    assert standing(later) is Standing.OWNED
    live(desk, Placed("performer", 2, 2, known=True), at=later)
    today = plan_today(desk, later)
    assert today is not None
    assert today.mastery["performer"].standing is Standing.WORKED


def test_more_minutes_end_sooner_and_ten_weeks_of_25_are_not_all_articles(desk: Desk) -> None:
    by_minutes = {minutes: outlook(desk, NOON, minutes, ()) for minutes in (25, 60)}
    short, long = by_minutes[25].forecast, by_minutes[60].forecast
    assert short.articles == long.articles == len(desk.library.entries) >= 40
    assert 6 <= short.by(70) <= 20
    assert short.by(70) < long.by(70)
    assert not short.ends or short.days > long.days
    assert long.days > 70
    assert by_minutes[60].needed == by_minutes[25].needed > 60


def test_a_higher_retention_carries_fewer_articles(desk: Desk) -> None:
    usual = loads_of(desk.settings)
    memory = replace(desk.settings.memory, desired_retention=0.95)
    strict = loads_of(replace(desk.settings, memory=memory))
    assert sum(strict.card[:70]) > 1.2 * sum(usual.card[:70])
    assert strict.deep == usual.deep
