"""A few questions skip what is known; what fails later is read after all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studytui.library.activity import Activity
from studytui.library.outline import Section, Task
from studytui.memory.rating import Rating
from studytui.paths import Directories
from studytui.settings import DaySettings, PlanSettings, Settings
from studytui.store.events import Placed
from studytui.study.desk import Desk
from studytui.study.fading import Rung, Stage, rung_of, stage_of
from studytui.study.placing import LATEST, keep_placement, placement
from studytui.study.plain.placement import place
from studytui.study.plain.terminal import Terminal
from studytui.study.planning.placement import MOST_QUESTIONS, Placement, probes_of
from studytui.study.planning.standing import Standing
from studytui.study.planning.syllabus import Course
from studytui.study.planning.today import more_today, plan_today
from tests.shared import refreshed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def course(name: str, *needs: str) -> Course:
    tasks = tuple(
        Task(Activity.ANSWER, (f"{name}-{n}",), "basic", 20, n, probe=n < 2) for n in range(3)
    )
    return Course(name, name, "track", needs, (Section("a", "A", 1, 100, tasks),))


CHAIN = [course("a0"), *(course(f"a{n}", f"a{n - 1}") for n in range(1, 7))]


def answered(found: Placement, knows: set[str]) -> int:
    while (card := found.next()) is not None:
        found.answer(card.partition("-")[0] in knows)
    return found.asked


def test_a_chain_is_halved() -> None:
    found = Placement(CHAIN)
    asked = answered(found, {"a0", "a1", "a2", "a3"})
    assert list(found.known) == ["a0", "a1", "a2", "a3"]
    assert asked <= 6


def test_who_knows_all_is_asked_little_and_who_knows_nothing_less() -> None:
    expert, novice = Placement(CHAIN), Placement([*CHAIN, course("b"), course("c"), course("d")])
    assert answered(expert, {each.id for each in CHAIN}) <= MOST_QUESTIONS
    assert set(expert.known) == {each.id for each in CHAIN}
    assert answered(novice, set()) <= 3
    assert novice.known == {}


def test_one_right_of_two_is_not_known() -> None:
    found = Placement([course("a")])
    assert found.next() == "a-0"
    found.answer(True)
    assert found.next() == "a-1"
    found.answer(False)
    assert (found.next(), found.known) == (None, {})


def test_what_was_begun_is_not_asked() -> None:
    assert Placement([course("a")], begun=["a"]).next() is None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    where = Directories(tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    plan = PlanSettings(goal=("vae",))
    with Desk(where, Settings(days=DaySettings(time_zone="UTC"), plan=plan)) as desk:
        yield refreshed(desk)


def test_what_is_known_comes_as_if_it_had_been_easy_and_what_fails_is_read(desk: Desk) -> None:
    found, syllabus = placement(desk, NOON)
    while found.next() is not None:
        found.answer(True)
    keep_placement(desk, found, syllabus, NOON)
    names = [each.id for each in syllabus.courses]
    assert list(found.known) == names
    assert len(desk.ledger.journal.latest(Placed.kind)) == len(names)
    today = plan_today(desk, NOON)
    assert today is not None
    assert (today.day.pieces, today.returned) == ((), ())
    assert {each.standing for each in today.mastery.values()} == {Standing.WORKED}
    vae = syllabus.by_id["vae"]
    probe = probes_of(vae.sections)[0]
    state = desk.ledger.state(probe)
    day = desk.ledger.days.day(NOON)
    assert day < state.due_day <= day + LATEST
    (derivation, *_) = (task.ids[0] for task in vae.of(Activity.DERIVE))
    (exercise,) = (task.ids[0] for task in vae.of(Activity.CODE))
    assert (stage_of(desk, derivation), rung_of(desk, exercise)) == (Stage.EMPTY, Rung.EMPTY)

    later = NOON + timedelta(days=LATEST)
    desk.ledger.grade(probe, Rating.AGAIN, later, retention=0.9, factor=None)
    more_today(desk, later, 600)  # what is due comes first
    today = plan_today(desk, later)
    assert today is not None
    assert today.returned == (vae.title,)
    assert today.mastery["vae"].standing is Standing.BEGUN
    assert (stage_of(desk, derivation), rung_of(desk, exercise)) == (1, 1)
    assert any(p.activity is Activity.READ and p.article == "vae" for p in today.day.pieces)


def test_in_lines_nothing_is_kept_before_one_says_so(desk: Desk) -> None:
    said: list[str] = []
    assert place(desk, Terminal(lambda prompt: "q", said.append, lambda: NOON)) == 0
    assert not desk.ledger.journal.latest(Placed.kind)
    assert place(desk, Terminal(lambda prompt: "", said.append, lambda: NOON)) == 0
    placed = desk.ledger.journal.latest(Placed.kind).values()
    assert {getattr(event.body, "known", None) for event in placed} == {False}
    assert said[-1] == "Everything is worth reading from its beginning."
